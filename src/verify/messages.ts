import { type Instant, MINUTE, toRfc3339 } from '../base/index.ts';
import type { GoRules } from './go-rules.ts';
import { type Certificate, commonName, organizations, quote, serialDecimal } from '../x509/index.ts';

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
  | 'verify/policy'
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

/** An instant as somebody wrote it: `utcOffset` is in minutes east of UTC, and only seen in texts. */
export interface Moment {
  readonly at: Instant;
  readonly utcOffset?: number | undefined;
}

export function notYetValid({ notBefore, utcOffsets }: Certificate, now: Moment): VerifyFailure {
  return failure('verify/not-yet-valid', outside(now, 'before', notBefore, utcOffsets.notBefore));
}

export function expired({ notAfter, utcOffsets }: Certificate, now: Moment): VerifyFailure {
  return failure('verify/expired', outside(now, 'after', notAfter, utcOffsets.notAfter));
}

function outside(
  { at, utcOffset = 0 }: Moment,
  side: 'before' | 'after',
  end: Instant,
  offset: number,
): string {
  const times = `current time ${withOffset(at, utcOffset)} is ${side} ${withOffset(end, offset)}`;
  return `certificate has expired or is not yet valid: ${times}`;
}

/** RFC 3339 with the offset, in minutes, that the instant was written with. */
function withOffset(at: Instant, offset: number): string {
  if (offset === 0) return toRfc3339(at);
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return toRfc3339(at + offset * MINUTE).replace('Z', zone);
}

export function nameMismatch(text: string): VerifyFailure {
  return failure('verify/name-mismatch', text);
}

export function notAuthorizedForName(detail: string): VerifyFailure {
  const text = 'a root or intermediate certificate is not authorized to sign for this name';
  return failure('verify/name-constraint', `${text}: ${detail}`);
}

/** A name that cannot be compared with constraints, in a sentence of its own. */
export function constraintProblem(error: string): VerifyFailure {
  return { ok: false, code: 'verify/name-constraint', error };
}

/** TooManyConstraints: CertificateInvalidError.Error has no text for it. */
export const tooManyConstraints = failure('verify/name-constraint', 'unknown error');

/** CertificateInvalidError, reason NoValidChains: some chains fell for their policies. */
export function noValidChains(wrongUsages: number, wrongPolicies: number, rules: GoRules): VerifyFailure {
  return failure('verify/policy', `no valid chains built: ${chainCounts(wrongUsages, wrongPolicies, rules)}`);
}

function chainCounts(wrongUsages: number, wrongPolicies: number, { checksConstraintsLast }: GoRules): string {
  if (wrongUsages === 0 && !checksConstraintsLast) return 'all candidate chains have invalid policies';
  const what = checksConstraintsLast ? 'candidate chains' : 'chains';
  const usages = wrongUsages > 0 ? `${wrongUsages} ${what} with incompatible key usage, ` : '';
  return `${usages}${wrongPolicies} ${what} with invalid policies`;
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
function displayName({ subject, serial }: Certificate): string {
  const [organization = `serial:${serialDecimal(serial)}`] = organizations(subject);
  return commonName(subject) || organization;
}
