import { equalBytes } from '../../base/index.ts';
import {
  type Certificate,
  DerReader,
  type GeneralName,
  type KeyUsage,
  Oid,
  parseName,
  Tag,
} from '../../x509/index.ts';
import { unmodelled } from '../unmodelled.ts';
import { nameKey } from './canonical-name.ts';
import { refuseUnreadable } from './readable.ts';
import { fitsKey } from './signatures.ts';

/** What OpenSSL caches of a certificate (crypto/x509/v3_purp.c, ossl_x509v3_cache_extensions). */
export interface Facts {
  readonly certificate: Certificate;
  /** Names, folded: see `nameKey`. */
  readonly subject: string;
  readonly issuer: string;
  readonly ca: boolean;
  /** -1: none. */
  readonly pathLength: number;
  readonly keyUsage: readonly KeyUsage[] | undefined;
  readonly altNames: readonly GeneralName[] | undefined;
  readonly authorityKey: AuthorityKey | undefined;
  /** EXFLAG_SI: subject and issuer are the same name. */
  readonly selfIssued: boolean;
  /** EXFLAG_SS: and key id and kind of key agree. The signature is not looked at. */
  readonly selfSigned: boolean;
  /** EXFLAG_CRITICAL */
  readonly unhandledCritical: boolean;
  /** OIDs of the critical extensions before the first unhandled one: OpenSSL looks no further. */
  readonly critical: readonly string[];
  /** EXFLAG_INVALID: a certificate with which every check fails. */
  readonly invalid: boolean;
}

/** AuthorityKeyIdentifier (RFC 5280, 4.2.1.1). */
interface AuthorityKey {
  readonly keyId: Uint8Array | undefined;
  /** The first directory name, folded. */
  readonly issuer: string | undefined;
  readonly serial: Uint8Array | undefined;
}

const known = new WeakMap<Certificate, Facts>();

export function factsOf(certificate: Certificate): Facts {
  let facts = known.get(certificate);
  if (!facts) known.set(certificate, (facts = readFacts(certificate)));
  return facts;
}

/** X509_supported_extension, without those that `refuseUnreadable` refuses. */
const SUPPORTED: ReadonlySet<string> = new Set([
  Oid.keyUsage,
  Oid.subjectAltName,
  Oid.basicConstraints,
  Oid.certificatePolicies,
  Oid.crlDistributionPoints,
  Oid.extendedKeyUsage,
  '1.3.6.1.5.5.7.48.1.5', // id-pkix-ocsp-nocheck
  Oid.policyConstraints,
  Oid.nameConstraints,
  Oid.policyMappings,
  Oid.inhibitAnyPolicy,
]);

function readFacts(certificate: Certificate): Facts {
  const { basicConstraints, keyUsage, extensions, publicKey } = certificate;
  refuseUnreadable(certificate);
  const subject = nameKey(certificate.subject);
  const issuer = nameKey(certificate.issuer);
  const authorityKey = readAuthorityKey(
    extensions.find(({ oid }) => oid === Oid.authorityKeyIdentifier)?.value,
  );
  const selfIssued = subject === issuer;
  const critical = extensions.flatMap((extension) => (extension.critical ? [extension.oid] : []));
  const firstUnhandled = critical.findIndex((oid) => !SUPPORTED.has(oid));
  return {
    certificate,
    subject,
    issuer,
    ca: basicConstraints?.ca ?? false,
    pathLength: basicConstraints?.pathLength ?? -1,
    keyUsage,
    altNames: certificate.subjectAltNames,
    authorityKey,
    selfIssued,
    selfSigned: selfIssued && authorityKeyFits(certificate, authorityKey) && fitsKey(certificate, publicKey),
    unhandledCritical: firstUnhandled >= 0,
    critical: firstUnhandled < 0 ? critical : critical.slice(0, firstUnhandled),
    invalid: keyUsage?.length === 0,
  };
}

const PATH = 'authorityKeyIdentifier';
const GENERAL_NAMES = 0xa1;
const SERIAL = 0x82;
const KEY_ID = 0x80;
const DIRECTORY_NAME = 0xa4;

function readAuthorityKey(value: Uint8Array | undefined): AuthorityKey | undefined {
  if (!value) return undefined;
  const parts = new DerReader(value).enter(Tag.sequence, PATH);
  const keyId = parts.peek() === KEY_ID ? parts.content(KEY_ID, PATH) : undefined;
  const names = parts.peek() === GENERAL_NAMES ? parts.enter(GENERAL_NAMES, PATH) : undefined;
  const serial = parts.peek() === SERIAL ? parts.content(SERIAL, PATH) : undefined;
  if (!parts.done) unmodelled('an authority key identifier of another form');
  return { keyId, issuer: names && firstDirectoryName(names), serial };
}

function firstDirectoryName(names: DerReader): string | undefined {
  while (!names.done) {
    if (names.peek() === DIRECTORY_NAME) return nameKey(parseName(names.content(DIRECTORY_NAME, PATH)));
    names.skip(PATH);
  }
  return undefined;
}

/** X509_check_akid */
function authorityKeyFits(issuer: Certificate, key: AuthorityKey | undefined): boolean {
  if (!key) return true;
  const { subjectKeyId } = issuer;
  if (key.keyId && subjectKeyId && !equalBytes(key.keyId, subjectKeyId)) return false;
  if (key.serial && !equalBytes(key.serial, issuer.serial)) return false;
  return key.issuer === undefined || key.issuer === nameKey(issuer.issuer);
}

/** ossl_x509_likely_issued: names, key id, kind of key. The signature is checked at the end only. */
export function likelyIssued(issuer: Certificate, child: Certificate): boolean {
  if (nameKey(issuer.subject) !== nameKey(child.issuer)) return false;
  const { authorityKey, invalid } = factsOf(child);
  if (invalid || factsOf(issuer).invalid) return false;
  return authorityKeyFits(issuer, authorityKey) && fitsKey(child, issuer.publicKey);
}

/** ku_reject: there is a key usage extension, and none of these is in it. */
export function lacksUsage({ keyUsage }: Facts, ...wanted: readonly KeyUsage[]): boolean {
  return keyUsage !== undefined && !wanted.some((usage) => keyUsage.includes(usage));
}
