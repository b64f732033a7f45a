/** What a person reads in five seconds: who, from whom, for what, until when; the rest behind -v. */
import { toHex } from '../../base/index.ts';
import type { Kubeconfig } from '../../kubeconfig/index.ts';
import { lintRequest } from '../../lint/index.ts';
import { requestSignatureRefusal } from '../../verify/index.ts';
import { type CertificateRequest, fingerprint, nameText, type PublicKey } from '../../x509/index.ts';
import type { Console } from '../console.ts';
import { printable } from '../text.ts';
import { certificateLines, certificateTitle } from './certificate-view.ts';
import { findingLines } from './finding-lines.ts';
import { keyText, type Line, names, printLine } from './lines.ts';
import type { Placed } from '../../survey/index.ts';
import type { EndpointShown, Inspected } from './read.ts';
import { revocationLines } from './revocation-view.ts';

export function printInspected(console: Console, all: readonly Inspected[], at: number): void {
  let first = true;
  const block = (title: string, source: string, place: string | undefined, lines: readonly Line[]) => {
    if (!first) console.print();
    first = false;
    const where = printable(placeOf(source, place));
    console.print(`${console.colors.bold(title)}  ${console.colors.dim(where)}`);
    for (const line of lines) printLine(console, line);
  };
  const shared = placesInTrees(all);
  for (const {
    source,
    inTree,
    endpoint,
    kubeconfigs,
    certificates,
    requests,
    revocationLists,
    keys,
  } of all) {
    if (endpoint) block('Server', source, undefined, endpointLines(endpoint));
    for (const config of kubeconfigs) block('Kubeconfig', source, undefined, kubeconfigLines(config));
    for (const [i, { value, place }] of certificates.entries()) {
      const [first, ...others] = inTree ? (shared.get(fingerprint(value.der)) ?? []) : [];
      if (first !== undefined && first !== placeOf(source, place)) continue;
      const count = certificates.length > 1 ? `${i + 1} of ${certificates.length}` : '';
      const lines = certificateLines(console, value, at);
      const more = others.map((other): Line => ['also in', printable(other)]);
      block(certificateTitle(value, count), source, place, [...lines, ...more]);
    }
    for (const { value, place } of requests) {
      block('Certificate request', source, place, requestLines(console, value));
    }
    for (const { value, place } of revocationLists) {
      block('Revocation list', source, place, revocationLines(console, value, all, at));
    }
    for (const { value, place, ...key } of keys) {
      block(key.private ? 'Private key' : 'Public key', source, place, keyLines(value, all));
    }
  }
}

/** Of the files of directories: where each certificate stands, by its fingerprint. */
function placesInTrees(all: readonly Inspected[]): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  for (const { source, inTree, certificates } of all) {
    for (const { value, place } of inTree ? certificates : []) {
      const sha256 = fingerprint(value.der);
      const known = places.get(sha256);
      if (known) known.push(placeOf(source, place));
      else places.set(sha256, [placeOf(source, place)]);
    }
  }
  return places;
}

function placeOf(source: string, place: string | undefined): string {
  return place === undefined ? source : `${source}, ${place}`;
}

function endpointLines(endpoint: EndpointShown): Line[] {
  const { protocols, cipher, alpn, acceptableAuthorities, withoutCertificate } = endpoint;
  const authorities = acceptableAuthorities?.map((name): Line => ['accepts', printable(name)]);
  return [
    ['speaks', `${protocols.join(', ')}${cipher === undefined ? '' : `, ${cipher}`}`],
    ['ALPN', alpn ?? '(none)'],
    ...(authorities ?? [['accepts', '(it asks for no client certificate)'] as const]),
    ...(authorities?.length === 0 ? [['accepts', '(it names no authority)'] as const] : []),
    ['without one', printable(withoutCertificate)],
  ];
}

function requestLines(console: Console, request: CertificateRequest): Line[] {
  const refusal = requestSignatureRefusal(request);
  return [
    ['subject', printable(nameText(request.subject)) || '(empty)'],
    ...(request.subjectAltNames ? names(console, request.subjectAltNames) : []),
    ['key', keyText(request)],
    ['signature', refusal === undefined ? 'good' : `${console.colors.red('BAD')}: ${printable(refusal)}`],
    ['public key', `sha256:${fingerprint(request.publicKey.spki)}`],
    ...findingLines(console, lintRequest(request)),
  ];
}

/** With the certificates, of all that are shown, that it belongs to. */
function keyLines(key: PublicKey, all: readonly Inspected[]): Line[] {
  const spki = toHex(key.spki);
  const belongs = (one: Placed<{ readonly publicKey: PublicKey }>) =>
    toHex(one.value.publicKey.spki) === spki;
  const owners = all.flatMap(({ source, certificates, requests }) =>
    [...certificates, ...requests]
      .filter(belongs)
      .map(({ value }) => `${source} (${nameText(value.subject)})`),
  );
  return [
    ['key', key.name],
    ['public key', `sha256:${fingerprint(key.spki)}`],
    ...owners.map((owner): Line => ['belongs to', printable(owner)]),
  ];
}

function kubeconfigLines(config: Kubeconfig): Line[] {
  const of = (label: string, texts: readonly string[]) => texts.map((text): Line => [label, printable(text)]);
  return [
    ['current', printable(config.currentContext) || '(none)'],
    ...of(
      'context',
      config.contexts.map(({ name, context }) => {
        const namespace = context.namespace === undefined ? '' : `, namespace ${context.namespace}`;
        return `${name}: user ${context.user}, cluster ${context.cluster}${namespace}`;
      }),
    ),
    ...of(
      'cluster',
      config.clusters.map(
        ({ name, cluster }) => `${name}: ${cluster.server || 'no server'}, ${trustText(cluster)}`,
      ),
    ),
    ...of(
      'user',
      config.users.map(({ name, user }) => `${name}: ${credentialText(user)}`),
    ),
  ];
}

function trustText(cluster: Kubeconfig['clusters'][number]['cluster']): string {
  if (cluster.insecureSkipTlsVerify) return 'its certificate is NOT VERIFIED';
  if (cluster.certificateAuthorityData) return 'trusts the authorities embedded here';
  return cluster.certificateAuthority === undefined
    ? "trusts the system's authorities"
    : `trusts ${cluster.certificateAuthority}`;
}

function credentialText(user: Kubeconfig['users'][number]['user']): string {
  if (user.clientCertificateData) return 'certificate embedded here';
  if (user.clientCertificate !== undefined) return `certificate in ${user.clientCertificate}`;
  if (user.exec) return `runs ${user.exec.command}`;
  return user.token || user.tokenFile !== undefined ? 'token' : 'no credential';
}
