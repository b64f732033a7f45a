/** One certificate, for people. */
import { equalBytes, toHex, toRfc3339 } from '../../base/index.ts';
import {
  attributeValues,
  type Certificate,
  extendedKeyUsageText,
  fingerprint,
  keyUsageText,
  nameText,
  Oid,
  serialHex,
  signatureAlgorithmName,
} from '../../x509/index.ts';
import type { Console } from '../console.ts';
import { printable, relative } from '../text.ts';
import { keyText, type Line, names } from './lines.ts';

/** `count` is `2 of 3` in a bundle. */
export function certificateTitle({ basicConstraints, subject, issuer }: Certificate, count: string): string {
  const self = equalBytes(subject.der, issuer.der);
  const kind = basicConstraints?.ca
    ? `Authority (${self ? 'root' : 'intermediate'})`
    : `Certificate${self ? ' (self-issued)' : ''}`;
  return count === '' ? kind : `${kind} ${count}`;
}

export function certificateLines(console: Console, certificate: Certificate, at: number): Line[] {
  const { basicConstraints, subjectAltNames, nameConstraints: constraints } = certificate;
  const lines: Line[] = [
    ['subject', printable(nameText(certificate.subject)) || '(empty)'],
    ...attributeValues(certificate.subject, Oid.kubernetesUid).map(
      (id): Line => ['unique id', printable(id)],
    ),
    ['issuer', printable(nameText(certificate.issuer)) || '(empty)'],
    ['valid', validity(console, certificate, at)],
    ...(subjectAltNames ? names(console, subjectAltNames) : []),
    ['usable for', purposes(certificate)],
  ];
  const depth = basicConstraints?.pathLength;
  if (basicConstraints?.ca) lines.push(['path length', depth === undefined ? 'unlimited' : `${depth}`]);
  if (constraints?.permitted.length) lines.push(...names(console, constraints.permitted, 'permits only'));
  if (constraints?.excluded.length) lines.push(...names(console, constraints.excluded, 'excludes'));
  lines.push(['key', keyText(certificate)], ['sha256', fingerprint(certificate.der)]);
  for (const note of notes(certificate)) lines.push(['note', console.colors.yellow(note)]);
  return console.verbose ? [...lines, ...details(certificate)] : lines;
}

function details(certificate: Certificate): Line[] {
  const { keyUsage, extendedKeyUsage, subjectKeyId, authorityKeyId, extensions } = certificate;
  const extended = extendedKeyUsage?.map(extendedKeyUsageText).map(printable);
  return [
    ['key usage', keyUsage?.map(keyUsageText).join(', ') ?? 'anything (no key usage)'],
    ['extended', extended?.join(', ') ?? 'anything (no extended key usage)'],
    ['serial', serialHex(certificate.serial)],
    ['version', `${certificate.version}`],
    ['public key', `sha256:${fingerprint(certificate.publicKey.spki)}`],
    ['subject key', subjectKeyId ? toHex(subjectKeyId) : '(no id)'],
    ['issuer key', authorityKeyId ? toHex(authorityKeyId) : '(no id)'],
    ...extensions.map(({ oid, critical }): Line => ['extension', `${oid}${critical ? ', critical' : ''}`]),
  ];
}

function validity({ colors }: Console, { notBefore, notAfter }: Certificate, at: number): string {
  const dates = `${toRfc3339(notBefore)} to ${toRfc3339(notAfter)}`;
  if (notAfter < at) return `${dates}, ${colors.red(`EXPIRED ${relative(notAfter, at)}`)}`;
  if (notBefore > at) return `${dates}, ${colors.red(`NOT YET VALID, begins ${relative(notBefore, at)}`)}`;
  return `${dates}, ends ${relative(notAfter, at)}`;
}

/** The ones that matter here in short; all others as openssl words them. */
const purposeWords: Readonly<Record<string, string>> = {
  any: 'anything',
  serverAuth: 'TLS server',
  clientAuth: 'TLS client',
};

function purposes({ extendedKeyUsage, basicConstraints, keyUsage }: Certificate): string {
  const words = extendedKeyUsage?.map(
    (usage) => purposeWords[usage] ?? printable(extendedKeyUsageText(usage)),
  );
  const list = words?.join(', ') || 'nothing';
  if (!basicConstraints?.ca) return words ? list : 'anything (no extended key usage)';
  const signs = keyUsage === undefined || keyUsage.includes('keyCertSign');
  return `${signs ? 'signing certificates' : 'signing nothing (key usage)'}${words ? ` for: ${list}` : ''}`;
}

/** What Go, or a careful person, will not have. */
function notes(certificate: Certificate): string[] {
  const { publicKey, version, extensions, unhandledCritical, subjectAltNames, extendedKeyUsage } =
    certificate;
  const signature = signatureAlgorithmName(certificate.signatureAlgorithm, certificate.signatureParameters);
  const found: string[] = [];
  // NIST SP 800-57: below 112 bits of strength.
  if (publicKey.kind === 'rsa' && publicKey.bits < 2048)
    found.push(`a key of ${publicKey.bits} bits is too weak`);
  if (publicKey.kind === 'unknown') found.push('Go cannot use this kind of key');
  // crypto/x509, checkSignature: InsecureAlgorithmError; MD5 since ever, SHA-1 since Go 1.18.
  if (/^(MD[25]|SHA1)-|-SHA1$/.test(signature)) found.push(`Go refuses signatures with ${signature}`);
  if (version !== 3 && extensions.length === 0)
    found.push(`version ${version}: it cannot be an authority, and has no names that Go looks at`);
  if (extendedKeyUsage?.includes('serverAuth') && !subjectAltNames?.length)
    found.push('a server certificate without names: Go does not look at the common name');
  for (const oid of unhandledCritical) found.push(`extension ${oid} is critical and unknown: Go refuses it`);
  return found;
}
