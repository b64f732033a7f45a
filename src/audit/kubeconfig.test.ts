import { describe, expect, it } from 'vitest';
import { keyOf, leafDraft, mint, nameOf, NOW, rootDraft } from '../../test/judges/mint.ts';
import { DAY } from '../base/index.ts';
import { locateKubeconfig } from '../kubeconfig/index.ts';
import { type Certificate, writePem, writePrivateKey } from '../x509/index.ts';
import { auditKubeconfigs, type Finding, type World } from './index.ts';

const ca = rootDraft('KUBERNETES-CA', keyOf('ca'));
const stranger = rootDraft('OTHER-CA', keyOf('other ca'));
const client = leafDraft(nameOf('jane', 'dev'), keyOf('jane'), ca, []);
const server = leafDraft(nameOf('kube-apiserver'), keyOf('server'), ca, ['api.test']);
const data = (certificate: Certificate) =>
  Buffer.from(writePem('CERTIFICATE', certificate.der)).toString('base64');
const keyData = (name: string) =>
  Buffer.from(writePrivateKey(keyOf(name), 'pkcs8').reveal()).toString('base64');

interface Parts {
  cluster: string;
  user: string;
  context: string;
  more: string;
}
const good: Parts = {
  cluster: `server: https://api.test:6443, certificate-authority-data: ${data(mint(ca))}`,
  user: `client-certificate-data: ${data(mint(client))}, client-key-data: ${keyData('jane')}`,
  context: 'cluster: c, user: u',
  more: 'current-context: x',
};
const textOf = ({ cluster, user, context, more }: Parts): string =>
  [
    `clusters: [{name: c, cluster: {${cluster}}}]`,
    `users: [{name: u, user: {${user}}}]`,
    `contexts: [{name: x, context: {${context}}}]`,
    more,
  ].join('\n');

const world: World = {
  at: NOW,
  read: () => undefined,
  mode: () => undefined,
  runs: () => false,
  seen: () => undefined,
};
interface Given extends Partial<Parts>, Partial<World> {
  readonly fileMode?: number;
}
function audit(given: Given): Finding[] {
  const file = '/home/jane/.kube/config';
  const located = locateKubeconfig(textOf({ ...good, ...given }), file);
  return auditKubeconfigs([{ ...located, file, mode: given.fileMode }], { ...world, ...given });
}

const withCertificate = (change: object): Given => ({
  user: `client-certificate-data: ${data(mint({ ...client, ...change }))}, client-key-data: ${keyData('jane')}`,
});
const withAuthority = (...all: readonly Certificate[]): Given => {
  const bundle = all.map((one) => Buffer.from(writePem('CERTIFICATE', one.der)).toString()).join('');
  return {
    cluster: `server: https://api.test:6443, certificate-authority-data: ${Buffer.from(bundle).toString('base64')}`,
  };
};
const shown = (...chain: readonly Certificate[]): Given => ({
  seen: () => ({ presented: chain.map(({ der }) => der) }),
});
const old = { notBefore: NOW - 30 * DAY, notAfter: NOW - 3 * DAY };
const token = (claims: object) =>
  `token: ${['{}', JSON.stringify(claims)].map((part) => Buffer.from(part).toString('base64url')).join('.')}.sig`;

