import { hexOf } from './strings.ts';

/**
 * Points of the NIST curves: y² = x³ - 3x + b (mod p), SP 800-186, 3.2.1. Public data only, so that it
 * need not run in constant time; node:crypto could say the same, ten times slower.
 */
interface CurveEquation {
  readonly p: bigint;
  readonly b: bigint;
  readonly octets: number;
}

/** By field size in bits. */
const EQUATIONS: Readonly<Record<number, CurveEquation>> = {
  224: {
    p: 2n ** 224n - 2n ** 96n + 1n,
    b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
    octets: 28,
  },
  256: {
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    octets: 32,
  },
  384: {
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    octets: 48,
  },
  521: {
    p: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    octets: 66,
  },
};

const UNCOMPRESSED = 0x04;

/**
 * What is wrong with an uncompressed point (SEC 1, 2.3.4) that stands in `bytes` from `start` to `end`, in
 * Go's words (crypto/ecdsa ParseUncompressedPublicKey, crypto/internal/fips140/nistec); undefined when it
 * lies on the curve of that size.
 */
export function pointProblem(
  bytes: Uint8Array,
  start: number,
  end: number,
  bits: number,
): string | undefined {
  const curve = EQUATIONS[bits];
  if (!curve || start === end || bytes[start] !== UNCOMPRESSED)
    return 'ecdsa: invalid uncompressed public key';
  if (end - start !== 1 + 2 * curve.octets) return `invalid P${bits} point encoding`;
  const middle = start + 1 + curve.octets;
  const x = BigInt(`0x${hexOf(bytes, start + 1, middle)}`);
  const y = BigInt(`0x${hexOf(bytes, middle, end)}`);
  const { p, b } = curve;
  if (x >= p || y >= p) return `invalid P${bits}${bits === 256 ? ' element' : 'Element'} encoding`;
  return (y * y - (x * x - 3n) * x - b) % p === 0n ? undefined : `P${bits} point not on curve`;
}
