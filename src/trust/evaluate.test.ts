import { describe, expect, it } from 'vitest';
import { keyOf, nameOf, NOW, san } from '../../test/judges/mint.ts';
import {
  certificatePem,
  type Files,
  inventoryOf,
  keyPem,
  kubeconfig,
  type SmallDrafts,
  smallDrafts,
  type SmallEdge,
  smallEdges,
  smallFiles,
} from '../../test/judges/breakable-cluster.ts';
import { DAY, utf8 } from '../base/index.ts';
import { goRules } from '../verify/index.ts';
import { makeName } from '../x509/index.ts';
import { evaluate, evaluateAll, nodeAddresses, type Verdict } from './index.ts';

const edges = smallEdges();
const all = Object.values(edges);
const addresses = nodeAddresses(all);
const PKI = 'nodes/master/etc/kubernetes/pki';

interface Change {
  readonly drafts?: (drafts: SmallDrafts) => void;
  readonly files?: (files: Files, drafts: SmallDrafts) => void;
}

function verdict(edge: SmallEdge, { drafts: change, files: replace }: Change, at = NOW): Verdict {
  const drafts = smallDrafts();
  change?.(drafts);
  const files = smallFiles(drafts);
  replace?.(files, drafts);
  return evaluate(edges[edge], inventoryOf(files), at, { addresses });
}

const UNVERIFIED = 'tls: failed to verify certificate: x509: ';
const UNKNOWN = `certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "KUBERNETES-CA")`;
const PAST = '2026-11-22T12:00:00Z';
const EXPIRED = `certificate has expired or is not yet valid: current time 2026-11-23T12:00:00Z is after ${PAST}`;

const rewritten = (bytes: Uint8Array) => (files: Files) =>
  files.set('nodes/master/etc/kubernetes/scheduler.conf', bytes);

const withBadBlock = (file: string) => (files: Files) =>
  files.set(
    file,
    Buffer.concat([files.get(file)!, utf8('-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n')]),
  );

