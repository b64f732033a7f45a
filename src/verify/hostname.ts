import { equalBytes } from '../base/index.ts';
import { type Certificate, commonName, ipText, parseIp, unmapIp } from '../x509/index.ts';
import { type GoRules, newestRules } from './go-rules.ts';
import { nameMismatch, type VerifyFailure } from './messages.ts';
import { hasSubjectAltNames, subjectAltNames } from './sans.ts';

/** HostnameError.Error lists names below this count. */
const MOST_NAMES_LISTED = 100;

/**
 * Certificate.VerifyHostname: undefined when the certificate is good for this name. IP addresses, also in
 * brackets, match IP SANs only; the common name is never looked at.
 */
export function nameFailure(
  certificate: Certificate,
  name: string,
  rules: GoRules = newestRules,
): VerifyFailure | undefined {
  const bare = name.length >= 3 && name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name;
  const ip = parseIp(bare);
  if (ip) {
    const found = certificate.subjectAltNames?.some((san) => san.kind === 'ip' && sameIp(san.bytes, ip));
    return found ? undefined : mismatch(certificate, bare, rules);
  }
  return matchesDnsName(certificate, name) ? undefined : mismatch(certificate, name, rules);
}

function sameIp(a: Uint8Array, b: Uint8Array): boolean {
  return equalBytes(unmapIp(a), unmapIp(b));
}

/**
 * Wildcards and the trailing dot count only between valid host names; otherwise names must be equal, case
 * of ASCII letters aside.
 */
function matchesDnsName(certificate: Certificate, name: string): boolean {
  const host = lowerAscii(name);
  // What is equal matches by either rule.
  const isEqual = certificate.subjectAltNames?.some(
    (san) => san.kind === 'dns' && matchesExactly(san.value, host),
  );
  if (isEqual) return true;
  const { dns } = subjectAltNames(certificate);
  const bare = trimDot(host);
  if (!isHostname(bare, false)) return false;
  const labels = bare.split('.');
  return dns.some((san) => isHostname(san, true) && matchesLabels(san, labels));
}

function matchesExactly(san: string, host: string): boolean {
  return san.length === host.length && san !== '' && san !== '.' && lowerAscii(san) === host;
}

function matchesLabels(pattern: string, labels: readonly string[]): boolean {
  if (pattern === '') return false;
  const parts = lowerAscii(pattern).split('.');
  return (
    parts.length === labels.length &&
    parts.every((part, i) => (i === 0 && part === '*') || part === labels[i])
  );
}

/** validHostname: `_` is allowed, a leading `-` is not; in a pattern the first label may be `*`. */
function isHostname(host: string, isPattern: boolean): boolean {
  if (host === '*') return false;
  return host
    .split('.')
    .every(
      (label, i) => (isPattern && i === 0 && label === '*') || /^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(label),
    );
}

function lowerAscii(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}

function trimDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

function mismatch(certificate: Certificate, host: string, rules: GoRules): VerifyFailure {
  return nameMismatch(mismatchText(certificate, host, rules));
}

/** HostnameError.Error */
function mismatchText(certificate: Certificate, host: string, rules: GoRules): string {
  const labels = trimDot(lowerAscii(host)).split('.');
  if (!hasSubjectAltNames(certificate) && matchesLabels(commonName(certificate.subject), labels)) {
    return 'certificate relies on legacy Common Name field, use SANs instead';
  }
  const { dns, ips } = subjectAltNames(certificate);
  if (!parseIp(host)) return validFor(dns, 'names', host, rules);
  if (ips.length === 0)
    return `cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
  return validFor(ips.map(ipText), 'IP SANs', host, rules);
}

function validFor(names: readonly string[], what: string, host: string, rules: GoRules): string {
  if (rules.countsManyNames && names.length >= MOST_NAMES_LISTED) {
    return `certificate is valid for ${names.length} ${what}, but none matched ${host}`;
  }
  const list = names.join(', ');
  return list === ''
    ? `certificate is not valid for any names, but wanted to match ${host}`
    : `certificate is valid for ${list}, not ${host}`;
}
