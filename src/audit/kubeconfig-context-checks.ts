import { expectedFailure } from '../base/index.ts';
import { parseServer } from '../kubeconfig/index.ts';
import { type Chain, clientDirection, serverDirection } from '../trust/index.ts';
import { nameFailure, parseRefusal, type Pool } from '../verify/index.ts';
import { parseCertificate } from '../x509/index.ts';
import { authorityOf, pairOf } from './kubeconfig-material.ts';
import type { ContextSubject } from './kubeconfig-subjects.ts';
import type { Check, World } from './types.ts';

export const contextChecks: readonly Check<ContextSubject>[] = [
  {
    id: 'certificate-stranger',
    severity: 'warning',
    remedy: 'look which cluster the certificate is for; some sign clients by an authority of their own (k3s)',
    find: ({ cluster, user }, world) => {
      const roots = cluster && authorityOf(cluster.cluster, world)?.anchors;
      const pair = user && pairOf(user.user, world)?.pair;
      if (roots?.kind !== 'anchors' || roots.pool.certificates.length === 0) return [];
      if (pair?.kind !== 'pair') return [];
      const { leaf } = pair.chain;
      // That it has ended is told by another check: this one asks for the time when it held.
      const at = Math.min(Math.max(world.at, leaf.notBefore), leaf.notAfter);
      const { error } = clientDirection(pair.chain, roots.pool, 'request', { at });
      return error?.includes('unknown authority') === true
        ? [
            {
              message: `the user's certificate is not signed by the cluster's authority: ${error}`,
              field: 'user',
            },
          ]
        : [];
    },
  },
  {
    id: 'server-untrusted',
    severity: 'error',
    remedy: "get the CA certificate from the cluster's administrator, by a way that nobody can change",
    find: (subject, world) => {
      const { chain, roots } = shownTo(subject, world) ?? {};
      if (typeof chain === 'string') {
        return [{ message: `tls: failed to parse certificate from server: ${chain}`, field: 'cluster' }];
      }
      // The name is the next check's.
      const error = chain && roots && serverDirection(chain, roots, '', { at: world.at }).error;
      return error === undefined ? [] : [{ message: error, field: 'cluster' }];
    },
  },
  {
    id: 'server-name',
    severity: 'error',
    remedy:
      'dial it by a name that its certificate has, say that name in tls-server-name, or issue it with this one',
    find: (subject, world) => {
      const { chain, name } = shownTo(subject, world) ?? {};
      const failure = typeof chain === 'object' && name !== undefined && nameFailure(chain.leaf, name);
      return failure
        ? [{ message: `tls: failed to verify certificate: ${failure.error}`, field: 'cluster' }]
        : [];
    },
  },
  {
    id: 'credential-refused',
    severity: 'error',
    remedy: 'see what its own log says; then have a certificate issued by the authority that it trusts',
    find: ({ name }, { seen }) => {
      const refused = seen(name)?.refused;
      return refused === undefined
        ? []
        : [{ message: `the server does not take the client's certificate: ${refused}`, field: 'user' }];
    },
  },
  {
    id: 'server-unseen',
    severity: 'warning',
    remedy: 'look whether it runs, and whether this machine reaches it',
    find: ({ name }, { seen }) => {
      const unseen = seen(name)?.unseen;
      return unseen === undefined
        ? []
        : [{ message: `what the server presents could not be seen: ${unseen}`, field: 'cluster' }];
    },
  },
];

interface Shown {
  /** A text: why a Go client cannot read it. */
  readonly chain: Chain | string;
  /** What the client wants the server's certificate to be good for. */
  readonly name: string;
  /** Undefined: what the operating system trusts, which is not looked at here. */
  readonly roots: Pool | undefined;
}

/** What the server showed to a client that looks at it. */
function shownTo({ name, cluster }: ContextSubject, world: World): Shown | undefined {
  const presented = world.seen(name)?.presented ?? [];
  if (!cluster || presented.length === 0 || cluster.cluster.insecureSkipTlsVerify === true) return undefined;
  const anchors = authorityOf(cluster.cluster, world)?.anchors;
  const { tlsServerName, server } = cluster.cluster;
  return {
    chain: chainOf(presented),
    name: tlsServerName ?? parseServer(server).host,
    roots: anchors?.kind === 'anchors' ? anchors.pool : undefined,
  };
}

function chainOf(presented: readonly Uint8Array[]): Chain | string {
  try {
    const [leaf, ...intermediates] = presented.map(parseCertificate);
    return leaf ? { leaf, intermediates, unreadable: undefined } : 'there is none';
  } catch (error) {
    return parseRefusal(expectedFailure(error));
  }
}
