/** One certificate, for people. */
import { equalBytes, toHex, toRfc3339 } from '../../base/index.ts';
import { lintCertificate } from '../../lint/index.ts';
import {
  attributeValues,
  type Certificate,
  extendedKeyUsageText,
  fingerprint,
  keyUsageText,
  nameText,
  Oid,
  serialHex,
} from '../../x509/index.ts';
import type { Console } from '../console.ts';
import { printable, relative } from '../text.ts';
import { findingLines } from './finding-lines.ts';
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
  lines.push(...findingLines(console, lintCertificate(certificate)));
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
