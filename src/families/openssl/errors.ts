/**
 * X509_V_ERR_*: number and text of X509_verify_cert_error_string (include/openssl/x509_vfy.h.in,
 * crypto/x509/x509_txt.c of OpenSSL 3.0). Only those that this engine can give.
 */
export const ERRORS = {
  UNSPECIFIED: [1, 'unspecified certificate verification error'],
  UNABLE_TO_GET_ISSUER_CERT: [2, 'unable to get issuer certificate'],
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: [6, 'unable to decode issuer public key'],
  CERT_SIGNATURE_FAILURE: [7, 'certificate signature failure'],
  CERT_NOT_YET_VALID: [9, 'certificate is not yet valid'],
  CERT_HAS_EXPIRED: [10, 'certificate has expired'],
  ERROR_IN_CERT_NOT_BEFORE_FIELD: [13, "format error in certificate's notBefore field"],
  ERROR_IN_CERT_NOT_AFTER_FIELD: [14, "format error in certificate's notAfter field"],
  DEPTH_ZERO_SELF_SIGNED_CERT: [18, 'self-signed certificate'],
  SELF_SIGNED_CERT_IN_CHAIN: [19, 'self-signed certificate in certificate chain'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [20, 'unable to get local issuer certificate'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [21, 'unable to verify the first certificate'],
  CERT_CHAIN_TOO_LONG: [22, 'certificate chain too long'],
  PATH_LENGTH_EXCEEDED: [25, 'path length constraint exceeded'],
  INVALID_PURPOSE: [26, 'unsuitable certificate purpose'],
  KEYUSAGE_NO_CERTSIGN: [32, 'key usage does not include certificate signing'],
  UNHANDLED_CRITICAL_EXTENSION: [34, 'unhandled critical extension'],
  PERMITTED_VIOLATION: [47, 'permitted subtree violation'],
  EXCLUDED_VIOLATION: [48, 'excluded subtree violation'],
  UNSUPPORTED_NAME_SYNTAX: [53, 'unsupported or invalid name syntax'],
  HOSTNAME_MISMATCH: [62, 'hostname mismatch'],
  IP_ADDRESS_MISMATCH: [64, 'IP address mismatch'],
  EE_KEY_TOO_SMALL: [66, 'EE certificate key too weak'],
  CA_KEY_TOO_SMALL: [67, 'CA certificate key too weak'],
  CA_MD_TOO_WEAK: [68, 'CA signature digest algorithm too weak'],
  INVALID_CA: [79, 'invalid CA certificate'],
  PATHLEN_INVALID_FOR_NON_CA: [80, 'Path length invalid for non-CA cert'],
  PATHLEN_WITHOUT_KU_KEY_CERT_SIGN: [81, 'Path length given without key usage keyCertSign'],
  KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA: [82, 'Key usage keyCertSign invalid for non-CA cert'],
  ISSUER_NAME_EMPTY: [83, 'Issuer name empty'],
  SUBJECT_NAME_EMPTY: [84, 'Subject name empty'],
  MISSING_AUTHORITY_KEY_IDENTIFIER: [85, 'Missing Authority Key Identifier'],
  MISSING_SUBJECT_KEY_IDENTIFIER: [86, 'Missing Subject Key Identifier'],
  EMPTY_SUBJECT_ALT_NAME: [87, 'Empty Subject Alternative Name extension'],
  EMPTY_SUBJECT_SAN_NOT_CRITICAL: [88, 'Subject empty and Subject Alt Name extension not critical'],
  CA_BCONS_NOT_CRITICAL: [89, 'Basic Constraints of CA cert not marked critical'],
  AUTHORITY_KEY_IDENTIFIER_CRITICAL: [90, 'Authority Key Identifier marked critical'],
  SUBJECT_KEY_IDENTIFIER_CRITICAL: [91, 'Subject Key Identifier marked critical'],
  CA_CERT_MISSING_KEY_USAGE: [92, 'CA cert does not include key usage extension'],
  EXTENSIONS_REQUIRE_VERSION_3: [93, 'Using cert extension requires at least X509v3'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

/** As OpenSSL names it, without X509_V_ERR_. */
export type OpensslError = keyof typeof ERRORS;

/** One call of the verification callback with `ok` 0. */
export interface Problem {
  readonly error: OpensslError;
  /** 0 is the leaf. */
  readonly depth: number;
  /** An internal error: no callback is asked, the verification ends. */
  readonly fatal?: true;
}

export function textOf(error: OpensslError): string {
  return ERRORS[error][1];
}
