import { equalBytes } from '../base/index.ts';
import { attributeValues, type Certificate, Oid, parseIp } from '../x509/index.ts';
import type { Refusal } from './types.ts';
import { unmodelled } from './unmodelled.ts';

/**
 * What curl itself checks when OpenSSL is content (lib/vtls/openssl.c, verifyhost; lib/vtls/hostcheck.c):
 * DNS and IP alternative names, and the last common name where there is neither.
 */
export function curlNameRefusal(certificate: Certificate, name: string): Refusal | undefined {
  const all = certificate.subjectAltNames ?? [];
  const names = all.flatMap((san) => (san.kind === 'dns' ? [san.value] : []));
  const addresses = all.flatMap((san) => (san.kind === 'ip' ? [san.bytes] : []));
  const ip = parseIp(name);
  if (ip && addresses.some((address) => equalBytes(address, ip))) return undefined;
  if (!ip && names.some((pattern) => matchesHost(pattern, name))) return undefined;
  if (names.length + addresses.length > 0) {
    return refused(`SSL: no alternative certificate subject name matches target host name '${name}'`);
  }
  const commonName = attributeValues(certificate.subject, Oid.commonName).at(-1);
  if (commonName === undefined) return refused('SSL: unable to obtain common name from peer certificate');
  if (commonName.includes('\0')) return unmodelled('a common name with NUL in it');
  if (matchesHost(commonName, name)) return undefined;
  return refused(`SSL: certificate subject name '${commonName}' does not match target host name '${name}'`);
}

function refused(text: string): Refusal {
  return { ok: false, code: 'PEER_FAILED_VERIFICATION', error: `curl: (60) ${text}` };
}

/** hostmatch: a star is the whole first label of at least three, and stands for one label. */
function matchesHost(pattern: string, name: string): boolean {
  const [wanted, host] = [pattern, name].map((text) => text.replace(/\.$/, '').toLowerCase());
  if (!wanted || !host) return false;
  if (wanted.includes('\0')) return false;
  if (!wanted.startsWith('*.')) return wanted === host;
  const rest = wanted.slice(1);
  const dot = host.indexOf('.');
  if (!rest.slice(1).includes('.') || parseIp(host)) return wanted === host;
  return dot > 0 && host.slice(dot) === rest;
}
