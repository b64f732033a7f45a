import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { concatBytes, utf8 } from '../../src/base/index.ts';
import { readInventory } from '../../src/inventory/index.ts';
import { credentialOf } from '../../src/trust/index.ts';
import { writePem, writePrivateKey } from '../../src/x509/index.ts';
import { keyOf, leafDraft, nameOf, rootDraft } from '../judges/mint.ts';
import { certificatePem, keyPem, smallEdges } from '../judges/breakable-cluster.ts';
import { goKeyPair } from './oracle.ts';

const tools = await realTools();
const root = rootDraft('KUBERNETES-CA', keyOf('root'));

const certificate = (role: string, algorithm: Parameters<typeof keyOf>[1]) =>
  certificatePem(leafDraft(nameOf('x'), keyOf(role, algorithm), root, []));
const block = (label: string, bytes: Uint8Array) => utf8(writePem(label, bytes));

/** Everything that may stand where a certificate or a key is looked for. */
const MATERIAL: Readonly<Record<string, Uint8Array>> = {
  // Not quite nothing: the oracle takes two empty texts for another question.
  nothing: utf8('\n'),
  words: utf8('hello\n'),
  'ecdsa certificate': certificate('a', 'ecdsa-p256'),
  'other ecdsa certificate': certificate('b', 'ecdsa-p256'),
  'P-384 certificate': certificate('c', 'ecdsa-p384'),
  'ed25519 certificate': certificate('d', 'ed25519'),
  'RSA certificate': certificate('e', 'rsa-2048'),
  chain: concatBytes([certificate('a', 'ecdsa-p256'), certificatePem(root)]),
  'chain with a broken end': concatBytes([
    certificate('a', 'ecdsa-p256'),
    block('CERTIFICATE', Uint8Array.of(0x30, 0)),
  ]),
  'ecdsa key': keyPem(keyOf('a')),
  'ecdsa key as SEC1': writePrivateKey(keyOf('a'), 'traditional').reveal(),
  'P-384 key': keyPem(keyOf('c', 'ecdsa-p384')),
  'ed25519 key': keyPem(keyOf('d', 'ed25519')),
  'RSA key as PKCS#1': writePrivateKey(keyOf('e', 'rsa-2048'), 'traditional').reveal(),
  'certificate and key': concatBytes([certificate('a', 'ecdsa-p256'), keyPem(keyOf('a'))]),
  'key and certificate': concatBytes([keyPem(keyOf('a')), certificate('a', 'ecdsa-p256')]),
  'two other blocks': concatBytes([block('A', Uint8Array.of(1)), block('B C', Uint8Array.of(1))]),
  'a public key': block('PUBLIC KEY', keyOf('a').publicKey.spki),
  'key that is none': block('EC PRIVATE KEY', Uint8Array.of(0x30, 0)),
  'encrypted key': block('ENCRYPTED PRIVATE KEY', Uint8Array.of(0x30, 0)),
};

const pairs = Object.keys(MATERIAL).flatMap((cert) => Object.keys(MATERIAL).map((key) => ({ cert, key })));
const edge = {
  ...smallEdges().etcd,
  presents: { kind: 'pair', certificate: 'nodes/n/crt', key: 'nodes/n/key' },
} as const;

function ours({ cert, key }: { cert: string; key: string }): string {
  const file = (path: string, name: string) => ({ path, mode: 0o600, bytes: MATERIAL[name]! });
  const found = credentialOf(edge, readInventory([file('nodes/n/crt', cert), file('nodes/n/key', key)]));
  return found?.kind === 'broken' ? found.error : '';
}

describe.skipIf('missing' in tools)('pairs of files against tls.X509KeyPair (needs Go)', () => {
  it(`gives Go's text for each of ${pairs.length} pairs`, async () => {
    const text = (name: string) => Buffer.from(MATERIAL[name]!).toString('latin1');
    const asked = pairs.map(({ cert, key }) => ({ cert: text(cert), key: text(key) }));
    const answers = 'missing' in tools ? [] : await goKeyPair(tools.oracle, asked);
    const differing = pairs.flatMap((pair, i) => {
      const go = answers[i]?.error;
      return ours(pair) === go ? [] : [{ ...pair, ours: ours(pair), go }];
    });
    expect(differing).toEqual([]);
    expect(new Set(answers.map(({ error }) => error)).size).toBeGreaterThan(8);
  });
});
