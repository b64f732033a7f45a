// What no component reads as it is, and `check` judges all the same.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type AuditedTree,
  authority,
  cleanTree,
  draftOf,
  keyFile,
} from '../../../test/judges/audited-tree.ts';
import { keyOf, leafDraft, mint, nameOf, NOW, rootDraft } from '../../../test/judges/mint.ts';
import { DAY, Secret } from '../../base/index.ts';
import { readInventory } from '../../inventory/index.ts';
import { writePem } from '../../x509/index.ts';
import { auditTree, countCertificates, placeText, type TreeInput } from '../index.ts';

let tree: AuditedTree;
beforeAll(async () => {
  tree = await cleanTree('flat');
});

const NODE = 'nodes/cp1';
const CA = `${NODE}/etc/kubernetes/pki/ca.crt`;
const b64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');

/** A leaf of the cluster's authority that ended yesterday. */
function ended(): Uint8Array {
  const { certificate, key } = authority(tree, 'cluster');
  const leaf = leafDraft(nameOf('web'), keyOf('agent'), draftOf(certificate, key, key), []);
  return mint({ ...leaf, keyUsage: ['digitalSignature'], notBefore: NOW - 9 * DAY, notAfter: NOW - DAY }).der;
}

const pemOf = (der: Uint8Array) => writePem('CERTIFICATE', der);
const keyPem = (name: string) => keyFile('', keyOf(name)).bytes;

function judged(files: Readonly<Record<string, Uint8Array | string>>, more: Partial<TreeInput> = {}) {
  const ca = tree.inventory.get(CA)?.bytes ?? new Uint8Array();
  const found = Object.entries({ [CA]: ca, ...files }).map(([path, bytes]) => ({
    path,
    mode: 0o600,
    bytes: Buffer.from(bytes),
  }));
  const input = { inventory: readInventory(found), at: NOW, ...more };
  return {
    count: countCertificates(input),
    told: auditTree(input)
      .filter(({ severity, group }) => severity !== 'info' && group !== 'form')
      .map(({ id, places }) => `${id} at ${places.map(placeText).join(' and ')}`),
    findings: auditTree(input),
  };
}

const secret = (name: string, data: Readonly<Record<string, Uint8Array | string>>) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace: 'kube-system', name },
    data: Object.fromEntries(Object.entries(data).map(([key, bytes]) => [key, b64(bytes)])),
  });

