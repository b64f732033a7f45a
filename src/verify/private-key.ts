/**
 * Private keys as crypto/tls loads them (tls.go, parsePrivateKey): PKCS#1, PKCS#8 and SEC1 are tried one after the
 * other, whatever the label says, and much is passed over that our own reader refuses: a public key that is not
 * its own, and whatever follows.
 */
import { toHex } from '../base/index.ts';
import {
  curveByOctets,
  ecdhOf,
  ecdsaKey,
  ed25519KeyFromSeed,
  type PublicKey,
  rsaKey,
  Tag,
} from '../x509/index.ts';
import { type Element, unmarshal } from './asn1.ts';
import { Misfit } from './asn1-values.ts';
import { OCTETS, OID, PKCS1, PKCS8, SEC1, VERSIONED } from './private-key-shapes.ts';
import { fitsTogether, type RsaPrivate } from './rsa-private.ts';

/** The public half of the key; or Go's text. */
export type LoadedKey =
  | { readonly publicKey: PublicKey; readonly error?: undefined }
  | { readonly publicKey?: undefined; readonly error: string };

/** `der`: the content of the first block whose label ends with `PRIVATE KEY`. */
export function loadPrivateKey(der: Uint8Array): LoadedKey {
  if (der.length > MOST_BYTES) return { error: UNREAD };
  const second = attempt(() => der[secondAt(der)]);
  const rsa = second === Tag.integer ? attempt(() => pkcs1(der)) : undefined;
  if (rsa) return { publicKey: rsa };
  const wrapped = second === Tag.sequence ? attempt(() => pkcs8(der)) : undefined;
  if (wrapped === UNKNOWN) return { error: 'tls: found unknown private key type in PKCS#8 wrapping' };
  const publicKey = wrapped ?? attempt(() => sec1(der, undefined));
  return publicKey ? { publicKey } : { error: UNREAD };
}

const UNREAD = 'tls: failed to parse private key';
/** Ours, as for every key (x509/keys.ts). */
const MOST_BYTES = 64 * 1024;

/** Where what follows the version begins, by which the three differ; to try one that does not fit costs more than all else. */
function secondAt(der: Uint8Array): number {
  const { content, parts } = unmarshal(der, 0, { shape: VERSIONED })!;
  return content.byteOffset - der.byteOffset + parts[0]!.bytes.length;
}

/** X25519, which signs nothing. */
const UNKNOWN = 'unknown';

function pkcs1(der: Uint8Array): PublicKey | undefined {
  const { bytes, parts } = unmarshal(der, 0, { shape: PKCS1 })!;
  if (bytes.length < der.length) return undefined;
  const [version, n, e, d, p, q, dp, dq, qi, more] = parts;
  if (signed(version!) > 1n) return undefined;
  const key: RsaPrivate = {
    n: signed(n!),
    e: signed(e!),
    d: signed(d!),
    primes: [p!, q!, ...(more?.parts.map((prime) => prime!.parts[0]!) ?? [])].map(signed),
    dp: dp && signed(dp),
    dq: dq && signed(dq),
    qi: qi && signed(qi),
  };
  if (!fitsTogether(key)) return undefined;
  return rsaKey(bytes, n!.bytes, e!.bytes, key.n.toString(2).length).publicKey;
}

function pkcs8(der: Uint8Array): PublicKey | typeof UNKNOWN | undefined {
  const [, algorithm, key] = unmarshal(der, 0, { shape: PKCS8 })!.parts;
  const [oid, parameters] = algorithm!.parts;
  const { content } = key!;
  switch (toHex(oid!.content)) {
    case ALGORITHM.rsa:
      return pkcs1(content);
    case ALGORITHM.ecdsa:
      return sec1(content, parameters && attempt(() => unmarshal(parameters.bytes, 0, OID)));
    case ALGORITHM.ed25519:
      return parameters ? undefined : ed25519(content);
    case ALGORITHM.x25519:
      return parameters || seedIn(content) === undefined ? undefined : UNKNOWN;
    default:
      return undefined;
  }
}

const ALGORITHM = {
  rsa: '2a864886f70d010101',
  ecdsa: '2a8648ce3d0201',
  ed25519: '2b6570',
  x25519: '2b656e',
} as const;

/** `named`: by what is around it, which then counts. */
function sec1(der: Uint8Array, named: Element | undefined): PublicKey | undefined {
  const [version, scalar, inside] = unmarshal(der, 0, { shape: SEC1 })!.parts;
  if (signed(version!) !== 1n) return undefined;
  const oid = named ?? inside;
  const curve = oid && curveByOctets(oid.content);
  const fitted = curve && paddedTo(scalar!.content, curve.octets);
  if (!fitted) return undefined;
  const ecdh = ecdhOf(curve);
  try {
    ecdh.setPrivateKey(fitted);
  } catch {
    // Zero, or not below the order of the curve.
    return undefined;
  }
  return ecdsaKey(curve, fitted, ecdh.getPublicKey()).publicKey;
}

/** Zeros too many or too few in front are wrong in SEC1, and made good. */
function paddedTo(bytes: Uint8Array, octets: number): Uint8Array | undefined {
  const surplus = Math.max(0, bytes.length - octets);
  if (bytes.subarray(0, surplus).some((octet) => octet !== 0)) return undefined;
  const padded = new Uint8Array(octets);
  const rest = bytes.subarray(surplus);
  padded.set(rest, octets - rest.length);
  return padded;
}

function ed25519(content: Uint8Array): PublicKey | undefined {
  const seed = seedIn(content);
  return seed && ed25519KeyFromSeed(seed).publicKey;
}

function seedIn(content: Uint8Array): Uint8Array | undefined {
  const seed = unmarshal(content, 0, OCTETS)!.content;
  return seed.length === 32 ? seed : undefined;
}

function signed({ content }: Element): bigint {
  return BigInt.asIntN(content.length * 8, BigInt(`0x${toHex(content)}`));
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Misfit) return undefined;
    throw error;
  }
}
