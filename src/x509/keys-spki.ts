import { DerReader } from './der.ts';
import { readSubjectPublicKey } from './spki.ts';
import type { PublicKey } from './types.ts';

/**
 * The value of a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7), which must be all there is.
 *
 * @throws KubetlsError `x509/public-key`, `x509/der-*`, `x509/oid`
 */
export function publicKeyFromSpki(spki: Uint8Array): PublicKey {
  const reader = new DerReader(spki);
  const key = readSubjectPublicKey(reader, 'subjectPublicKeyInfo');
  reader.finish('subjectPublicKeyInfo');
  return key;
}