/** What is wrong, what is found, and a part of the sentence. */
const table: readonly [why: string, given: Given, found: readonly string[], says?: string][] = [
  ['nothing', {}, []],
  ['nothing, and the server shows what it should', shown(mint(server)), []],

  [
    'a file that others may read',
    { fileMode: 0o100644 },
    ['error file-mode'],
    'by everybody on this machine (mode 0644)',
  ],
  [
    'a file that its group may change',
    { fileMode: 0o100660 },
    ['warning file-mode'],
    'read and changed by its group',
  ],
  ['a file that others may read, with no secret in it', { fileMode: 0o644, user: 'username: u' }, []],
  ['a current context that is not there', { more: 'current-context: z' }, ['error current-context-unknown']],

  [
    'a cluster that is not there',
    { context: 'cluster: d, user: u' },
    ['error name-unknown'],
    'cluster "d" was not found for context "x"',
  ],
  [
    'a user that is not there',
    { context: 'cluster: c, user: v' },
    ['error name-unknown'],
    'user "v" was not found for context "x"',
  ],
  [
    'a namespace that is none',
    { context: 'cluster: c, user: u, namespace: A_b' },
    ['error namespace-invalid'],
  ],

  ['no server', { cluster: 'tls-server-name: a' }, ['error server-missing']],
  ['a server that is no URL', { cluster: 'server: "https://a b"' }, ['error server-invalid']],
  [
    'a server without a scheme',
    { cluster: 'server: "10.0.0.1:6443"' },
    ['error plain-http'],
    'is dialled without TLS',
  ],
  ['kubectl proxy', { cluster: 'server: http://127.0.0.1:8001' }, ['info plain-http']],
  [
    'no verification',
    { cluster: 'server: https://api.test, insecure-skip-tls-verify: true' },
    ['error insecure'],
  ],
  [
    'no verification, and an authority',
    { cluster: `${good.cluster}, insecure-skip-tls-verify: true` },
    ['error insecure', 'error insecure-with-authority'],
  ],
  ['no authority', { cluster: 'server: https://api.test' }, ['info authority-absent']],
  [
    'an authority that is no certificate',
    { cluster: 'server: https://api.test, certificate-authority-data: QUJD' },
    ['error authority-unusable'],
    'unable to load root certificates: unable to parse bytes as PEM block',
  ],
  [
    'an authority that has ended',
    withAuthority(mint({ ...ca, ...old })),
    ['error authority-life'],
    'ended 2026-11-20T12:00:00Z, 3 days ago',
  ],
  [
    'one of two authorities has ended',
    withAuthority(mint({ ...ca, ...old }), mint(ca)),
    ['warning authority-life'],
  ],
  [
    'a leaf as authority',
    withAuthority(mint(ca), mint(server)),
    ['warning authority-is-none'],
    '"kube-apiserver" is no authority',
  ],
  [
    'both path and data',
    { cluster: `${good.cluster}, certificate-authority: ca.crt`, read: () => new Uint8Array() },
    ['error path-and-data'],
  ],
  [
    'an authority that is not there',
    { cluster: 'server: https://api.test, certificate-authority: pki/ca.crt' },
    ['error file-missing'],
    'open /home/jane/.kube/pki/ca.crt: no such file or directory',
  ],
  [
    'an empty file of authorities',
    { cluster: 'server: https://api.test, certificate-authority: ca.crt', read: () => new Uint8Array() },
    ['error authority-unusable'],
    'nobody is trusted',
  ],

  [
    'a key of somebody else',
    { user: good.user.replace(keyData('jane'), keyData('other ca')) },
    ['error pair-unusable'],
    'tls: private key does not match public key',
  ],
  [
    'a certificate without a key',
    { user: `client-certificate-data: ${data(mint(client))}` },
    ['error key-missing'],
  ],
  ['a key without a certificate', { user: `client-key-data: ${keyData('jane')}` }, ['info key-alone']],
  [
    'a certificate that has ended',
    withCertificate(old),
    ['error certificate-life'],
    'the client certificate ended',
  ],
  [
    'a certificate of tomorrow',
    withCertificate({ notBefore: NOW + DAY }),
    ['error certificate-life'],
    'is a clock wrong?',
  ],
  [
    'a certificate near its end',
    withCertificate({ notBefore: NOW - 330 * DAY, notAfter: NOW + 35 * DAY }),
    ['warning certificate-life'],
    'in 35 days',
  ],
  [
    "a server's certificate",
    withCertificate({ extendedKeyUsage: ['serverAuth'] }),
    ['error certificate-usage'],
    'is for serverAuth',
  ],
  [
    'an authority as client',
    withCertificate({ basicConstraints: { ca: true, pathLength: undefined } }),
    ['warning certificate-is-authority'],
  ],
  [
    'a certificate of another cluster',
    withCertificate({
      issuer: stranger.subject,
      signedBy: stranger.key,
      authorityKeyId: stranger.subjectKeyId,
    }),
    ['warning certificate-stranger'],
    'x509: certificate signed by unknown authority',
  ],
  [
    'system:masters',
    withCertificate({ subject: nameOf('admin', 'system:masters') }),
    ['warning cluster-admin'],
    'group system:masters',
  ],
  [
    'kubeadm:cluster-admins',
    withCertificate({ subject: nameOf('admin', 'kubeadm:cluster-admins') }),
    ['warning cluster-admin'],
  ],
  [
    'a token that has ended',
    { user: token({ exp: NOW / 1000 - 60 }) },
    ['error token-life'],
    'ended 2026-11-23T11:59:00Z',
  ],
  [
    'a token that holds, one that says nothing, one that is none',
    { user: token({ exp: NOW / 1000 + 60 }) },
    [],
  ],
  ['a token of another make', { user: 'token: a.b.c' }, []],
  ['a token that ended before all time', { user: token({ exp: -1e300 }) }, []],
  ['a token file that is not there', { user: 'tokenFile: t' }, ['error token-file-missing']],
  [
    'a token file that others may read',
    { user: 'tokenFile: t', read: () => Buffer.from('t'), mode: () => 0o100604 },
    ['error secret-mode'],
    'the token /home/jane/.kube/t may be read by everybody',
  ],
  [
    'a program that is not there',
    {
      user: 'exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, installHint: get it}',
    },
    ['error command-missing'],
  ],
  [
    'a program that is there, without a version',
    { user: 'exec: {command: aws, interactiveMode: Never}', runs: () => true },
    ['error credentials-conflict'],
    'apiVersion must be specified',
  ],

  [
    'a server of another authority',
    shown(
      mint({
        ...server,
        issuer: stranger.subject,
        signedBy: stranger.key,
        authorityKeyId: stranger.subjectKeyId,
      }),
    ),
    ['error server-untrusted'],
    'tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  [
    'a server under another name',
    shown(mint({ ...server, names: [{ kind: 'dns', value: 'b.test' }] })),
    ['error server-name'],
    'x509: certificate is valid for b.test, not api.test',
  ],
  [
    'a server whose certificate has ended',
    shown(mint({ ...server, ...old })),
    ['error server-untrusted'],
    'certificate has expired',
  ],
  [
    'a server that shows rubbish',
    { seen: () => ({ presented: [Buffer.from('no')] }) },
    ['error server-untrusted'],
    'tls: failed to parse certificate from server',
  ],
  [
    'a server that does not take the certificate',
    { seen: () => ({ presented: [mint(server).der], refused: 'Unauthorized' }) },
    ['error credential-refused'],
  ],
  [
    'a server that is not there',
    { seen: () => ({ presented: [], unseen: 'dial tcp: refused' }) },
    ['warning server-unseen'],
  ],
];

