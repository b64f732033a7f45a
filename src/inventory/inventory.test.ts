import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asBuffer } from '../base/index.ts';
import { type Content, type FileChange, type FoundFile, type Inventory, readInventory } from './index.ts';

/** Made by openssl req -x509; good until 2126. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBhjCCAS2gAwIBAgIUEJ31/6rvD6uzWa2eSiNnZz/Uv2EwCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNa3ViZXJuZXRlcy1jYTAgFw0yNjExMjMwNjMxNDNaGA8yMTI2
MTAzMDA2MzE0M1owGDEWMBQGA1UEAwwNa3ViZXJuZXRlcy1jYTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABPQxxt0wndO1DsEg5jBEQ7MzHOj1eWC2R68ZWKB57CdA
xvp9lEF3dEjWkYMJX1pT1EaeS5UjF/jQRPGFQULlB+6jUzBRMB0GA1UdDgQWBBQ0
iCpJREdBo3bt3K+ArcLI26Ap0TAfBgNVHSMEGDAWgBQ0iCpJREdBo3bt3K+ArcLI
26Ap0TAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIDBu/JW88znP
uhMv8ly2PqAJmQRZjW0v8xsni3kDRPkgAiAMzlJqqqK0f6FhzHy2bdqP83Dz5/n/
nelNWYI2NcjmwA==
-----END CERTIFICATE-----
`;

const OTHER_BLOCK = '-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n';

const KUBECONFIG = `apiVersion: v1
kind: Config
clusters: [{ name: demo, cluster: { server: "https://kube-apiserver:6443" } }]
users: [{ name: admin, user: { client-certificate: admin.crt, client-key: admin.key } }]
contexts: [{ name: admin@demo, context: { cluster: demo, user: admin } }]
current-context: admin@demo
`;

function found(path: string, content: string | Uint8Array, mode = 0o644): FoundFile {
  return { path, mode, bytes: typeof content === 'string' ? Buffer.from(content) : content };
}

function contentOf(content: string | Uint8Array): Content {
  const entry = readInventory([found('nodes/a/file', content)]).get('nodes/a/file');
  if (!entry) throw new Error('the file was not taken in');
  return entry.content;
}

function reasonFor(content: string | Uint8Array): string {
  const read = contentOf(content);
  return read.kind === 'unreadable' ? `${read.failure.code}: ${read.failure.message}` : read.kind;
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const pem = 'pem';
/** openssl ecparam -name prime256v1 */
const EC_PARAMETERS = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';