describe('what only a survey can read', () => {
  it('a certificate in DER is judged, at its place', () => {
    const { told } = judged({ [`${NODE}/srv/web.der`]: ended() });
    expect(told).toEqual([`expired at ${NODE}/srv/web.der`]);
  });

  it('Secrets of a dump: each certificate once, and every place is named', () => {
    const web = pemOf(ended());
    const dump = ['web', 'copy'].map((name) => secret(name, { 'tls.crt': web })).join('\n---\n');
    const { told, count } = judged({ [`${NODE}/dump.yaml`]: dump });
    expect(count).toBe(2);
    expect(told).toEqual([
      `expired at ${NODE}/dump.yaml: Secret kube-system/web, data.tls.crt and ${NODE}/dump.yaml: Secret kube-system/copy, data.tls.crt`,
    ]);
  });

  it('a Secret whose certificate is not of its key; one whose key fits', () => {
    const web = pemOf(ended());
    const dump = [
      secret('wrong', { 'tls.crt': web, 'tls.key': keyPem('a') }),
      secret('right', { 'tls.crt': web, 'tls.key': keyPem('agent') }),
    ].join('\n---\n');
    const { told } = judged({ [`${NODE}/dump.yaml`]: dump });
    expect(told.filter((one) => one.startsWith('pair-mismatch'))).toEqual([
      `pair-mismatch at ${NODE}/dump.yaml: Secret kube-system/wrong, data.tls.crt and ${NODE}/dump.yaml: Secret kube-system/wrong, data.tls.key`,
    ]);
  });

  it('keys in a dump that others may read', () => {
    const dump = secret('web', { 'tls.key': keyPem('agent') });
    const inventory = readInventory([{ path: `${NODE}/d.yaml`, mode: 0o644, bytes: Buffer.from(dump) }]);
    const found = auditTree({ inventory, at: NOW }).filter(({ id }) => id === 'key-beside-certificate');
    expect(found.map(({ where }) => where)).toEqual([
      { file: `${NODE}/d.yaml`, path: 'Secret kube-system/web, data.tls.key' },
    ]);
  });

  it('the caBundle of a webhook, a ConfigMap, a kubeconfig in a Secret', () => {
    const web = pemOf(ended());
    const hook = JSON.stringify({
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'policy' },
      webhooks: [{ clientConfig: { caBundle: b64(web) } }],
    });
    const map = JSON.stringify({
      kind: 'ConfigMap',
      metadata: { namespace: 'a', name: 'root' },
      data: { 'ca.crt': web },
    });
    const config = `apiVersion: v1\nkind: Config\nclusters: [{ name: c, cluster: { server: "https://a", certificate-authority-data: ${b64(web)} } }]\n`;
    const { told } = judged({
      [`${NODE}/dump.yaml`]: [hook, map, secret('s', { config })].join('\n---\n'),
    });
    const place = (inside: string) => `${NODE}/dump.yaml: ${inside}`;
    expect(told.find((one) => one.startsWith('expired'))).toBe(
      `expired at ${[
        place('ValidatingWebhookConfiguration policy, webhooks[0].clientConfig.caBundle'),
        place('ConfigMap a/root, data.ca.crt'),
        place('Secret kube-system/s, data.config, cluster c'),
      ].join(' and ')}`,
    );
  });

  it('an authority that has ended is a leftover where another stands beside it, and alone it is at fault', () => {
    const [old, young] = ['old', 'young'].map((name) => rootDraft(name, keyOf(name)));
    const ended = pemOf(mint({ ...old!, notBefore: NOW - 9 * DAY, notAfter: NOW - DAY }).der);
    const dump = [
      secret('both', { 'ca.crt': ended + pemOf(mint(young!).der) }),
      secret('alone', { 'ca.crt': ended }),
    ].join('\n---\n');
    const { findings } = judged({ [`${NODE}/dump.yaml`]: dump });
    expect(findings.map(({ id, where }) => `${id} at ${where.path}`)).toEqual(
      expect.arrayContaining([
        'authority-expired at Secret kube-system/alone, data.ca.crt',
        'anchor-leftover at Secret kube-system/both, data.ca.crt',
      ]),
    );
  });

  it('a damaged certificate in a dump is told with its object', () => {
    const dump = secret('web', { 'tls.crt': writePem('CERTIFICATE', Buffer.from('3000', 'hex')) });
    expect(judged({ [`${NODE}/dump.yaml`]: dump }).told).toEqual([
      `block-passed-over at ${NODE}/dump.yaml: Secret kube-system/web, data.tls.crt`,
    ]);
  });

  it('what a flag names is for what the flag is for; a pair by flags', () => {
    const unit = `[Service]\nExecStart=/usr/bin/kube-apiserver --tls-cert-file=/srv/a.pem --tls-private-key-file=/srv/b.pem\n`;
    const { told } = judged({
      [`${NODE}/etc/systemd/system/api.service`]: unit,
      [`${NODE}/srv/a.pem`]: pemOf(ended()),
      [`${NODE}/srv/b.pem`]: keyPem('a'),
    });
    expect(told).toEqual(
      expect.arrayContaining([
        `pair-mismatch at ${NODE}/srv/a.pem and ${NODE}/srv/b.pem`,
        `server-usage at ${NODE}/srv/a.pem`,
      ]),
    );
  });

  const PKCS12 = spawnSync('openssl', ['version']).status === 0;
  it.skipIf(!PKCS12)('a keystore is shut without its password, and judged with it (needs openssl)', () => {
    const directory = mkdtempSync(join(tmpdir(), 'kubetls-beyond-'));
    try {
      const at = (name: string) => join(directory, name);
      writeFileSync(at('web.crt'), pemOf(ended()));
      writeFileSync(at('web.key'), keyPem('agent'), { mode: 0o600 });
      const made = spawnSync(
        'openssl',
        'pkcs12 -export -in web.crt -inkey web.key -name web -passout pass:changeit -out web.p12'.split(' '),
        { cwd: directory },
      );
      expect(made.status, String(made.stderr)).toBe(0);
      const store = { [`${NODE}/web.p12`]: readFileSync(at('web.p12')) };
      expect(judged(store).told).toEqual([`file-unseen at ${NODE}/web.p12`]);
      const password = (text: string) => ({ password: new Secret(Buffer.from(text)) });
      expect(judged(store, password('wrong')).told).toEqual([`file-unseen at ${NODE}/web.p12`]);
      const { told, count } = judged(store, password('changeit'));
      expect(told).toEqual([`expired at ${NODE}/web.p12: entry web`]);
      expect(count).toBe(2);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('one place is never taken for another, whatever it is called', () => {
    const dump = secret('x\u0000y', { 'tls.crt': pemOf(ended()) });
    const [first] = judged({ [`${NODE}/dump: Secret a.yaml`]: dump }).findings;
    expect(first?.where.file).toBe(`${NODE}/dump: Secret a.yaml`);
  });
});