/** What is wrong, the edge that is looked at, and what each side says. */
const CASES: readonly (readonly [string, SmallEdge, Change, string | undefined, string | undefined])[] = [
  [
    'the server has another name',
    'admin',
    { drafts: ({ apiserver }) => (apiserver.names = [san('master'), san('10.0.0.10')]) },
    `${UNVERIFIED}certificate is valid for master, not kube-apiserver`,
    undefined,
  ],
  [
    'the server is dialled by an address that it does not have',
    'etcd',
    { drafts: ({ etcd }) => (etcd.names = [san('master')]) },
    `${UNVERIFIED}cannot validate certificate for 10.0.0.10 because it doesn't contain any IP SANs`,
    undefined,
  ],
  [
    'the server certificate has expired',
    'scheduler',
    { drafts: ({ apiserver }) => (apiserver.notAfter = NOW - DAY) },
    `${UNVERIFIED}${EXPIRED}`,
    undefined,
  ],
  [
    'the client certificate has expired, and is verified for each request',
    'scheduler',
    { drafts: ({ scheduler }) => (scheduler.notAfter = NOW - DAY) },
    undefined,
    `x509: ${EXPIRED}`,
  ],
  [
    'the client certificate has expired, and is verified in the handshake',
    'etcd',
    { drafts: ({ etcdClient }) => (etcdClient.notAfter = NOW - DAY) },
    undefined,
    `${UNVERIFIED}${EXPIRED}`,
  ],
  [
    'the client shows a server certificate',
    'etcd',
    { drafts: ({ etcdClient }) => (etcdClient.extendedKeyUsage = ['serverAuth']) },
    undefined,
    `${UNVERIFIED}certificate specifies an incompatible key usage`,
  ],
  [
    'the client comes from an authority of the same name',
    'admin',
    { drafts: ({ admin }) => (admin.signedBy = keyOf('impostor')) },
    undefined,
    `x509: ${UNKNOWN}`,
  ],
  [
    'the anchors of the client are of an older generation',
    'admin',
    {
      files: (files, { ca }) => {
        const old = Buffer.from(certificatePem({ ...ca, key: keyOf('older'), signedBy: keyOf('older') }));
        const data = `certificate-authority-data: ${old.toString('base64')}`;
        files.set(
          'users/kube-admin/admin.kubeconfig',
          kubeconfig(data, 'client-certificate: admin.crt, client-key: admin.key'),
        );
      },
    },
    `${UNVERIFIED}${UNKNOWN}`,
    undefined,
  ],
  [
    'the authority has expired: both sides say so',
    'scheduler',
    { drafts: ({ ca }) => (ca.notAfter = NOW - DAY) },
    `${UNVERIFIED}${EXPIRED}`,
    `x509: ${EXPIRED}`,
  ],
  [
    'a key that belongs to another certificate',
    'admin',
    { files: (files) => files.set('users/kube-admin/admin.key', keyPem(keyOf('scheduler'))) },
    undefined,
    'tls: private key does not match public key',
  ],
  [
    'a key of another algorithm',
    'etcd',
    {
      files: (files) => files.set(`${PKI}/apiserver-etcd-client.key`, keyPem(keyOf('x', 'ed25519'))),
    },
    undefined,
    'tls: private key type does not match public key type',
  ],
  [
    'the key file of the server holds its certificate',
    'admin',
    {
      files: (files) =>
        files.set(`${PKI}/apiserver.key`, files.get(`${PKI}/apiserver.crt`) ?? new Uint8Array()),
    },
    'tls: found a certificate rather than a key in the PEM for the private key',
    undefined,
  ],
  [
    'no PEM at all',
    'etcd',
    { files: (files) => files.set(`${PKI}/apiserver-etcd-client.crt`, utf8('nothing\n')) },
    undefined,
    'tls: failed to find any PEM data in certificate input',
  ],
  [
    'a file that is not there, under the name that the node knows',
    'etcd',
    { files: (files) => files.delete(`${PKI}/etcd/server.key`) },
    'open /etc/kubernetes/pki/etcd/server.key: no such file or directory',
    undefined,
  ],
  [
    'anchors that are not there',
    'etcd',
    { files: (files) => files.delete(`${PKI}/etcd/ca.crt`) },
    'open /etc/kubernetes/pki/etcd/ca.crt: no such file or directory',
    'open /etc/kubernetes/pki/etcd/ca.crt: no such file or directory',
  ],
  [
    'anchors that are none',
    'etcd',
    { files: (files) => files.set(`${PKI}/etcd/ca.crt`, utf8('-----BEGIN X-----\nAA==\n-----END X-----\n')) },
    'x509: malformed certificate',
    'x509: malformed certificate',
  ],
  [
    'a bad block among good anchors: etcd will not have it',
    'etcd',
    { files: withBadBlock(`${PKI}/etcd/ca.crt`) },
    'x509: malformed certificate',
    'x509: malformed certificate',
  ],
  [
    'a bad block among good anchors: kube-apiserver lets nobody in',
    'scheduler',
    { files: withBadBlock(`${PKI}/ca.crt`) },
    undefined,
    'error loading CA bundle for "client-ca-bundle::/etc/kubernetes/pki/ca.crt": x509: malformed certificate',
  ],
  [
    'no anchors at all',
    'admin',
    { files: (files) => files.set(`${PKI}/ca.crt`, utf8('')) },
    undefined,
    'missing content for CA bundle "client-ca-bundle::/etc/kubernetes/pki/ca.crt"',
  ],
  [
    'a kubeconfig that is not there',
    'scheduler',
    { files: (files) => files.delete('nodes/master/etc/kubernetes/scheduler.conf') },
    'stat /etc/kubernetes/scheduler.conf: no such file or directory',
    'stat /etc/kubernetes/scheduler.conf: no such file or directory',
  ],
  [
    'a kubeconfig that names a file which is not there',
    'admin',
    { files: (files) => files.delete('users/kube-admin/admin.crt') },
    'invalid configuration: unable to read client-cert users/kube-admin/admin.crt for u due to open users/kube-admin/admin.crt: no such file or directory',
    'invalid configuration: unable to read client-cert users/kube-admin/admin.crt for u due to open users/kube-admin/admin.crt: no such file or directory',
  ],
  [
    'a kubeconfig that asks for another name',
    'scheduler',
    { files: rewritten(kubeconfig('certificate-authority: pki/ca.crt, tls-server-name: api', 'token: t')) },
    `${UNVERIFIED}certificate is valid for kube-apiserver, kubernetes, not api`,
    undefined,
  ],
  [
    'a kubeconfig that dials somewhere else',
    'scheduler',
    {
      files: rewritten(kubeconfig('certificate-authority: pki/ca.crt', 'token: t', 'https://10.0.0.99:6443')),
    },
    `${UNVERIFIED}certificate is valid for 10.0.0.10, not 10.0.0.99`,
    undefined,
  ],
  [
    'a kubeconfig that dials plain HTTP',
    'scheduler',
    {
      files: rewritten(
        kubeconfig('certificate-authority: pki/ca.crt', 'token: t', 'http://kube-apiserver:6443'),
      ),
    },
    'Client sent an HTTP request to an HTTPS server.',
    'forbidden: User "system:anonymous"',
  ],
  [
    'a kubeconfig with neither anchors nor credential',
    'scheduler',
    { files: rewritten(kubeconfig('', '')) },
    `${UNVERIFIED}certificate signed by unknown authority`,
    'forbidden: User "system:anonymous"',
  ],
  [
    'a kubeconfig that leads out of its node',
    'scheduler',
    {
      files: rewritten(
        kubeconfig('certificate-authority: ../../../../second/etc/kubernetes/pki/etcd/ca.crt', 'token: t'),
      ),
    },
    'invalid configuration: unable to read certificate-authority /second/etc/kubernetes/pki/etcd/ca.crt for k due to open /second/etc/kubernetes/pki/etcd/ca.crt: no such file or directory',
    'invalid configuration: unable to read certificate-authority /second/etc/kubernetes/pki/etcd/ca.crt for k due to open /second/etc/kubernetes/pki/etcd/ca.crt: no such file or directory',
  ],
  [
    'a client without a common name',
    'admin',
    { drafts: ({ admin }) => (admin.subject = makeName([{ type: 'O', value: 'system:masters' }])) },
    undefined,
    'Unauthorized',
  ],
  [
    'a front proxy under a name that is not allowed',
    'proxy',
    { drafts: ({ frontProxy }) => (frontProxy.subject = nameOf('mallory')) },
    undefined,
    'x509: subject with cn=mallory is not in the allowed list',
  ],
  [
    'an etcd peer without the address that it dials from',
    'peer',
    { drafts: ({ peer2 }) => (peer2.names = [san('second'), san('localhost'), san('127.0.0.1')]) },
    undefined,
    'tls: "10.0.0.11" does not match any of DNSNames ["second" "localhost"]',
  ],
  [
    'an etcd peer with another address and no name',
    'peer',
    { drafts: ({ peer2 }) => (peer2.names = [san('10.20.0.13')]) },
    undefined,
    'x509: certificate is valid for 10.20.0.13, not 10.0.0.11',
  ],
];

