import { attributeValues, type Certificate, Oid, parseIp } from '../../x509/index.ts';
import { equalBytes } from '../../base/index.ts';
import { unmodelled } from '../unmodelled.ts';

/**
 * X509_check_host and X509_check_ip (crypto/x509/v3_utl.c): the subject alternative names of that kind, and
 * where there is none of it, for host names, the common names.
 *
 * @param partialWildcards `f*.example.test` counts: without X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
 */
export function matchesHost(certificate: Certificate, name: string, partialWildcards: boolean): boolean {
  const ip = parseIp(name);
  const names = certificate.subjectAltNames ?? [];
  if (ip) return names.some((san) => san.kind === 'ip' && equalBytes(san.bytes, ip));
  // A leading dot asks for any name below it; nobody dials such a name.
  if (name.startsWith('.')) return unmodelled(`the name ${name}`);
  const hosts = names.flatMap((san) => (san.kind === 'dns' ? [san.value] : []));
  const candidates = hosts.length > 0 ? hosts : attributeValues(certificate.subject, Oid.commonName);
  return candidates.some((pattern) => matchesPattern(lower(pattern), lower(name), partialWildcards));
}

function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** equal_wildcard */
function matchesPattern(pattern: string, name: string, partialWildcards: boolean): boolean {
  if (pattern === '' || pattern.includes('\0')) return false;
  const star = starIn(pattern, partialWildcards);
  if (star < 0) return pattern === name;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  if (name.length < before.length + after.length) return false;
  if (!name.startsWith(before) || !name.endsWith(after)) return false;
  const covered = name.slice(before.length, name.length - after.length);
  const isWholeLabel = before === '' && after.startsWith('.');
  if (isWholeLabel ? covered === '' : name.startsWith('xn--')) return false;
  return covered === '*' || /^[a-z0-9-]*$/.test(covered);
}

/**
 * valid_star: where the one wildcard stands, at an end of the first label, with two dots at least behind
 * it; -1 when the pattern has none that counts.
 */
function starIn(pattern: string, partialWildcards: boolean): number {
  const labels = pattern.split('.');
  const [first = '', ...others] = labels;
  const isLabel = (label: string) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label);
  const wellFormed = others.length >= 2 && others.every(isLabel);
  const starred = /^(\*[a-z0-9]?[a-z0-9-]*|[a-z0-9][a-z0-9-]*\*)$/.test(first) && !first.endsWith('-');
  if (!wellFormed || !starred || (first.startsWith('xn--') && first !== '*')) return -1;
  return first === '*' || partialWildcards ? first.indexOf('*') : -1;
}
