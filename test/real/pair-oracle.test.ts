import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { concatBytes, utf8 } from '../../src/base/index.ts';
import { readInventory } from '../../src/inventory/index.ts';
import { credentialOf } from '../../src/trust/index.ts';
import { writePem, writePrivateKey } from '../../src/x509/index.ts';
import { keyOf, leafDraft, nameOf, rootDraft } from '../judges/mint.ts';
import { certificatePem, keyPem, smallEdges } from '../judges/breakable-cluster.ts';
import { strangeKeys } from '../judges/strange-private-keys.ts';
import { goKeyPair } from './oracle.ts';
import { damagedOnes } from './parser-mutations.ts';

const tools = await realTools();
const root = rootDraft('KUBERNETES-CA', keyOf('root'));

const certificate = (role: string, algorithm: Parameters<typeof keyOf>[1]) =>
  certificatePem(leafDraft(nameOf('x'), keyOf(role, algorithm), root, []));
const MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
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
  'certificate behind a byte order mark': concatBytes([MARK, certificate('a', 'ecdsa-p256')]),
  'key behind a byte order mark': concatBytes([MARK, keyPem(keyOf('a'))]),
  'key of another kind before a key': concatBytes([
    block('OPENSSH PRIVATE KEY', Uint8Array.of(1)),
    keyPem(keyOf('a')),
  ]),
  'key, its kind told wrongly': block('RSA PRIVATE KEY', keyOf('a').pkcs8.reveal()),
  'key of an odd kind': block('MY OWN PRIVATE KEY', keyOf('a').pkcs8.reveal()),
  'key of almost a kind': block('MYPRIVATE KEY', keyOf('a').pkcs8.reveal()),
  'key that is not PEM': keyOf('a').pkcs8.reveal(),
  'key with headers': utf8(
    writePem('PRIVATE KEY', keyOf('a').pkcs8.reveal()).replace(
      'KEY-----\n',
      'KEY-----\nProc-Type: 4,ENCRYPTED\n\n',
    ),
  ),
};

const edge = {
  ...smallEdges().etcd,
  presents: { kind: 'pair', certificate: 'nodes/n/crt', key: 'nodes/n/key' },
} as const;

interface Case {
  readonly name: string;
  readonly cert: Uint8Array;
  readonly key: Uint8Array;
}

function ours({ cert, key }: Case): string {
  const file = (path: string, bytes: Uint8Array) => ({ path, mode: 0o600, bytes });
  const found = credentialOf(edge, readInventory([file('nodes/n/crt', cert), file('nodes/n/key', key)]));
  return found?.kind === 'broken' ? found.error : '';
}

async function judged(cases: readonly Case[]) {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
  const asked = cases.map(({ cert, key }) => ({ cert: text(cert), key: text(key) }));
  const answers = 'missing' in tools ? [] : await goKeyPair(tools.oracle, asked);
  const differing = cases.flatMap((one, i) => {
    const [own, go] = [ours(one), answers[i]?.error];
    return own === go
      ? []
      : [{ name: one.name, ours: own, go, key: Buffer.from(one.key).toString('latin1') }];
  });
  return { differing, texts: new Set(answers.map(({ error }) => error)) };
}

const files = Object.entries(MATERIAL);
const pairs = files.flatMap(([first, cert]) =>
  files.map(([second, key]) => ({ name: `${first} with ${second}`, cert, key })),
);
const certificates = ['ecdsa certificate', 'ed25519 certificate', 'RSA certificate'].map((name) => ({
  name,
  cert: MATERIAL[name]!,
}));
const strange = strangeKeys({
  ecdsa: keyOf('a'),
  rsa: keyOf('e', 'rsa-2048'),
  ed25519: keyOf('d', 'ed25519'),
});
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);
const DAMAGED = 3_000;

/** With each certificate: what was read shows as the key of one, and not of the others. */
const withEach = (name: string, der: Uint8Array): Case[] =>
  certificates.map((one) => ({
    name: `${one.name} with ${name}`,
    cert: one.cert,
    key: block('PRIVATE KEY', der),
  }));

describe.skipIf('missing' in tools)('pairs of files against tls.X509KeyPair (needs Go)', () => {
  it(`gives Go's text for each of ${pairs.length} pairs`, async () => {
    const { differing, texts } = await judged(pairs);
    expect(differing).toEqual([]);
    expect(texts.size).toBeGreaterThan(8);
  });

  it('reads the private keys that Go reads, however they were written', async () => {
    const { differing, texts } = await judged(
      Object.entries(strange).flatMap(([name, der]) => withEach(name, der)),
    );
    expect(differing).toEqual([]);
    expect(texts.size).toBe(5);
  });

  it(`and of ${DAMAGED} damaged ones, seed ${seed}`, async () => {
    const good = ['SEC1, whole', 'PKCS#8, whole', 'PKCS#1, whole', 'RSA in PKCS#8', 'Ed25519, whole'];
    const ders = good.map((name) => strange[name]!);
    const cases = damagedOnes(ders, DAMAGED, seed).flatMap((der, i) => withEach(`damaged ${i}`, der));
    const { differing, texts } = await judged(cases);
    expect(differing).toEqual([]);
    expect(texts.size).toBeGreaterThan(3);
  });
});