describe('evaluate', () => {
  it('says yes to every edge of a sound cluster, and when the first certificate ends', () => {
    const { server, client, ...rest } = verdict('admin', {});
    const yes = { ok: true, error: undefined };
    expect([server, client]).toEqual([yes, yes]);
    expect(rest).toEqual({ ok: true, error: undefined, expires: NOW + 300 * DAY, notes: [] });
    const verdicts = [...evaluateAll(all, inventoryOf(smallFiles()), NOW)];
    expect(verdicts.map(([id]) => id)).toEqual(all.map(({ id }) => id));
    expect(verdicts.map(([, { error }]) => error)).toEqual(all.map(() => undefined));
  });

  it('says what it did not look at', () => {
    const skipped = rewritten(kubeconfig('insecure-skip-tls-verify: true', 'token: t'));
    expect(verdict('scheduler', { files: skipped })).toMatchObject({
      ok: true,
      expires: undefined,
      notes: ['server not verified: insecure-skip-tls-verify', 'no client certificate: a token'],
    });
    expect(verdict('probe', {}).notes).toEqual([
      'server not verified: nobody looks',
      'no client certificate: a probe',
    ]);
  });

  it('lets an anonymous client through only where there is one', () => {
    const { probe, etcd } = edges;
    const answer = (clients: Partial<typeof probe.endpoint.clients>) => {
      const endpoint = { ...probe.endpoint, clients: { ...probe.endpoint.clients, ...clients } };
      return evaluate({ ...probe, endpoint }, inventoryOf(smallFiles()), NOW).client.error;
    };
    expect(answer({ anonymous: 'unauthorized' })).toBe('Unauthorized');
    expect(answer(etcd.endpoint.clients)).toBe("tls: client didn't provide a certificate");
  });

  it.each(CASES)('%s (%s)', (_, edge, change, server, client) => {
    const found = verdict(edge, change);
    expect([found.server.error, found.client.error]).toEqual([server, client]);
    expect(found.ok).toBe(server === undefined && client === undefined);
    expect(found.error).toBe(server ?? client);
  });
});

it.each(['ca', 'apiserver', 'admin', 'etcdClient', 'etcd'] as const)(
  'an odd certificate of %s is read by the Go of the release, in its file and in a kubeconfig',
  (odd) => {
    const drafts = smallDrafts();
    drafts[odd].names = [...(drafts[odd].names ?? []), { kind: 'uri', value: 'http://a:b:80/' }];
    const inventory = inventoryOf(smallFiles(drafts));
    const edge = odd.startsWith('etcd') ? edges.etcd : edges.admin;
    const by = (minor: number) => evaluate(edge, inventory, NOW, { addresses, rules: goRules(minor) });
    expect([35, 36, 31, 37].map((minor) => by(minor).ok)).toEqual([true, false, true, false]);
    expect(by(36).error).toContain(
      'x509: cannot parse URI "http://a:b:80/": parse "http://a:b:80/": invalid port',
    );
    expect(by(35)).toEqual(evaluate(edge, inventoryOf(smallFiles()), NOW, { addresses }));
  },
);
