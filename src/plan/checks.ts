/**
 * Why a certificate that stands there will not do: small named checks in order of telling power. The first
 * that finds something is the reason; none decides anything else.
 */
import { DAY, equalBytes, HOUR, type Instant, MINUTE, toRfc3339 } from '../base/index.ts';
import type { CertificateProfile } from '../cluster/index.ts';
import {
  attributeValues,
  type Certificate,
  commonName,
  type KeyAlgorithm,
  Oid,
  nameText,
  organizations,
  type PublicKey,
} from '../x509/index.ts';
import { signatureRefusal } from '../verify/index.ts';
import type { Reason } from './types.ts';

export interface Subject {
  readonly certificate: Certificate;
  /** The key that stands beside it. */
  readonly key: PublicKey;
  readonly profile: CertificateProfile;
  readonly algorithm: KeyAlgorithm;
  /** The issuing authority's certificate; undefined for an authority itself. */
  readonly issuer: Certificate | undefined;
  readonly at: Instant;
  /** What `lifetimes.renewBefore` says, in milliseconds. */
  readonly renewBefore: number | undefined;
}

type Check = (subject: Subject) => Reason | undefined;

/** Checks whose finding means: a new key. All others keep the key and replace the certificate only. */
const keyChecks: readonly Check[] = [
  ({ key, algorithm }) =>
    key.name === algorithm
      ? undefined
      : weakKey(key)
        ? { code: 'weak-key', text: `its key is ${key.name}, which is too weak` }
        : { code: 'wrong-key', text: `its key is ${key.name}, kubetls.yaml says ${algorithm}` },
];

const certificateChecks: readonly Check[] = [
  ({ certificate, key }) =>
    equalBytes(certificate.publicKey.spki, key.spki)
      ? undefined
      : { code: 'key-mismatch', text: 'the key beside it belongs to another certificate' },
  ({ certificate, issuer }) => {
    if (!issuer) return undefined;
    if (!equalBytes(certificate.issuer.der, issuer.subject.der)) {
      return {
        code: 'wrong-issuer',
        text: `issued by ${nameText(certificate.issuer)}, not by ${nameText(issuer.subject)}`,
      };
    }
    return signatureRefusal(certificate, issuer) === undefined
      ? undefined
      : { code: 'wrong-issuer', text: `signed by another key than that of ${nameText(issuer.subject)}` };
  },
  ({ certificate, at }) =>
    certificate.notAfter < at
      ? { code: 'expired', text: `expired on ${toRfc3339(certificate.notAfter)}` }
      : undefined,
  ({ certificate, profile }) => {
    const wanted = profile.subject.map(({ type, value }) => `${type}=${value}`);
    const found = [
      ...organizations(certificate.subject).map((value) => `O=${value}`),
      `CN=${commonName(certificate.subject)}`,
    ];
    return sameSet(wanted, found)
      ? undefined
      : {
          code: 'wrong-subject',
          text: `subject is ${nameText(certificate.subject)}, should be ${wanted.join(', ')}`,
        };
  },
  ({ certificate, profile }) => {
    const missing = difference(wantedNames(profile), certificateNames(certificate, profile));
    const extra = difference(certificateNames(certificate, profile), wantedNames(profile));
    if (missing.length > 0) return { code: 'wrong-name', text: `lacks the name ${missing.join(', ')}` };
    return extra.length > 0
      ? { code: 'wrong-name', text: `has the name ${extra.join(', ')} too many` }
      : undefined;
  },
  ({ certificate, profile }) => {
    const found = certificate.extendedKeyUsage ?? [];
    if (sameSet(profile.extendedKeyUsage, found)) return undefined;
    return {
      code: 'wrong-usage',
      text: `usable for ${listed(found)}, should be for ${listed(profile.extendedKeyUsage)}`,
    };
  },
  ({ certificate, profile }) =>
    (certificate.basicConstraints?.ca ?? false) === (profile.authority !== undefined)
      ? undefined
      : {
          code: 'wrong-usage',
          text: profile.authority ? 'is not an authority' : 'is an authority, should be a leaf',
        },
  ({ certificate, profile }) =>
    profile.person === undefined || attributeValues(certificate.subject, Oid.kubernetesUid).length > 0
      ? undefined
      : { code: 'no-identity', text: 'carries no id by which it could be revoked' },
  ({ certificate, at }) =>
    certificate.notBefore > at
      ? { code: 'not-yet-valid', text: `not valid before ${toRfc3339(certificate.notBefore)}` }
      : undefined,
  ({ certificate, at, renewBefore, issuer }) => {
    const life = certificate.notAfter - certificate.notBefore;
    // A leaf cut short by its issuer's end gains nothing from being issued again.
    if (issuer && certificate.notAfter >= issuer.notAfter) return undefined;
    const left = certificate.notAfter - at;
    return left < (renewBefore ?? life / 5)
      ? { code: 'renewal-window', text: `ends in ${duration(left)}, inside its renewal window` }
      : undefined;
  },
];

export interface Finding {
  readonly reason: Reason;
  readonly key: 'new' | 'keep';
}

export function certificateFinding(subject: Subject): Finding | undefined {
  const keyReason = firstReason(keyChecks, subject);
  if (keyReason) return { reason: keyReason, key: 'new' };
  const reason = firstReason(certificateChecks, subject);
  return reason && { reason, key: 'keep' };
}

function firstReason(checks: readonly Check[], subject: Subject): Reason | undefined {
  for (const check of checks) {
    const reason = check(subject);
    if (reason) return reason;
  }
  return undefined;
}

/** NIST SP 800-57: RSA below 2048 bits and curves below 256 bits are below 112 bits of strength. */
function weakKey(key: PublicKey): boolean {
  return (key.kind === 'rsa' && key.bits < 2048) || (key.kind === 'ecdsa' && key.bits < 256);
}

function wantedNames(profile: CertificateProfile): string[] {
  return [...profile.dnsNames, ...profile.ipAddresses, ...profile.uris];
}

function certificateNames(certificate: Certificate, profile: CertificateProfile): string[] {
  // A person's own id is one name more, drawn at issue.
  const ids = profile.person === undefined ? [] : attributeValues(certificate.subject, Oid.kubernetesUid);
  return (certificate.subjectAltNames ?? [])
    .map((name) => (name.kind === 'other' ? `[${name.tag}]` : name.value))
    .filter((name) => !ids.some((id) => name.startsWith(`${id}.`)));
}

function difference(a: readonly string[], b: readonly string[]): string[] {
  const known = new Set(b.map((name) => name.toLowerCase()));
  return [...new Set(a)].filter((name) => !known.has(name.toLowerCase()));
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return difference(a, b).length === 0 && difference(b, a).length === 0;
}

function listed(usages: readonly string[]): string {
  return usages.length === 0 ? 'anything' : usages.join(', ');
}

function duration(ms: number): string {
  if (ms >= 2 * DAY) return `${Math.floor(ms / DAY)} days`;
  if (ms >= 2 * HOUR) return `${Math.floor(ms / HOUR)} hours`;
  return `${Math.max(0, Math.floor(ms / MINUTE))} minutes`;
}
