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
  generalNameText,
  type KeyAlgorithm,
  nameText,
  Oid,
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
  /** Whether this plan gives the issuer a new certificate, with a later end. */
  readonly issuerRenewed: boolean;
  /** Whether the files of both certificates stand as kubetls wrote them. */
  readonly asWritten: boolean;
  /** Whether its algorithm is not looked at. */
  readonly keepsKeys: boolean;
}

/** Clocks differ, and other tools date differently. */
const SLACK = DAY;

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
  ({ certificate, issuer, asWritten }) => {
    if (!issuer) return undefined;
    if (!equalBytes(certificate.issuer.der, issuer.subject.der)) {
      return {
        code: 'wrong-issuer',
        text: `issued by ${nameText(certificate.issuer)}, not by ${nameText(issuer.subject)}`,
      };
    }
    return (asWritten && namesKeyOf(certificate, issuer)) ||
      signatureRefusal(certificate, issuer) === undefined
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
    return sameList(wanted, found)
      ? undefined
      : {
          code: 'wrong-subject',
          text: `subject is ${nameText(certificate.subject)}, should be ${wanted.join(', ')}`,
        };
  },
  ({ certificate, profile }) => {
    const [wanted, found] = [wantedNames(profile), certificateNames(certificate)];
    if (isSame(wanted, found)) return undefined;
    const missing = difference(wanted, found);
    const extra = difference(found, wanted);
    if (missing.length > 0) return { code: 'wrong-name', text: `lacks the name ${missing.join(', ')}` };
    return extra.length > 0
      ? { code: 'wrong-name', text: `has the name ${extra.join(', ')} too many` }
      : undefined;
  },
  ({ certificate, profile }) => {
    // Without the extension every usage is allowed (RFC 5280, 4.2.1.12), and Go agrees.
    const found = certificate.extendedKeyUsage;
    if (!found || sameSet(profile.extendedKeyUsage, found)) return undefined;
    return {
      code: 'wrong-usage',
      text: `usable for ${listed(found)}, should be for ${listed(profile.extendedKeyUsage)}`,
    };
  },
  ({ certificate, profile }) => {
    // Without the extension every usage is allowed (RFC 5280, 4.2.1.3). keyEncipherment is for RSA key
    // exchange only, which Go's TLS stopped offering: its absence harms nobody.
    const needed = profile.keyUsage.filter((usage) => usage !== 'keyEncipherment');
    const missing = needed.filter((usage) => certificate.keyUsage?.includes(usage) === false);
    return missing.length === 0
      ? undefined
      : { code: 'wrong-usage', text: `its key may not be used for ${missing.join(', ')}` };
  },
  ({ certificate, profile }) =>
    // An authority of version 1 can say nothing of the kind, and Go believes it (x509.go, CheckSignatureFrom).
    (profile.authority && certificate.version < 3) ||
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
  ({ certificate, at, profile }) =>
    // What is left counts, not the whole life: kubeadm's kubeconfigs begin when their authority did.
    certificate.notAfter - at > profile.lifetime + SLACK
      ? {
          code: 'too-long',
          text: `ends in ${duration(certificate.notAfter - at)}, kubetls.yaml allows ${duration(profile.lifetime)}`,
        }
      : undefined,
  ({ certificate, at, renewBefore, issuer, issuerRenewed }) => {
    const life = certificate.notAfter - certificate.notBefore;
    // A leaf cut short by its issuer's end gains nothing from being issued again.
    if (issuer && !issuerRenewed && certificate.notAfter >= issuer.notAfter) return undefined;
    const left = certificate.notAfter - at;
    return left < (renewBefore ?? life / 5)
      ? { code: 'renewal-window', text: `ends in ${duration(left)}, inside its renewal window` }
      : undefined;
  },
];

/**
 * Whether the certificate says that this very key signed it. kubetls names the key that signs by its digest
 * (RFC 5280, 4.2.1.1), and writes only what it has just signed, or has verified in the same plan. So as long
 * as both files stand as it wrote them the signature need not be computed again, which takes as long as a
 * third of the whole plan; after a rotation the digest differs, and whatever anybody else wrote is verified.
 */
function namesKeyOf({ authorityKeyId }: Certificate, { subjectKeyId }: Certificate): boolean {
  return (
    authorityKeyId !== undefined && subjectKeyId !== undefined && equalBytes(authorityKeyId, subjectKeyId)
  );
}

export interface Finding {
  readonly reason: Reason;
  readonly key: 'new' | 'keep';
}

export function certificateFinding(subject: Subject): Finding | undefined {
  const keyReason = subject.keepsKeys ? undefined : firstReason(keyChecks, subject);
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

/** With their kind: an address as DNS name helps no client. */
function wantedNames({ dnsNames, ipAddresses, uris }: CertificateProfile): string[] {
  return [
    ...dnsNames.map((name) => `DNS:${name.toLowerCase()}`),
    ...ipAddresses.map((address) => `IP:${address}`),
    ...uris.map((uri) => `URI:${uri}`),
  ];
}

function certificateNames({ subject, subjectAltNames }: Certificate): string[] {
  // A person's own id is one name more, drawn at issue.
  const ids = attributeValues(subject, Oid.kubernetesUid);
  return (subjectAltNames ?? [])
    .filter((name) => name.kind !== 'dns' || !ids.some((id) => name.value.startsWith(`${id}.`)))
    .map((name) => {
      if (name.kind === 'other') return generalNameText(name);
      return name.kind === 'dns'
        ? `DNS:${name.value.toLowerCase()}`
        : `${name.kind.toUpperCase()}:${name.value}`;
    });
}

function difference(a: readonly string[], b: readonly string[]): string[] {
  const known = new Set(b);
  return [...new Set(a)].filter((name) => !known.has(name));
}

/** Nearly always they are: what kubetls wrote stands in the order in which it is wanted. */
function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return isSame(a, b) || (difference(a, b).length === 0 && difference(b, a).length === 0);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && sameSet(a, b);
}

function listed(usages: readonly string[]): string {
  return usages.length === 0 ? 'anything' : usages.join(', ');
}

function duration(ms: number): string {
  if (ms >= 2 * DAY) return `${Math.floor(ms / DAY)} days`;
  if (ms >= 2 * HOUR) return `${Math.floor(ms / HOUR)} hours`;
  return `${Math.max(0, Math.floor(ms / MINUTE))} minutes`;
}
