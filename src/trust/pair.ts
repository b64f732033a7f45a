import { expectedFailure } from '../base/index.ts';
import type { StatePath } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import {
  type Certificate,
  hasByteOrderMark,
  parseCertificateBy,
  type PemBlock,
  type PublicKey,
  readPemAsGo,
  sameKey,
} from '../x509/index.ts';
import { type GoRules, loadPrivateKey, parseRefusal } from '../verify/index.ts';
import { notFound } from './places.ts';
import { type Broken, broken, bytesOf, countBlocks, remember, type Source } from './sources.ts';

/** A certificate and what follows it in its file, as they go over the wire. */
export interface Chain {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  /** Why a peer cannot read one of what is sent, and its place; who sends it does not look. The leaf is at 0. */
  readonly unreadable: { readonly error: string; readonly at: number } | undefined;
}

/** Of what follows the leaf each is a certificate, or Go's reason why it is none. */
export function chainOf(leaf: Certificate, rest: readonly (Certificate | string)[]): Chain {
  const intermediates = rest.filter((one) => typeof one !== 'string');
  const [unreadable] = rest.flatMap((one, i) => (typeof one === 'string' ? { error: one, at: i + 1 } : []));
  return { leaf, intermediates, unreadable };
}

/** A chain with the key that belongs to it, and where the two were read from. */
export interface Pair {
  readonly kind: 'pair';
  readonly chain: Chain;
  readonly certificate: Source;
  readonly key: Source;
}

/** tls.LoadX509KeyPair */
export function loadPairFiles(
  certificate: StatePath,
  key: StatePath,
  inventory: Inventory,
  rules?: GoRules,
): Pair | Broken {
  const [first, second] = [inventory.get(certificate), inventory.get(key)];
  if (!first) return broken(notFound(certificate));
  if (!second) return broken(notFound(key));
  return loadPair(first, second, rules);
}

/** tls.X509KeyPair (crypto/tls/tls.go): PEM of both, then the leaf, the key, and whether they belong together. */
export function loadPair(certificate: Source, key: Source, rules?: GoRules): Pair | Broken {
  const [chain, secret] = [chainFrom(certificate, rules), keyFrom(key)];
  for (const step of ['pem', 'value']) {
    for (const read of [chain, secret])
      if ('failed' in read && read.failed === step) return broken(read.error);
  }
  if ('failed' in chain || 'failed' in secret) return broken('tls: failed to parse private key');
  return mismatch(chain, secret) ?? { kind: 'pair', chain, certificate, key };
}

interface Failed {
  readonly failed: 'pem' | 'value';
  readonly error: string;
}

function mismatch({ leaf }: Chain, publicKey: PublicKey): Broken | undefined {
  const { kind } = leaf.publicKey;
  if (kind === 'unknown') return broken('tls: unknown public key algorithm');
  if (kind !== publicKey.kind) return broken('tls: private key type does not match public key type');
  return sameKey(leaf.publicKey, publicKey)
    ? undefined
    : broken('tls: private key does not match public key');
}

const chainFrom = remember<Chain | Failed>(chainIn, (read) => !('failed' in read) && isWhole(read));

/** All of it can be read by the newest Go. */
export function isWhole({ unreadable }: Chain): boolean {
  return unreadable === undefined;
}

function chainIn(source: Source, rules: GoRules): Chain | Failed {
  if (!(source instanceof Uint8Array) && source.content.kind === 'certificates') {
    const { certificates, problems } = source.content;
    const [leaf, ...intermediates] = certificates;
    // An inventory passes over blocks that are no certificate; a peer would not.
    if (leaf && problems.length === 0) return { leaf, intermediates, unreadable: undefined };
  }
  return readChain(bytesOf(source), rules);
}

function readChain(bytes: Uint8Array, rules: GoRules): Chain | Failed {
  const blocks = blocksOf(bytes);
  const [first, ...rest] = blocks.filter(({ label }) => label === 'CERTIFICATE');
  if (!first) return { failed: 'pem', error: noCertificate(blocks) };
  const parsed = (der: Uint8Array) => attempt(() => parseCertificateBy(der, rules), rules);
  const leaf = parsed(first.bytes);
  if (leaf.error !== undefined) return { failed: 'value', error: leaf.error };
  return chainOf(
    leaf.value,
    rest.map(({ bytes: der }) => {
      const { value, error } = parsed(der);
      return error ?? value;
    }),
  );
}

function blocksOf(bytes: Uint8Array): readonly PemBlock[] {
  return attempt(() => readPemAsGo(bytes)).value ?? [];
}

function noCertificate(blocks: readonly PemBlock[]): string {
  const labels = blocks.map(({ label }) => label);
  if (labels.length === 0) return 'tls: failed to find any PEM data in certificate input';
  if (labels.length === 1 && labels[0]?.endsWith('PRIVATE KEY')) {
    return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  }
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${labels.join(' ')}]`;
}

const keyFrom = remember<PublicKey | Failed>(keyOf, () => true);

function keyOf(source: Source): PublicKey | Failed {
  if (!(source instanceof Uint8Array) && source.content.kind === 'private-key') {
    // With one block there is no question which of them counts.
    if (countBlocks(source.bytes) === 1 && !hasByteOrderMark(source.bytes))
      return source.content.key.publicKey;
  }
  return readKey(bytesOf(source));
}

function readKey(bytes: Uint8Array): PublicKey | Failed {
  const blocks = blocksOf(bytes);
  const block = blocks.find(({ label }) => /^(.* )?PRIVATE KEY$/.test(label));
  if (!block) return { failed: 'pem', error: noKey(blocks.map(({ label }) => label)) };
  const { publicKey, error } = loadPrivateKey(block.bytes);
  return publicKey ?? { failed: 'value', error };
}

function noKey(labels: readonly string[]): string {
  if (labels.length === 0) return 'tls: failed to find any PEM data in key input';
  if (labels.length === 1 && labels[0] === 'CERTIFICATE') {
    return 'tls: found a certificate rather than a key in the PEM for the private key';
  }
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${labels.join(' ')}]`;
}

type Attempt<T> =
  | { readonly value: T; readonly error: undefined }
  | { readonly value: undefined; readonly error: string };

function attempt<T>(read: () => T, rules?: GoRules): Attempt<T> {
  try {
    return { value: read(), error: undefined };
  } catch (error) {
    return { value: undefined, error: parseRefusal(expectedFailure(error), rules) };
  }
}
