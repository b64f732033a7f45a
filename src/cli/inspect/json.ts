/** `kubetls/inspect/v1`: the shape is a contract; keys may be added. */
import { toHex, toRfc3339 } from '../../base/index.ts';
import { lintCertificate, lintRequest } from '../../lint/index.ts';
import { requestSignatureRefusal } from '../../verify/index.ts';
import {
  attributeValues,
  type Certificate,
  type CertificateRequest,
  fingerprint,
  type GeneralName,
  generalNameText,
  Oid,
  nameText,
  serialDecimal,
  signatureAlgorithmName,
} from '../../x509/index.ts';
import type { Inspected } from './read.ts';
import { revocationJson } from './revocation-view.ts';

export function inspectJson(found: readonly Inspected[], at: number): object {
  const each = <T>(pick: (one: Inspected) => readonly T[], view: (value: T, source: string) => object) =>
    found.flatMap((one) => pick(one).map((value) => view(value, one.source)));
  return {
    schema: 'kubetls/inspect/v1',
    at: toRfc3339(at),
    certificates: each(
      (one) => one.certificates,
      ({ value, place }, source) => ({ ...certificateJson(value, at), source, place: place ?? null }),
    ),
    requests: each(
      (one) => one.requests,
      ({ value, place }, source) => ({ ...requestJson(value), source, place: place ?? null }),
    ),
    revocationLists: each(
      (one) => one.revocationLists,
      ({ value, place }, source) => ({ ...revocationJson(value, found, at), source, place: place ?? null }),
    ),
    keys: each(
      (one) => one.keys,
      ({ value, place, ...key }, source) => ({
        ...key,
        keyAlgorithm: value.name,
        spkiSha256: fingerprint(value.spki),
        source,
        place: place ?? null,
      }),
    ),
    kubeconfigs: each(
      (one) => one.kubeconfigs,
      (config, source) => ({
        source,
        currentContext: config.currentContext,
        clusters: config.clusters.map(({ name, cluster }) => ({
          name,
          server: cluster.server,
          tlsServerName: cluster.tlsServerName ?? null,
          certificateAuthority: cluster.certificateAuthority ?? null,
          insecureSkipTlsVerify: cluster.insecureSkipTlsVerify ?? false,
        })),
        users: config.users.map(({ name, user }) => ({
          name,
          clientCertificate: user.clientCertificate ?? null,
          embedded: user.clientCertificateData !== undefined,
        })),
        contexts: config.contexts.map(({ name, context }) => ({
          name,
          cluster: context.cluster,
          user: context.user,
          namespace: context.namespace ?? null,
        })),
      }),
    ),
    endpoints: found.flatMap(({ source, endpoint }) =>
      endpoint
        ? [
            {
              ...endpoint,
              cipher: endpoint.cipher ?? null,
              alpn: endpoint.alpn ?? null,
              acceptableAuthorities: endpoint.acceptableAuthorities ?? null,
              source,
            },
          ]
        : [],
    ),
    problems: each(
      (one) => one.problems,
      (problem, source) => ({
        source,
        code: problem.code,
        message: problem.message,
        where: problem.where ?? null,
        hint: problem.hint ?? null,
      }),
    ),
  };
}

function certificateJson(certificate: Certificate, at: number): object {
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    serial: serialDecimal(certificate.serial),
    notBefore: toRfc3339(certificate.notBefore),
    notAfter: toRfc3339(certificate.notAfter),
    expired: certificate.notAfter < at,
    ...namesJson(certificate.subjectAltNames),
    uids: attributeValues(certificate.subject, Oid.kubernetesUid),
    usages: certificate.keyUsage ?? [],
    extendedUsages: certificate.extendedKeyUsage ?? [],
    ca: certificate.basicConstraints?.ca ?? false,
    pathLength: certificate.basicConstraints?.pathLength ?? null,
    keyAlgorithm: certificate.publicKey.name,
    signatureAlgorithm: signatureAlgorithmName(
      certificate.signatureAlgorithm,
      certificate.signatureParameters,
    ),
    subjectKeyId: certificate.subjectKeyId ? toHex(certificate.subjectKeyId) : null,
    authorityKeyId: certificate.authorityKeyId ? toHex(certificate.authorityKeyId) : null,
    nameConstraints: constraintsJson(certificate),
    unhandledCritical: certificate.unhandledCritical,
    version: certificate.version,
    findings: lintCertificate(certificate),
    sha256: fingerprint(certificate.der),
    spkiSha256: fingerprint(certificate.publicKey.spki),
  };
}

function constraintsJson({ nameConstraints }: Certificate): object | null {
  if (!nameConstraints) return null;
  const { critical, permitted, excluded } = nameConstraints;
  return { critical, permitted: permitted.map(generalNameText), excluded: excluded.map(generalNameText) };
}

function requestJson(request: CertificateRequest): object {
  const refusal = requestSignatureRefusal(request);
  return {
    subject: nameText(request.subject),
    ...namesJson(request.subjectAltNames),
    keyAlgorithm: request.publicKey.name,
    signatureAlgorithm: signatureAlgorithmName(request.signatureAlgorithm, request.signatureParameters),
    signature: { ok: refusal === undefined, error: refusal ?? null },
    findings: lintRequest(request),
    spkiSha256: fingerprint(request.publicKey.spki),
  };
}

function namesJson(names: readonly GeneralName[] | undefined): object {
  const of = (kind: GeneralName['kind']) => (names ?? []).filter((name) => name.kind === kind);
  const values = (kind: 'dns' | 'ip' | 'uri' | 'email') =>
    of(kind).map((name) => ('value' in name ? name.value : ''));
  return {
    dnsNames: values('dns'),
    ipAddresses: values('ip'),
    uris: values('uri'),
    emails: values('email'),
    otherNames: of('other').map(generalNameText),
  };
}
