import { KubetlsError, type Where } from '../base/index.ts';

/** What can be wrong with a key, beyond the form of its bytes (`x509/der-*`, `x509/pem-*`). */
export type KeyCode =
  /** The bytes hold something else, or nothing. */
  | 'x509/key-absent'
  | 'x509/key-needs-passphrase'
  | 'x509/key-wrong-passphrase'
  /** An algorithm, curve or protection that we do not read. */
  | 'x509/key-unsupported'
  /** The numbers make no key of their algorithm. */
  | 'x509/key-invalid'
  /** Public and private part do not belong together. */
  | 'x509/key-mismatch'
  /** Larger, or costlier to open, than any honest key. */
  | 'x509/key-limit';

export function keyError(
  code: KeyCode,
  message: string,
  where?: Where,
  hint?: string,
): KubetlsError<KeyCode> {
  return new KubetlsError({ code, message, ...(where && { where }), ...(hint !== undefined && { hint }) });
}
