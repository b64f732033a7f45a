import { type ECDH, generateKeyPairSync, randomFillSync } from 'node:crypto';
import { type Random, Secret } from '../base/index.ts';
import type { KeySource } from '../issue/index.ts';
import {
  type Curve,
  CURVES,
  ecdhOf,
  ecdsaKey,
  type KeyAlgorithm,
  type PrivateKey,
  publicKeyFromSpki,
} from '../x509/index.ts';

/**
 * Keys and randomness from the operating system, by way of OpenSSL.
 *
 * ECDSA keys are drawn and put into DER by hand: what is dear about `generateKeyPairSync` is the export, and
 * `generateKeys` of `createECDH` takes 2.5 times as long as this in Node 24 (OpenSSL 3.5). Nothing is ever
 * exported as JWK, which can deadlock in Node 20.20.
 */
type Generate = () => PrivateKey;

function generators(random: Random): Readonly<Record<KeyAlgorithm, Generate>> {
  return {
    'rsa-2048': () => rsaKey(2048),
    'rsa-3072': () => rsaKey(3072),
    'rsa-4096': () => rsaKey(4096),
    'ecdsa-p256': ecdsaGenerator(CURVES['ecdsa-p256'], random),
    'ecdsa-p384': ecdsaGenerator(CURVES['ecdsa-p384'], random),
    'ecdsa-p521': ecdsaGenerator(CURVES['ecdsa-p521'], random),
    ed25519: ed25519Key,
  };
}

/** @param random where the numbers of ECDSA keys are drawn; all other keys OpenSSL draws itself */
export function systemKeys(random: Random = systemRandom()): KeySource {
  const generate = generators(random);
  return { generate: (algorithm) => generate[algorithm]() };
}

/**
 * Draws until the number is one of the curve's, from 1 to its order - 1 (FIPS 186-5, A.2.2); OpenSSL says
 * which are, and finds the point.
 */
function ecdsaGenerator(curve: Curve, random: Random): Generate {
  const spare = curve.octets * 8 - curve.bits;
  return () => {
    const ecdh = ecdhOf(curve);
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const scalar = random.bytes(curve.octets);
      scalar[0] = scalar[0]! & (0xff >> spare);
      if (!takes(ecdh, scalar)) continue;
      const key = ecdsaKey(curve, scalar, ecdh.getPublicKey());
      scalar.fill(0);
      return key;
    }
    throw new Error(`${MAX_DRAWS} draws in a row gave no key: the source of randomness is broken`);
  };
}

/** No draw of all curves fails more often than one in 2^32. */
const MAX_DRAWS = 8;

function takes(ecdh: ECDH, scalar: Uint8Array): boolean {
  try {
    ecdh.setPrivateKey(scalar);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_CRYPTO_INVALID_KEYTYPE')
      return false;
    throw error;
  }
}

const publicKeyEncoding = { format: 'der', type: 'spki' } as const;
const privateKeyEncoding = { format: 'der', type: 'pkcs8' } as const;

function rsaKey(modulusLength: number): PrivateKey {
  return exported(generateKeyPairSync('rsa', { modulusLength, publicKeyEncoding, privateKeyEncoding }));
}

function ed25519Key(): PrivateKey {
  return exported(generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding }));
}

function exported(pair: { publicKey: Buffer; privateKey: Buffer }): PrivateKey {
  return { publicKey: publicKeyFromSpki(pair.publicKey), pkcs8: new Secret(pair.privateKey) };
}

/** Draws of some bytes each are cut from one pool: a call into OpenSSL costs more than 16 bytes do. */
const POOL_BYTES = 4096;

export function systemRandom(): Random {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return {
    bytes(count) {
      if (count > POOL_BYTES / 16) return randomFillSync(new Uint8Array(count));
      if (used + count > POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      const drawn = pool.slice(used, used + count);
      pool.fill(0, used, used + count);
      used += count;
      return drawn;
    },
  };
}
