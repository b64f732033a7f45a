/** Faults that no connection shows: keys that sign, and kubeconfigs that name their files. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AuditedTree,
  authority,
  certificateAt,
  cleanTree,
  crt,
  keyFile,
  pem,
  reissued,
  type Written,
} from '../../test/judges/audited-tree.ts';
import { keyOf, mint, NOW, rootDraft } from '../../test/judges/mint.ts';
import { DAY } from '../base/index.ts';
import { writePublicKey } from '../x509/index.ts';
import { createExplainer, explainAll, readLine } from './index.ts';

const PKI = 'nodes/cp1/etc/kubernetes/pki';
const ADMIN = 'users/kube-admin/admin';

let tree: AuditedTree;
beforeAll(async () => (tree = await cleanTree('flat')));

function firstOf(
  planted: readonly (Written | { readonly path: string; readonly remove: true })[],
  ...lines: string[]
) {
  const again = (command: string) => `kubetls ${command}`;
  const inventory = tree.inventory.withFiles(planted);
  const world = { cluster: tree.cluster, inventory, at: NOW, written: tree.written, again };
  const readings = lines.flatMap((line) => readLine(line) ?? []);
  expect(readings).toHaveLength(lines.length);
  return explainAll(createExplainer(world), readings)[0];
}

describe('keys that sign', () => {
  const BUNDLE =
    'E1128 14:40:00.000000 1 queueinformer.go:1] "Unhandled Error" err="Sync somebody failed with : error auto signing csr: error reading CA cert file \\"csr-controller::/etc/kubernetes/pki/ca.crt::/etc/kubernetes/pki/ca.key\\": expected 1 certificate, found 2"';
  const MISMATCH =
    'E1128 14:40:00.000000 1 dynamic_serving_content.go:1] "Unhandled Error" err="key failed with : tls: private key does not match public key"';
  const TOKEN =
    'E1128 14:40:00.000000 1 authentication.go:75] "Unable to authenticate the request" err="[invalid bearer token, no public key found]"';

  it('a bundle to sign with', () => {
    const { certificate } = authority(tree, 'cluster');
    const bytes = pem(certificate, mint(rootDraft('older', keyOf('older'))));
    const found = firstOf([{ path: `${PKI}/ca.crt`, mode: 0o644, bytes }], BUNDLE);
    expect(found).toMatchObject({ id: 'signing-bundle', likelihood: 'certain' });
    expect(found?.files).toEqual([`${PKI}/ca.crt`]);
    expect(found?.evidence).toEqual([`${PKI}/ca.crt holds 2 certificates, and ${PKI}/ca.key signs for one`]);
    expect(found?.remedy).toBe(`kubetls apply --overwrite ${PKI}/ca.crt`);
  });

  it('a key that is not of the authority beside it', () => {
    const found = firstOf([keyFile(`${PKI}/ca.key`, keyOf('of another'))], MISMATCH);
    expect(found).toMatchObject({ id: 'key-mismatch', likelihood: 'likely', edges: [] });
    expect(found?.files).toContain(`${PKI}/ca.key`);
  });

  it('tokens that are verified with another key than they are signed with, or signed with one on each node', () => {
    const bytes = Buffer.from(writePublicKey(keyOf('of another').publicKey));
    const torn = firstOf([{ path: `${PKI}/sa.pub`, mode: 0o644, bytes }], TOKEN);
    expect(torn).toMatchObject({ id: 'service-account-keys', likelihood: 'likely' });
    expect(torn?.files).toContain(`${PKI}/sa.pub`);
    expect(torn?.steps.join('\n')).toMatch(/copy .*sa\.pub.*\n.*restart kube-apiserver on cp1/);

    const cp2 = 'nodes/cp2/etc/kubernetes/pki';
    const own = [
      keyFile(`${cp2}/sa.key`, keyOf('of another')),
      { path: `${cp2}/sa.pub`, mode: 0o644, bytes },
    ];
    expect(firstOf(own, TOKEN)).toMatchObject({
      id: 'service-account-keys',
      evidence: [`${cp2}/sa.key is another key than ${PKI}/sa.key`],
    });
  });

  it('are not at fault where the files are good', () => {
    expect(firstOf([], TOKEN)).toMatchObject({ id: 'token' });
    expect(firstOf([], BUNDLE)).toMatchObject({ likelihood: 'unlikely' });
  });
});

describe('a kubeconfig that names its files', () => {
  it('is not at fault for what stands in them', () => {
    const ended = reissued(tree, ADMIN, { notAfter: NOW - DAY });
    const found = firstOf([ended], 'error: You must be logged in to the server (Unauthorized)');
    expect(found).toMatchObject({ id: 'expired', files: [`${ADMIN}.crt`] });
    expect(found?.remedy).toBe(`kubetls apply --overwrite ${ADMIN}.crt`);

    const other = crt('users/kube-admin/ca.crt', mint(rootDraft('other', keyOf('other'))));
    const unknown = firstOf(
      [other],
      'Unable to connect to the server: x509: certificate signed by unknown authority',
    );
    expect(unknown).toMatchObject({ id: 'anchor-missing', likelihood: 'likely' });
    expect(unknown?.files).toContain(other.path);
  });

  it('is known by the file that is not there, wherever its owner keeps it', () => {
    const path = `${ADMIN}.crt`;
    const at = '/home/me/.kube/admin.crt';
    const line = `error: unable to read client-cert ${at} for kube-admin due to open ${at}: no such file or directory`;
    expect(firstOf([{ path, remove: true }], line)).toMatchObject({
      id: 'file-missing',
      likelihood: 'certain',
      files: [path],
    });
  });

  it('makes kubectl ask for a name when it names none', () => {
    const path = `${ADMIN}.kubeconfig`;
    const text = Buffer.from(tree.inventory.get(path)?.bytes ?? []).toString('utf8');
    const bytes = Buffer.from(text.replace(/^ *client-(certificate|key): .*\n/gm, ''));
    expect(firstOf([{ path, mode: 0o600, bytes }], 'Please enter Username: error: EOF')).toMatchObject({
      id: 'no-client-certificate',
      likelihood: 'certain',
      files: [path],
    });
  });
});

describe('a server that cannot load its pair', () => {
  it('is known to etcdctl by the internal error that it hears', () => {
    const path = `${PKI}/etcdserver.key`;
    const line =
      '{"level":"warn","ts":"2026-11-23T11:59:59Z","msg":"retrying of unary invoker failed","target":"etcd-endpoints://0x1a39e6af0c00/10.0.0.11:2379","error":"rpc error: code = DeadlineExceeded desc = latest balancer error: connection error: desc = \\"transport: authentication handshake failed: remote error: tls: internal error\\""}';
    expect(firstOf([keyFile(path, keyOf('of another'))], line)).toMatchObject({
      id: 'key-mismatch',
      likelihood: 'certain',
    });
  });
});

describe('a log of many days', () => {
  it('what the files show comes before what they do not, in whatever order the lines are', () => {
    const ended = reissued(tree, `${PKI}/apiserver`, { notAfter: NOW - DAY });
    const found = firstOf(
      [ended],
      'x509: certificate signed by unknown authority',
      'remote error: tls: bad certificate',
    );
    expect(found).toMatchObject({ id: 'expired', files: [ended.path] });
  });
});

describe('a line with two reasons', () => {
  const twice = (serial: string, asProxy: string, asClient: string) =>
    `"Unable to authenticate the request" err="[x509: ${asProxy}, verifying certificate SN=${serial}, SKID=, AKID=AA failed: x509: ${asClient}]"`;
  const UNKNOWN = 'certificate signed by unknown authority';
  const ENDED =
    'certificate has expired or is not yet valid: current time 2026-11-23T12:00:00Z is after 2026-11-22T12:00:00Z';
  const serialOf = (path: string) =>
    String(BigInt(`0x${Buffer.from(certificateAt(tree.inventory, path).serial).toString('hex')}`));

  it('of a client, the second counts', () => {
    const usage = 'certificate specifies an incompatible key usage';
    expect(readLine(twice('5', UNKNOWN, usage))?.symptom.id).toBe('usage');
    expect(readLine(twice('5', ENDED, UNKNOWN))?.symptom.id).toBe('unknown-authority');
    expect(readLine(twice('5', 'subject with cn=evil is not in the allowed list', UNKNOWN))?.symptom.id).toBe(
      'front-proxy-name',
    );
  });

  it('of a front proxy, the first', () => {
    const path = `${PKI}/front-proxy-client.crt`;
    const ended = reissued(tree, `${PKI}/front-proxy-client`, { notAfter: NOW - DAY }, 'front-proxy');
    const inventory = tree.inventory.withFiles([ended]);
    const serial = String(BigInt(`0x${Buffer.from(certificateAt(inventory, path).serial).toString('hex')}`));
    expect(firstOf([ended], twice(serial, ENDED, UNKNOWN))).toMatchObject({ id: 'expired', files: [path] });
    expect(firstOf([], twice(serialOf(path), UNKNOWN, UNKNOWN))).toMatchObject({ id: 'stale-process' });
  });
});
