import { createECDH, type ECDH, generateKeyPairSync, randomFillSync } from 'node:crypto';
import { type Random, Secret } from '../base/index.ts';
import type { KeySource } from '../issue/index.ts';
import {
  type Curve,
  CURVES,
  ecdsaKey,
  type KeyAlgorithm,
  type PrivateKey,
  publicKeyFromSpki,
} from '../x509/index.ts';

/**
 * Keys and randomness from the operating system, by way of OpenSSL.
 *
 * ECDSA keys come from `createECDH` and are put into DER by hand: what is dear about `generateKeyPairSync`
 * is the export. Nothing is ever exported as JWK, which can deadlock in Node 20.20.
 */
type Generate = () => PrivateKey;

const GENERATORS: Readonly<Record<KeyAlgorithm, Generate>> = {
  'rsa-2048': () => rsaKey(2048),
  'rsa-3072': () => rsaKey(3072),
  'rsa-4096': () => rsaKey(4096),
  'ecdsa-p256': ecdsaGenerator(CURVES['ecdsa-p256']),
  'ecdsa-p384': ecdsaGenerator(CURVES['ecdsa-p384']),
  'ecdsa-p521': ecdsaGenerator(CURVES['ecdsa-p521']),
  ed25519: ed25519Key,
};

export function systemKeys(): KeySource {
  return { generate: (algorithm) => GENERATORS[algorithm]() };
}

/** One ECDH object serves all keys of a curve: making it costs as much as generating a key. */
function ecdsaGenerator(curve: Curve): Generate {
  let ecdh: ECDH | undefined;
  return () => {
    ecdh ??= createECDH(curve.openssl);
    const point = ecdh.generateKeys();
    return ecdsaKey(curve, ecdh.getPrivateKey(), point);
  };
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
