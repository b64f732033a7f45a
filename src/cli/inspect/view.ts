/** What a person reads in five seconds: who, from whom, for what, until when; the rest behind -v. */
import { toRfc3339 } from '../../base/index.ts';
import type { Kubeconfig } from '../../kubeconfig/index.ts';
import {
  type Certificate,
  type CertificateRequest,
  extendedKeyUsageText,
  fingerprint,
  type GeneralName,
  generalNameText,
  keyUsageText,
  nameText,
  serialHex,
  signatureAlgorithmName,
} from '../../x509/index.ts';
import type { Console } from '../console.ts';
import { printable, relative } from '../text.ts';
import type { Inspected } from './read.ts';

const LABEL = 11;

export function printInspected(console: Console, found: Inspected, at: number, more: boolean): void {
  const { source, certificates, requests, keys, kubeconfigs } = found;
  let first = !more;
  const block = (title: string, place: string | undefined, lines: readonly (readonly [string, string])[]) => {
    if (!first) console.print();
    first = false;
    const where = place === undefined ? source : `${source}, ${place}`;
    console.print(`${console.colors.bold(title)}  ${console.colors.dim(printable(where))}`);
    for (const [label, text] of lines) console.print(`  ${label.padEnd(LABEL)} ${text}`);
  };
  for (const config of kubeconfigs) block('Kubeconfig', undefined, kubeconfigLines(config));
  for (const { value, place } of certificates)
    block(title(value), place, certificateLines(console, value, at));
  for (const { value, place } of requests) block('Certificate request', place, requestLines(value));
  for (const { value, place, ...key } of keys) {
    block(key.private ? 'Private key' : 'Public key', place, [
      ['key', value.name],
      ['public', `sha256:${fingerprint(value.spki)}`],
    ]);
  }
}

function title({ basicConstraints, subject, issuer }: Certificate): string {
  if (!basicConstraints?.ca) return 'Certificate';
  return nameText(subject) === nameText(issuer) ? 'Authority (root)' : 'Authority (intermediate)';
}

function certificateLines(
  console: Console,
  certificate: Certificate,
  at: number,
): (readonly [string, string])[] {
  const { keyUsage, extendedKeyUsage, basicConstraints, subjectAltNames } = certificate;
  const lines: (readonly [string, string])[] = [
    ['subject', printable(nameText(certificate.subject)) || '(empty)'],
    ['issuer', printable(nameText(certificate.issuer)) || '(empty)'],
    ['valid', validity(console, certificate, at)],
  ];
  if (subjectAltNames) lines.push(['names', names(subjectAltNames)]);
  lines.push([
    'usable for',
    extendedKeyUsage?.map(extendedKeyUsageText).map(printable).join(', ') ??
      'anything (no extended key usage)',
  ]);
  if (basicConstraints?.ca)
    lines.push([
      'path length',
      basicConstraints.pathLength === undefined ? 'unlimited' : `${basicConstraints.pathLength}`,
    ]);
  lines.push([
    'key',
    `${certificate.publicKey.name}, signed with ${signatureAlgorithmName(certificate.signatureAlgorithm, certificate.signatureParameters)}`,
  ]);
  lines.push(['sha256', fingerprint(certificate.der)]);
  if (!console.verbose) return lines;
  lines.push(['key usage', keyUsage?.map(keyUsageText).join(', ') ?? 'anything (no key usage)']);
  lines.push(['serial', serialHex(certificate.serial)]);
  lines.push(['version', `${certificate.version}`]);
  for (const oid of certificate.unhandledCritical) lines.push(['critical', `${oid} (not understood)`]);
  return lines;
}

function validity({ colors }: Console, { notBefore, notAfter }: Certificate, at: number): string {
  const dates = `${toRfc3339(notBefore)} to ${toRfc3339(notAfter)}`;
  if (notAfter < at) return `${dates}, ${colors.red(`EXPIRED ${relative(notAfter, at)}`)}`;
  if (notBefore > at) return `${dates}, ${colors.red(`NOT YET VALID, begins ${relative(notBefore, at)}`)}`;
  return `${dates}, ends ${relative(notAfter, at)}`;
}

function requestLines(request: CertificateRequest): (readonly [string, string])[] {
  return [
    ['subject', printable(nameText(request.subject)) || '(empty)'],
    ...(request.subjectAltNames ? [['names', names(request.subjectAltNames)] as const] : []),
    [
      'key',
      `${request.publicKey.name}, signed with ${signatureAlgorithmName(request.signatureAlgorithm, request.signatureParameters)}`,
    ],
  ];
}

function kubeconfigLines(config: Kubeconfig): (readonly [string, string])[] {
  return [
    ['current', printable(config.currentContext) || '(none)'],
    ...config.contexts.map(
      ({ name, context }) =>
        ['context', printable(`${name}: user ${context.user}, cluster ${context.cluster}`)] as const,
    ),
    ...config.clusters.map(
      ({ name, cluster }) => ['cluster', printable(`${name}: ${cluster.server}`)] as const,
    ),
    ...config.users.map(({ name, user }) => ['user', printable(`${name}: ${credentialText(user)}`)] as const),
  ];
}

function credentialText(user: Kubeconfig['users'][number]['user']): string {
  if (user.clientCertificateData) return 'certificate embedded';
  if (user.clientCertificate !== undefined) return `certificate in ${user.clientCertificate}`;
  if (user.exec) return `runs ${user.exec.command}`;
  return user.token || user.tokenFile !== undefined ? 'token' : 'no credential';
}

function names(list: readonly GeneralName[]): string {
  return list.map(generalNameText).map(printable).join(', ') || '(none)';
}