describe('what a file holds', () => {
  it('certificates: one, several, and with text around them', () => {
    const one = contentOf(CERTIFICATE);
    expect(one.kind === 'certificates' && one.certificates.map(({ der }) => asBuffer(der))).toEqual([
      new X509Certificate(CERTIFICATE).raw,
    ]);
    const two = contentOf(`Subject: CN=kubernetes-ca\n${CERTIFICATE}\n# the same once more\n${CERTIFICATE}`);
    expect(two.kind === 'certificates' && two.certificates.length).toBe(2);
  });

  it.each([
    ['PKCS#1', rsa, rsa.privateKey.export({ type: 'pkcs1', format: pem })],
    ['PKCS#8 of RSA', rsa, rsa.privateKey.export({ type: 'pkcs8', format: pem })],
    ['SEC1', ec, ec.privateKey.export({ type: 'sec1', format: pem })],
    [
      'SEC1 behind EC PARAMETERS',
      ec,
      EC_PARAMETERS + ec.privateKey.export({ type: 'sec1', format: pem }).toString(),
    ],
    ['PKCS#8 of ECDSA', ec, ec.privateKey.export({ type: 'pkcs8', format: pem })],
    ['PKCS#8 of Ed25519', ed, ed.privateKey.export({ type: 'pkcs8', format: pem })],
  ])('a private key: %s', (_, pair, text) => {
    const content = contentOf(text);
    if (content.kind !== 'private-key') throw new Error(inspect(content));
    expect(asBuffer(content.key.publicKey.spki)).toEqual(
      pair.publicKey.export({ type: 'spki', format: 'der' }),
    );
  });

  it('a public key, as kubeadm’s sa.pub', () => {
    const content = contentOf(rsa.publicKey.export({ type: 'spki', format: pem }));
    expect(content.kind === 'public-key' && content.key.name).toBe('rsa-2048');
  });

  it('a certificate with its key in one file, as the kubelet keeps it, counts as certificate', () => {
    expect(contentOf(ec.privateKey.export({ type: 'sec1', format: pem }) + CERTIFICATE).kind).toBe(
      'certificates',
    );
  });

  it('a kubeconfig, in YAML and in JSON, also one that holds PEM in its text', () => {
    const yaml = contentOf(KUBECONFIG);
    expect(yaml.kind === 'kubeconfig' && yaml.config.currentContext).toBe('admin@demo');
    expect(contentOf('{"kind":"Config","apiVersion":"v1","current-context":"x"}').kind).toBe('kubeconfig');
    expect(contentOf(`${KUBECONFIG}note: |\n  ${CERTIFICATE.replaceAll('\n', '\n  ')}\n`).kind).toBe(
      'kubeconfig',
    );
  });

  it.each([
    ['nothing', '', 'inventory/empty: the file is empty'],
    ['blanks', ' \n\t\n', 'inventory/empty: the file is empty'],
    ['a binary file', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0]), 'inventory/binary: the file is binary'],
    ['DER', new X509Certificate(CERTIFICATE).raw, 'inventory/der: the file is DER; Kubernetes reads PEM'],
    [
      'another PEM',
      OTHER_BLOCK,
      'inventory/unknown-pem: the file holds neither a certificate nor a key, but: X509 CRL',
    ],
    ['text', 'just: some\nyaml: here\n', 'inventory/unknown: the file is neither PEM nor a kubeconfig'],
    [
      'too much',
      Buffer.alloc((1 << 20) + 1, 'a'),
      'inventory/too-large: the file is larger than 1048576 bytes',
    ],
  ])('%s is unreadable, with the reason', (_, content, reason) => {
    expect(reasonFor(content)).toBe(reason);
  });

  it.each([
    ['a certificate that is cut off', CERTIFICATE.slice(0, 300)],
    ['a certificate with a flipped byte in its head', CERTIFICATE.replace('MIIBhj', 'MIIBXX')],
    ['a key that is cut off', ec.privateKey.export({ type: 'sec1', format: pem }).slice(0, 80)],
    [
      'an encrypted key',
      ec.privateKey.export({ type: 'pkcs8', format: pem, cipher: 'aes-256-cbc', passphrase: 'x' }),
    ],
    [
      'another kind of Kubernetes file',
      'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n',
    ],
    ['broken YAML', 'clusters: [}'],
  ])('%s is unreadable, and the failure names the file', (_, text) => {
    const content = contentOf(text);
    if (content.kind !== 'unreadable') throw new Error(inspect(content));
    expect(content.failure.message).toBeTruthy();
    expect(content.failure.where?.file).toBe('nodes/a/file');
  });

  it('never throws, whatever the bytes, and whatever is done to a good file', () => {
    const good = [CERTIFICATE, KUBECONFIG, ec.privateKey.export({ type: 'sec1', format: pem }).toString()];
    fc.assert(
      fc.property(fc.constantFrom(...good), fc.nat(), fc.uint8Array({ maxLength: 20 }), (text, at, noise) => {
        const bytes = Buffer.from(text);
        bytes.set(noise.subarray(0, bytes.length), at % Math.max(1, bytes.length - noise.length));
        expect(contentOf(bytes).kind).toBeTruthy();
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(contentOf(bytes).kind).toBeTruthy();
      }),
      { numRuns: 500 },
    );
  });

  it('prints no private key', () => {
    const key = rsa.privateKey.export({ type: 'pkcs8', format: 'der' });
    const content = contentOf(rsa.privateKey.export({ type: 'pkcs8', format: pem }));
    const printed = inspect(content, { depth: 10, showHidden: true }) + JSON.stringify(content);
    expect(printed).toContain('[secret]');
    expect(printed).not.toContain(key.toString('base64').slice(40, 80));
  });
});

