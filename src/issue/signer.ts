import { type PrivateKey, signBytes } from '../x509/index.ts';
import type { Signer } from './types.ts';

/** Signs with a private key in memory. */
export function signerFor(key: PrivateKey): Signer {
  return { publicKey: key.publicKey, sign: (bytes) => signBytes(key, bytes) };
}
