import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { asBuffer } from '../base/index.ts';
import { keyError } from './keys-errors.ts';
import { plainSpki } from './keys-public.ts';
import type { PrivateKey, PublicKey } from './types.ts';

/** Making a KeyObject costs twice what a verification costs, so each key value has its own, once. */
const objects = new WeakMap<PublicKey | PrivateKey, KeyObject>();

/**
 * The key as node:crypto uses it, cached for the life of the value.
 *
 * @throws KubetlsError `x509/key-invalid` when the numbers make no key, such as a point off its curve
 */
export function keyObject(key: PublicKey | PrivateKey): KeyObject {
  const known = objects.get(key);
  if (known) return known;
  const made = 'pkcs8' in key ? privateObject(key) : publicObject(key);
  objects.set(key, made);
  return made;
}

function publicObject(key: PublicKey): KeyObject {
  const read = (spki: Uint8Array) => createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' });
  try {
    return read(key.spki);
  } catch {
    // Perhaps only its form is odd.
  }
  try {
    return read(plainSpki(key));
  } catch {
    throw keyError('x509/key-invalid', `the public key (${key.name}) is no valid key`);
  }
}

function privateObject(key: PrivateKey): KeyObject {
  try {
    return createPrivateKey({ key: asBuffer(key.pkcs8.reveal()), format: 'der', type: 'pkcs8' });
  } catch {
    throw keyError('x509/key-invalid', `the private key (${key.publicKey.name}) is no valid key`);
  }
}
