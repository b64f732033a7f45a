import { X509Certificate } from 'node:crypto';
import { asBuffer, equalBytes } from '../base/index.ts';
import { attributeValues, type Certificate, Oid, parseIp } from '../x509/index.ts';
import type { Refusal } from './types.ts';

/** tls.checkServerIdentity (lib/tls.js): alternative names, and common names where no DNS name is there. */
export function nodeNameRefusal(certificate: Certificate, name: string): Refusal | undefined {
  const ip = parseIp(name);
  if (ip) return addressRefusal(certificate, name, ip);
  const names = (certificate.subjectAltNames ?? []).flatMap((san) => (san.kind === 'dns' ? [san.value] : []));
  const commonNames = attributeValues(certificate.subject, Oid.commonName).filter((text) => text !== '');
  const candidates = names.length > 0 ? names : commonNames;
  if (candidates.length === 0) return refused('Cert does not contain a DNS name');
  const host = labelsOf(name);
  if (candidates.some((pattern) => matchesLabels(labelsOf(pattern), host))) return undefined;
  const list =
    names.length > 0
      ? `in the cert's altnames: ${altNamesText(certificate)}`
      : `cert's CN: ${commonNames.join(',')}`;
  return refused(`Host: ${name}. is not ${list}`);
}

function addressRefusal(certificate: Certificate, name: string, ip: Uint8Array): Refusal | undefined {
  const addresses = (certificate.subjectAltNames ?? []).flatMap((san) => (san.kind === 'ip' ? [san] : []));
  if (addresses.some(({ bytes }) => equalBytes(bytes, ip))) return undefined;
  const list = addresses.map(({ value }) => value).join(', ');
  return refused(`IP: ${name} is not in the cert's list: ${list}`);
}

/** Node's own text, which escapes what could be mistaken for a separator. */
function altNamesText({ der }: Certificate): string {
  return new X509Certificate(asBuffer(der)).subjectAltName ?? '';
}

function refused(reason: string): Refusal {
  const code = 'ERR_TLS_CERT_ALTNAME_INVALID';
  return { ok: false, code, error: `${code}: Hostname/IP does not match certificate's altnames: ${reason}` };
}

function labelsOf(name: string): readonly string[] {
  return name
    .replace(/[.]$/, '')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    .split('.');
}

/** One star, in the first of at least three labels; it may stand for a part of the label. */
function matchesLabels(pattern: readonly string[], host: readonly string[]): boolean {
  if (pattern.length !== host.length || pattern.includes('')) return false;
  if (pattern.some((label) => /[^\u0021-\u007f]/u.test(label))) return false;
  if (!pattern.slice(1).every((label, i) => label === host[i + 1])) return false;
  const [[wanted = ''], [first = '']] = [pattern, host];
  const [before = '', after, ...more] = wanted.split('*');
  if (after === undefined || wanted.includes('xn--')) return wanted === first;
  if (more.length > 0 || pattern.length <= 2) return false;
  return before.length + after.length <= first.length && first.startsWith(before) && first.endsWith(after);
}
