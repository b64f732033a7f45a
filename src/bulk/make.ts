/** The work itself, the same in every process: drafts to certificates and keys, a stage at a time. */
import { systemKeys } from '../apply/index.ts';
import type { Instant, Random } from '../base/index.ts';
import { type Authority, issueCertificates } from '../issue/index.ts';
import { type Curve, CURVES, ecdhOf, ecdsaKey, type KeyAlgorithm, type PrivateKey } from '../x509/index.ts';
import type { BulkOrder, Draft, Made } from './types.ts';

type CurveAlgorithm = KeyAlgorithm & keyof typeof CURVES;

export function isCurve(key: BulkOrder['key']): key is CurveAlgorithm {
  return typeof key === 'string' && key in CURVES;
}

export function draftOf({ template, key }: BulkOrder, random: Random): Draft {
  const scalar = isCurve(key) ? scalarOf(key, random) : undefined;
  return { template, key, scalar, serial: random.bytes(Math.ceil(template.serialBits / 8)) };
}

function scalarOf(algorithm: CurveAlgorithm, random: Random): Uint8Array {
  const { octets, bits } = CURVES[algorithm];
  const scalar = random.bytes(octets);
  scalar[0] = scalar[0]! & (0xff >> (octets * 8 - bits));
  return scalar;
}

/** @throws KubetlsError as `issueCertificates` */
export function make(drafts: readonly Draft[], authority: Authority, now: Instant): Made[] {
  const keys = keysFor(drafts);
  const certificates = issueCertificates(
    drafts.map(({ template, key, serial }, i) => {
      const publicKey = typeof key === 'string' ? keys[i]!.publicKey : key;
      return { template, publicKey, authority, now, random: once(serial) };
    }),
  );
  return certificates.map((certificate, i) => ({ certificate, key: keys[i] }));
}

function keysFor(drafts: readonly Draft[]): (PrivateKey | undefined)[] {
  const source = systemKeys();
  return drafts.map(({ key, scalar }) => {
    if (typeof key !== 'string') return undefined;
    if (!isCurve(key)) return source.generate(key);
    const curve = CURVES[key];
    return ecdsaKey(curve, scalar!, pointOf(curve, scalar!));
  });
}

/** @throws where a scalar is none of its curve: of random ones, one in 2^32 */
function pointOf(curve: Curve, scalar: Uint8Array): Uint8Array {
  const ecdh = ecdhOf(curve);
  ecdh.setPrivateKey(scalar);
  return ecdh.getPublicKey();
}

/** Gives what was drawn before. */
function once(drawn: Uint8Array): Random {
  let left: Uint8Array | undefined = drawn;
  return {
    bytes() {
      const bytes = left;
      left = undefined;
      // One draw in 2^63 is no serial number.
      if (!bytes) throw new Error('a number that was drawn makes no serial number');
      return bytes;
    },
  };
}