describe('auditKubeconfigs', () => {
  it.each(table)('finds %s', (_why, given, found, says = '') => {
    const findings = audit(given);
    expect(findings.map(({ severity, id }) => `${severity} ${id}`)).toEqual(found);
    if (found.length > 0) expect(findings[0]?.message).toContain(says);
    for (const { where, remedy } of findings) {
      expect(where.file).toBe('/home/jane/.kube/config');
      expect(remedy).not.toBe('');
    }
    expect(JSON.stringify(findings)).not.toContain(keyData('jane').slice(0, 40));
  });

  it('tells the place of the field', () => {
    expect(audit(withCertificate(old))[0]?.where).toMatchObject({
      line: 2,
      path: 'users[0].user.client-certificate-data',
    });
  });

  it('looks at several files as one: the first wins, a hidden entry is told, the worst comes first', () => {
    const at = (file: string, text: string) => ({ ...locateKubeconfig(text, file), file, mode: undefined });
    const findings = auditKubeconfigs(
      [
        at('/a', 'current-context: x\nclusters: [{name: c, cluster: {server: https://a}}]'),
        at('/b', `${textOf(good)}\n`),
        at('/c', 'current-context: nowhere'),
      ],
      world,
    );
    expect(findings.map(({ id, where }) => [id, where.file])).toEqual([
      ['entry-hidden', '/b'],
      ['authority-absent', '/a'],
    ]);
  });
});
