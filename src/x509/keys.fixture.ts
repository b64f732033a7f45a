import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { Secret, utf8 } from '../base/index.ts';
import { readPrivateKey } from './index.ts';

export const secret = (text: string) => new Secret(utf8(text));
export const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)) };

/** By node:crypto, one a kind, in PKCS#8. */
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
const SAMPLES: Readonly<Record<string, KeyObject>> = {
  'rsa-2048': generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  'ecdsa-p256': ec('prime256v1'),
  'ecdsa-p384': ec('secp384r1'),
  'ecdsa-p521': ec('secp521r1'),
  ed25519: generateKeyPairSync('ed25519').privateKey,
};

export const keys = Object.entries(SAMPLES).map(
  ([name, key]) =>
    [name, readPrivateKey(utf8(String(key.export({ format: 'pem', type: 'pkcs8' }))))] as const,
);
