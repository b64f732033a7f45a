/** Lines about a name, and about things that kubetls.yaml knows nothing of. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type AuditedTree, certificateAt, cleanTree } from '../../test/judges/audited-tree.ts';
import { NOW } from '../../test/judges/mint.ts';
import type { Inventory } from '../inventory/index.ts';
import { createExplainer, readLine } from './index.ts';

const PKI = 'nodes/cp1/etc/kubernetes/pki';

let tree: AuditedTree;
beforeAll(async () => (tree = await cleanTree('kubeadm')));

function worldOf(inventory: Inventory) {
  const again = (command: string) => `kubetls ${command}`;
  return { cluster: tree.cluster, inventory, at: NOW, written: tree.written, again };
}

describe('a name that kubetls.yaml does not have', () => {
  it.each([
    ['api.example.test', 'dns'],
    ['203.0.113.7', 'ip'],
  ] as const)('%s: the certificate that lacks it, and where to add it', (asked, kind) => {
    const path = 'nodes/cp1/etc/kubernetes/pki/apiserver.crt';
    const { subjectAltNames = [] } = certificateAt(tree.inventory, path);
    const listed = subjectAltNames.flatMap((name) => (name.kind === kind ? [name.value] : [])).join(', ');
    const error = `tls: failed to verify certificate: x509: certificate is valid for ${listed}, not ${asked}`;
    const reading = readLine(`Unable to connect to the server: ${error}`);
    const [first] = reading ? createExplainer(worldOf(tree.inventory))(reading) : [];
    expect(first).toMatchObject({
      id: 'name-missing',
      files: [path],
      remedy: `add ${asked} to sans.kube-apiserver in kubetls.yaml; then kubetls apply`,
    });
    expect(first?.evidence[0]).toContain(asked);
  });
});

describe('names that no certificate here has', () => {
  it('were presented by something else: a process with old files, or another server', () => {
    const reading = readLine('x509: certificate is valid for a.test, b.test, not kubernetes');
    const causes = reading ? createExplainer(worldOf(tree.inventory))(reading) : [];
    expect(causes.map(({ id, likelihood }) => [id, likelihood])).toEqual([
      ['stale-process', 'likely'],
      ['wrong-server', 'possible'],
      ['dialled-otherwise', 'possible'],
      ['name-missing', 'unlikely'],
    ]);
  });
});

describe('a name in no certificate, with names of no certificate', () => {
  it('is missing, before a process is suspected', () => {
    const reading = readLine('x509: certificate is valid for a.test, b.test, not api.foo');
    const causes = reading ? createExplainer(worldOf(tree.inventory))(reading) : [];
    expect(causes[0]).toMatchObject({
      id: 'name-missing',
      likelihood: 'likely',
      remedy: 'add api.foo to sans.kube-apiserver in kubetls.yaml; then kubetls apply',
    });
    expect(causes.map(({ id }) => id).indexOf('stale-process')).toBeGreaterThan(0);
  });

  it('is of the server whose names the line shares', () => {
    const { subjectAltNames = [] } = certificateAt(tree.inventory, `${PKI}/etcd/server.crt`);
    const [some] = subjectAltNames.flatMap((name) => (name.kind === 'dns' ? [name.value] : []));
    const reading = readLine(`x509: certificate is valid for ${some}, old.test, not etcd.foo`);
    const found = reading ? createExplainer(worldOf(tree.inventory))(reading) : [];
    const missing = found.filter(({ id }) => id === 'name-missing');
    expect(missing.flatMap(({ files }) => files)).toContain(`${PKI}/etcd/server.crt`);
  });
});

describe('what kubetls.yaml knows nothing of is named', () => {
  const TRUST = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';
  it.each([
    [
      'webhook-bundle',
      `failed calling webhook "a.b": failed to call webhook: Post "https://a.b.svc:443/": ${TRUST}`,
    ],
    [
      'conversion-bundle',
      `conversion webhook for a/v1, Kind=B failed: Post "https://a.b.svc:443/": ${TRUST}`,
    ],
    [
      'authentication-webhook',
      `Failed to make webhook authenticator request: Post "https://a:443/": ${TRUST}`,
    ],
    [
      'apiservice-bundle',
      `v1beta1.metrics.k8s.io failed with: failing or missing response from https://10.0.0.9:443/apis: Get "https://10.0.0.9:443/apis": ${TRUST}`,
    ],
  ])('%s', (id, line) => {
    const reading = readLine(line);
    expect(reading && createExplainer()(reading)[0]?.id).toBe(id);
    const here = reading ? createExplainer(worldOf(tree.inventory))(reading) : [];
    expect(here.map((one) => one.id)).toContain(id);
  });
});
