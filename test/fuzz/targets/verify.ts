import { equalBytes } from '../../../src/base/index.ts';
import { loadPrivateKey, nameFailure, type Usage, verifyChain } from '../../../src/verify/index.ts';
import { parseCertificate, publicKeyFromSpki, readPrivateKey, sameKey } from '../../../src/x509/index.ts';
import { mustHold, target, type Target } from '../target.ts';

export const verifyTargets: Readonly<Record<string, Target>> = {
  chain: target('der', verifyOne, {
    pace: 1 / 4,
    words: [
      '\x06\x03\x55\x1d\x1e',
      '\x06\x03\x55\x1d\x20',
      '\x06\x03\x55\x1d\x24',
      '\x06\x04\x55\x1d\x20\x00',
    ],
  }),
  'loaded-key': target('der', loadOne, {
    words: [
      '\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07',
      '\x06\x03\x2b\x65\x70',
      '\x02\x01\x00',
      '\x02\x01\x01',
    ],
    pace: 1 / 4,
  }),
};

/** What our own reader takes, Go takes for the same key. */
function loadOne(der: Uint8Array): void {
  const { publicKey, error } = loadPrivateKey(der);
  if (error !== undefined) mustHold(error.startsWith('tls: '), 'a refusal has words');
  else
    mustHold(sameKey(publicKeyFromSpki(publicKey.spki), publicKey), 'a public key is read as it is written');
  if (der[0] !== 0x30) return;
  const own = readPrivateKey(der).publicKey;
  mustHold(publicKey !== undefined && sameKey(own, publicKey), 'Go loads it too');
}

const AT = Date.UTC(2026, 10, 28);
const NAMES = ['node.example.test', '10.0.0.1', '[fd00::1]', '*.x', 'xn--', ''];
const USAGES: readonly Usage[] = ['server', 'client', 'any'];

/** A SEQUENCE of certificates: a leaf, then intermediates and, from the second half on, roots. */
function verifyOne(der: Uint8Array): void {
  const certificates = elements(der).map((element) => parseCertificate(element));
  const [leaf, ...others] = certificates;
  if (!leaf) return;
  const half = others.length >> 1;
  const intermediates = others.slice(0, half);
  const roots = others.slice(half);
  for (const name of NAMES) nameFailure(leaf, name);
  for (const usage of USAGES) {
    const found = verifyChain({ leaf, intermediates, roots, at: AT, usage });
    if (!found.ok) {
      mustHold(found.error.startsWith('x509: '), 'a refusal has words');
      continue;
    }
    for (const chain of found.chains) {
      const last = chain.at(-1)!;
      // A leaf that is trusted itself is its own chain.
      const isRoot = roots.some((root) => equalBytes(root.der, last.der));
      mustHold(chain[0] === leaf && isRoot, 'a chain goes from the leaf to a root');
    }
  }
}

/** At most 12 whole elements, whatever they are. */
function elements(der: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = headerLength(der, 0); at < der.length && found.length < 12; ) {
    const end = at + headerLength(der, at) + contentLength(der, at);
    found.push(der.subarray(at, end));
    at = end;
  }
  return found;
}

function headerLength(der: Uint8Array, at: number): number {
  const length = der[at + 1] ?? 0;
  return length < 0x80 ? 2 : 2 + Math.min(4, length & 0x7f);
}

function contentLength(der: Uint8Array, at: number): number {
  const octets = der.subarray(at + 2, at + headerLength(der, at));
  return octets.length === 0 ? (der[at + 1] ?? 0) : octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
