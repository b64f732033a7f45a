import { attributeValues, type Certificate, Oid, parseIp, unmapIp } from '../../x509/index.ts';
import { equalBytes } from '../../base/index.ts';
import { unmodelled } from '../unmodelled.ts';

/** Letters, digits and hyphens: what SNIHostName takes. */
const HOST = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

/** HostnameChecker (sun/security/util), endpoint identification HTTPS: why the name is refused. */
export function javaNameRefusal(certificate: Certificate, name: string): string | undefined {
  const names = certificate.subjectAltNames;
  const ip = parseIp(name);
  if (ip) {
    if (!names) return 'No subject alternative names present';
    const found = names.some((san) => san.kind === 'ip' && equalBytes(unmapIp(san.bytes), unmapIp(ip)));
    return found ? undefined : `No subject alternative names matching IP address ${name} found`;
  }
  if (!HOST.test(name)) unmodelled(`the name ${JSON.stringify(name)}, which Java refuses to dial`);
  const hosts = (names ?? []).flatMap((san) => (san.kind === 'dns' ? [san.value] : []));
  if (hosts.length > 0) {
    const found = hosts.some((pattern) => matches(name, pattern));
    return found ? undefined : `No subject alternative DNS name matching ${name} found.`;
  }
  const commonName = attributeValues(certificate.subject, Oid.commonName).at(-1);
  if (commonName !== undefined && matches(name, commonName)) return undefined;
  return `No name matching ${name} found`;
}

/** Stars in any label, several if need be, but none in the last. */
function matches(name: string, pattern: string): boolean {
  const star = pattern.lastIndexOf('*');
  if (pattern === '*' || pattern === '*.' || (star >= 0 && !pattern.slice(star).includes('.'))) return false;
  if (!HOST.test(pattern.replaceAll('*', 'z'))) return false;
  const [labels, wanted] = [name.toLowerCase().split('.'), pattern.toLowerCase().split('.')];
  return labels.length === wanted.length && labels.every((label, i) => matchesLabel(label, wanted[i]!));
}

function matchesLabel(label: string, pattern: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  if (others.length === 0) return label === pattern;
  if (!label.startsWith(first)) return false;
  let rest = label.slice(first.length);
  for (const part of others.slice(0, -1)) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return rest.endsWith(others.at(-1)!);
}