describe('an inventory', () => {
  const files = ['nodes/b/x', 'nodes/a/ca.crt', 'nodes/b/ca.crt'].map((path) =>
    found(path, CERTIFICATE, 0o640),
  );

  it('has each file with its mode, bytes and SHA-256, in order of path', () => {
    const inventory = readInventory(files);
    expect([...inventory.entries.keys()]).toEqual(['nodes/a/ca.crt', 'nodes/b/ca.crt', 'nodes/b/x']);
    const entry = inventory.get('nodes/a/ca.crt');
    expect(entry?.mode).toBe(0o640);
    expect(entry?.sha256).toBe(createHash('sha256').update(CERTIFICATE).digest('hex'));
    expect(inventory.get('nodes/c')).toBeUndefined();
  });

  it('parses equal bytes once, for all their places, also those that come later', () => {
    const inventory = readInventory(files);
    const later = inventory.withFiles([found('users/u/ca.crt', CERTIFICATE)]);
    const contents = ['nodes/a/ca.crt', 'nodes/b/x'].map((path) => inventory.get(path)?.content);
    expect(contents[0]).toBe(contents[1]);
    expect(later.get('users/u/ca.crt')?.content).toBe(contents[0]);
  });

  it('takes the word of who made the bytes for what they hold', () => {
    const content: Content = { kind: 'certificates', certificates: [], problems: [] };
    const inventory = readInventory([]).withFiles([{ ...found('nodes/a/x', 'anything'), content }]);
    expect(inventory.get('nodes/a/x')?.content).toBe(content);
  });

  it('changes by giving a changed copy, and stays as it is', () => {
    const before = readInventory(files);
    const changed = before.withFiles([
      found('nodes/a/ca.crt', KUBECONFIG),
      { path: 'nodes/b/x', remove: true },
      found('nodes/0', ''),
    ]);
    expect([...changed.entries.keys()]).toEqual(['nodes/0', 'nodes/a/ca.crt', 'nodes/b/ca.crt']);
    expect(changed.get('nodes/b/x')).toBeUndefined();
    expect(changed.get('nodes/a/ca.crt')?.content.kind).toBe('kubeconfig');
    expect(changed.get('nodes/b/ca.crt')).toBe(before.get('nodes/b/ca.crt'));
    expect([...before.entries.keys()]).toEqual(['nodes/a/ca.crt', 'nodes/b/ca.crt', 'nodes/b/x']);
    expect(before.get('nodes/a/ca.crt')?.content.kind).toBe('certificates');
  });

  it('agrees with a plain map, whatever is changed, and from whichever version', () => {
    const path = fc.integer({ min: 0, max: 200 }).map((n) => `nodes/${n}`);
    const change: fc.Arbitrary<FileChange> = fc.oneof(
      fc.record({ path, mode: fc.nat(0o777), bytes: fc.constant(new Uint8Array()) }),
      fc.record({ path, remove: fc.constant(true as const) }),
    );
    const step = fc.record({ from: fc.nat(), changes: fc.array(change, { maxLength: 5 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const versions: { inventory: Inventory; model: Map<string, number> }[] = [
          { inventory: readInventory([found('nodes/7', '', 1)]), model: new Map([['nodes/7', 1]]) },
        ];
        for (const { from, changes } of steps) {
          const base = versions[from % versions.length];
          if (!base) throw new Error('there is always a first version');
          const model = new Map(base.model);
          for (const one of changes) {
            if ('remove' in one) model.delete(one.path);
            else model.set(one.path, one.mode);
          }
          versions.push({ inventory: base.inventory.withFiles(changes), model });
        }
        for (const { inventory, model } of versions) {
          expect(new Map([...inventory.entries].map(([at, { mode }]) => [at, mode]))).toEqual(model);
          for (const at of ['nodes/0', 'nodes/7', 'nodes/100'])
            expect(inventory.get(at)?.mode).toBe(model.get(at));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keeps paths apart whose hashes are the same', () => {
    // FNV-1a, 32 bits: a well-known pair.
    const [a, b] = ['costarring', 'liquid'];
    const inventory = readInventory([]).withFiles([found(a, 'a', 1), found(b, 'b', 2)]);
    expect([inventory.get(a)?.mode, inventory.get(b)?.mode]).toEqual([1, 2]);
    const without = inventory.withFiles([{ path: a, remove: true }]);
    expect([...without.entries.keys()]).toEqual([b]);
  });

  it('takes 10,000 small changes in a row at the cost of the changes', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => found(`nodes/node-${i}/ca.crt`, CERTIFICATE));
    const first = readInventory(many);
    let inventory = first;
    // A copy of 10,000 entries at each step would be 100 million: minutes, and gigabytes.
    for (const { path } of many)
      inventory = inventory.withFiles([found(path, 'new', 1), found(`${path}.key`, 'k', 1)]);
    expect(inventory.entries.size).toBe(20_000);
    expect(inventory.get('nodes/node-9999/ca.crt')?.mode).toBe(1);
    expect(first.entries.size).toBe(10_000);
    expect(first.get('nodes/node-9999/ca.crt')?.mode).toBe(0o644);
  });
});
