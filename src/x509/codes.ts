import type { Failure, Where } from '../base/index.ts';

/**
 * The failures of this room. A refusal of a parser is a code with a path: together they say which of Go's
 * texts applies (crypto/x509/parser.go), since Go's parser names the place where it gave up. Where Go's
 * text holds a value (an OID, a URI, a constraint, a point), the message has Go's words.
 */
export type X509Code =
  | 'x509/too-large'
  /** An element is cut off, missing, or longer than what holds it. */
  | 'x509/der-truncated'
  /** A length is indefinite, too large or not in its shortest form. */
  | 'x509/der-length'
  | 'x509/der-tag'
  | 'x509/der-trailing'
  /** The content of a BOOLEAN, INTEGER or BIT STRING. */
  | 'x509/der-value'
  | 'x509/oid'
  | 'x509/time'
  | 'x509/version'
  | 'x509/negative-serial'
  | 'x509/serial'
  | 'x509/algorithm-mismatch'
  | 'x509/name-string'
  | 'x509/public-key'
  | 'x509/duplicate-extension'
  /** An extension that RFC 5280 wants non-critical is critical. */
  | 'x509/extension-critical'
  | 'x509/extension-value'
  | 'x509/general-name'
  | 'x509/name-constraint'
  | 'x509/uri'
  | 'x509/pem-begin'
  | 'x509/pem-end'
  | 'x509/pem-header'
  | 'x509/pem-base64'
  | 'x509/pem-bom'
  | 'x509/pem-label'
  /** Nothing of the kind that was asked for. */
  | 'x509/bundle-empty';

/** The failure, seen from outside of what was read. */
export function failureAt({ code, message, where, hint }: Failure, outer: Where): Failure {
  return { code, message, where: { ...outer, ...where }, ...(hint !== undefined && { hint }) };
}
