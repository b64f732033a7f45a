import { toHex } from '../base/index.ts';
import { oidElement } from './oid.ts';
import type { KeyAlgorithm } from './types.ts';

/**
 * Key algorithms as tables: object identifiers (RFC 8017, RFC 5480, RFC 8410) and what each curve is
 * called by OpenSSL.
 */
export const Algorithm = {
  rsa: '1.2.840.113549.1.1.1',
  rsaPss: '1.2.840.113549.1.1.10',
  ecdsa: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
} as const;

export interface Curve {
  readonly name: string;
  readonly oid: string;
  readonly bits: number;
  /** Octets of a coordinate and of the private scalar (SEC 1, 2.3.5). */
  readonly octets: number;
  readonly openssl: string;
}

/** By name as in KeyAlgorithm; P-224 is only read. */
export const CURVES = {
  'ecdsa-p256': {
    name: 'ecdsa-p256',
    oid: '1.2.840.10045.3.1.7',
    bits: 256,
    octets: 32,
    openssl: 'prime256v1',
  },
  'ecdsa-p384': { name: 'ecdsa-p384', oid: '1.3.132.0.34', bits: 384, octets: 48, openssl: 'secp384r1' },
  'ecdsa-p521': { name: 'ecdsa-p521', oid: '1.3.132.0.35', bits: 521, octets: 66, openssl: 'secp521r1' },
  'ecdsa-p224': { name: 'ecdsa-p224', oid: '1.3.132.0.33', bits: 224, octets: 28, openssl: 'secp224r1' },
} as const satisfies Record<string, Curve>;

const BY_OID = new Map<string, Curve>(Object.values(CURVES).map((curve) => [curve.oid, curve]));
const BY_NAME = new Map<string, Curve>(Object.values(CURVES).map((curve) => [curve.name, curve]));

export function curveByOid(oid: string): Curve | undefined {
  return BY_OID.get(oid);
}

const BY_OCTETS = new Map<string, Curve>(
  Object.values(CURVES).map((curve) => [toHex(oidElement(curve.oid).subarray(2)), curve]),
);

/** By the content of its OBJECT IDENTIFIER, which spares who has no more the words of it. */
export function curveByOctets(oid: Uint8Array): Curve | undefined {
  return BY_OCTETS.get(toHex(oid));
}

export function curveByName(name: string): Curve | undefined {
  return BY_NAME.get(name);
}

/** The algorithms that we generate, for option tables and messages. */
export const KEY_ALGORITHMS: readonly KeyAlgorithm[] = [
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
  'ecdsa-p256',
  'ecdsa-p384',
  'ecdsa-p521',
  'ed25519',
];
