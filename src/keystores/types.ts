import { KubetlsError, type Secret } from '../base/index.ts';

export type KeystoreCode =
  | 'keystores/needs-password'
  | 'keystores/wrong-password'
  /** A form or a protection that is not read here. */
  | 'keystores/unsupported'
  /** Cut off, or not what it says that it is. */
  | 'keystores/damaged'
  /** It would cost more to open than any honest one. */
  | 'keystores/limit';

/** What a container holds: DER, with the name that it has there. */
export interface Keystore {
  readonly certificates: readonly { readonly der: Uint8Array; readonly name: string | undefined }[];
  /** Revocation lists. */
  readonly revocationLists: readonly Uint8Array[];
  /** PKCS#8, in the clear. */
  readonly keys: readonly { readonly pkcs8: Secret; readonly name: string | undefined }[];
  /** Keys that stayed shut, by name: nothing opens them here, or the password did not. */
  readonly shut: readonly string[];
}

export function keystoreError(
  code: KeystoreCode,
  message: string,
  hint?: string,
): KubetlsError<KeystoreCode> {
  return new KubetlsError({ code, message, ...(hint !== undefined && { hint }) });
}

/** Of entries and of what is nested: ours, a hundred times what the JDK's own trust store holds. */
export const MOST_ENTRIES = 20_000;
