import { type Instant, toHex, toRfc3339 } from '../base/index.ts';
import type { Certificate } from '../x509/index.ts';
import { quote } from './quote.ts';

/** Every way in which Go's Certificate.Verify says no. */
export type VerifyCode =
  | 'verify/unhandled-critical-extension'
  | 'verify/not-yet-valid'
  | 'verify/expired'
  | 'verify/name-mismatch'
  | 'verify/unknown-authority'
  | 'verify/not-an-authority'
  | 'verify/path-length'
  | 'verify/usage'
  | 'verify/name-constraint'
  | 'verify/signature-budget';

/** `error` is Go's text to the letter (crypto/x509/verify.go, the Error methods). */
export interface VerifyFailure {
  readonly ok: false;
  readonly code: VerifyCode;
  readonly error: string;
}

function failure(code: VerifyCode, error: string): VerifyFailure {
  return { ok: false, code, error: `x509: ${error}` };
}

export const unhandledCritical = failure(
  'verify/unhandled-critical-extension',
  'unhandled critical extension',
);

export const notAnAuthority = failure(
  'verify/not-an-authority',
  'certificate is not authorized to sign other certificates',
);

export const pathTooLong = failure('verify/path-length', 'too many intermediates for path length constraint');

export const wrongUsage = failure('verify/usage', 'certificate specifies an incompatible key usage');

export const budgetSpent = failure(
  'verify/signature-budget',
  'signature check attempts limit reached while verifying certificate chain',
);

export function notYetValid(at: Instant, notBefore: Instant): VerifyFailure {
  return failure(
    'verify/not-yet-valid',
    outsideValidity(`${toRfc3339(at)} is before ${toRfc3339(notBefore)}`),
  );
}

export function expired(at: Instant, notAfter: Instant): VerifyFailure {
  return failure('verify/expired', outsideValidity(`${toRfc3339(at)} is after ${toRfc3339(notAfter)}`));
}

function outsideValidity(detail: string): string {
  return `certificate has expired or is not yet valid: current time ${detail}`;
}

export function nameMismatch(text: string): VerifyFailure {
  return failure('verify/name-mismatch', text);
}

export function notAuthorizedForName(detail: string): VerifyFailure {
  const text = 'a root or intermediate certificate is not authorized to sign for this name';
  return failure('verify/name-constraint', `${text}: ${detail}`);
}

/** The first candidate that was turned down, and why: what Go's text calls possible. */
export interface Hint {
  readonly reason: string;
  readonly candidate: Certificate;
}

export function unknownAuthority(hint: Hint | undefined): VerifyFailure {
  const because = hint
    ? ` (possibly because of ${quote(hint.reason)} while trying to verify candidate authority certificate ${quote(displayName(hint.candidate))})`
    : '';
  return failure('verify/unknown-authority', `certificate signed by unknown authority${because}`);
}

/** UnknownAuthorityError.Error: common name, else the first organization, else the serial number. */
function displayName(certificate: Certificate): string {
  const organization = subjectValues(certificate, ORGANIZATION)[0];
  return commonName(certificate) || organization || `serial:${BigInt(`0x${toHex(certificate.serial)}`)}`;
}

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';

/** pkix.Name.CommonName: the last CN that is a string; empty when there is none. */
export function commonName(certificate: Certificate): string {
  return subjectValues(certificate, COMMON_NAME).at(-1) ?? '';
}

function subjectValues(certificate: Certificate, type: string): readonly string[] {
  const attributes = certificate.subject.rdns.flat().filter((attribute) => attribute.type === type);
  return attributes.flatMap(({ text }) => (text === undefined ? [] : [text]));
}
