import { expectedFailure } from '../base/index.ts';
import { type Cluster, parseServer, type Server } from '../kubeconfig/index.ts';
import { commonName } from '../x509/index.ts';
import { authorityOf } from './kubeconfig-material.ts';
import type { ClusterSubject } from './kubeconfig-subjects.ts';
import { lifeTrouble } from './life.ts';
import type { Check, Trouble } from './types.ts';

export const clusterChecks: readonly Check<ClusterSubject>[] = [
  {
    id: 'server-invalid',
    severity: 'error',
    remedy: 'write it as https://HOST:PORT',
    find: ({ cluster: { server } }) => {
      try {
        if (server !== '') parseServer(server);
        return [];
      } catch (error) {
        return [{ message: expectedFailure(error).message, field: 'server' }];
      }
    },
  },
  {
    id: 'plain-http',
    severity: 'error',
    remedy: 'write https:// before it: without it client-go speaks plain HTTP, and shows no certificate',
    find: ({ cluster }) => {
      const server = serverOf(cluster);
      if (server?.scheme !== 'http') return [];
      // What kubectl proxy serves.
      const near = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/.test(server.host);
      const message = `${server.host}:${server.port} is dialled without TLS`;
      return [{ message, field: 'server', ...(near && { severity: 'info' }) }];
    },
  },
  {
    id: 'insecure',
    severity: 'error',
    remedy: 'remove insecure-skip-tls-verify, and give the authority that signed the server in its place',
    find: ({ cluster: { insecureSkipTlsVerify } }) =>
      insecureSkipTlsVerify === true
        ? [
            {
              message: 'the server is not verified: whoever stands in between gets what is sent, tokens too',
              field: 'insecure-skip-tls-verify',
            },
          ]
        : [],
  },
  {
    id: 'insecure-with-authority',
    severity: 'error',
    remedy: 'remove insecure-skip-tls-verify',
    find: ({ cluster: { insecureSkipTlsVerify: insecure, ...cluster } }) =>
      insecure === true && (cluster.certificateAuthority ?? cluster.certificateAuthorityData) !== undefined
        ? [{ message: 'specifying a root certificates file with the insecure flag is not allowed' }]
        : [],
  },
  {
    id: 'authority-absent',
    severity: 'info',
    remedy: "add certificate-authority-data, unless the server's certificate is from a public authority",
    find: ({ cluster }) =>
      serverOf(cluster)?.scheme === 'https' &&
      cluster.insecureSkipTlsVerify !== true &&
      (cluster.certificateAuthority ?? cluster.certificateAuthorityData) === undefined
        ? [{ message: "no authority is given: the operating system's are trusted" }]
        : [],
  },
  {
    id: 'authority-unusable',
    severity: 'error',
    remedy: "put the cluster's CA certificate there, as PEM",
    find: ({ cluster }, world) => {
      const found = authorityOf(cluster, world);
      if (found === undefined) return [];
      const { anchors, field } = found;
      if (anchors.kind === 'broken') return [{ message: anchors.error, field }];
      return anchors.pool.certificates.length === 0
        ? [{ message: 'the file of authorities is empty: nobody is trusted', field }]
        : [];
    },
  },
  {
    id: 'authority-life',
    severity: 'error',
    remedy: "get the cluster's present CA certificate, and put it in its place",
    find: ({ cluster }, world) => {
      const { certificates = [], field = '' } = authorityOf(cluster, world) ?? {};
      const troubles = certificates.map((one) =>
        lifeTrouble(`authority ${JSON.stringify(commonName(one.subject))}`, one, world.at),
      );
      // One that is left over from a rotation harms nobody while another holds.
      const holds = troubles.some((trouble) => trouble === undefined || trouble.severity === 'warning');
      return troubles.flatMap((trouble): Trouble[] =>
        trouble === undefined ? [] : [{ ...trouble, field, ...(holds && { severity: 'warning' }) }],
      );
    },
  },
  {
    id: 'authority-is-none',
    severity: 'warning',
    remedy: 'give the certificate of the authority that signed it: this one must be replaced with the server',
    find: ({ cluster }, world) => {
      const { certificates = [], field = '' } = authorityOf(cluster, world) ?? {};
      return certificates
        .filter(({ basicConstraints }) => basicConstraints?.ca !== true)
        .map((one) => ({
          message: `${JSON.stringify(commonName(one.subject))} is no authority: it verifies only itself`,
          field,
        }));
    },
  },
];

function serverOf({ server }: Cluster): Server | undefined {
  try {
    return server === '' ? undefined : parseServer(server);
  } catch {
    return undefined;
  }
}
