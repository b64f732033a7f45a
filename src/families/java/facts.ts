import { equalBytes } from '../../base/index.ts';
import {
  type Certificate,
  DerReader,
  type GeneralName,
  isDomainName,
  type Name,
  Oid,
  Tag,
} from '../../x509/index.ts';
import { nameKey } from '../openssl/canonical-name.ts';
import { refuseUnreadable } from '../openssl/readable.ts';
import { unmodelled } from '../unmodelled.ts';

/** Where Java's parsers and rules part from ours and are not re-created: the answer is unknown. */
export function refuseUnread(certificate: Certificate): void {
  refuseUnreadable(certificate);
  const { publicKey, subjectAltNames = [], subject, issuer, extensions } = certificate;
  if (publicKey.kind === 'unknown') unmodelled(`public keys of algorithm ${publicKey.name}`);
  if (publicKey.kind === 'rsa' && (publicKey.bits < 1_024 || !isPlainRsa(publicKey.spki))) {
    unmodelled('a public key that Java refuses');
  }
  if (WEAK.has(certificate.signatureAlgorithm)) unmodelled('a signature algorithm that Java restricts');
  if (!subjectAltNames.every(isPlainName)) unmodelled('a subject alternative name that Java may not read');
  if (![subject, issuer].every(isPlain)) unmodelled('a name that is not plain ASCII');
  if (
    extensions.some(({ oid, critical }) => POLICIES.has(oid) || (critical && oid === Oid.certificatePolicies))
  ) {
    unmodelled('policies');
  }
}

/** jdk.certpath.disabledAlgorithms: MD2, MD5; SHA-1 is restricted; DSA and RSA-PSS are not read here. */
const WEAK: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2',
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.3.14.3.2.29',
  '1.2.840.10045.4.1',
  '1.2.840.113549.1.1.10',
  '1.2.840.10040.4.3',
  '2.16.840.1.101.3.4.3.2',
]);

const POLICIES: ReadonlySet<string> = new Set([
  Oid.policyConstraints,
  Oid.policyMappings,
  Oid.inhibitAnyPolicy,
]);

/** The usual exponent, and an odd modulus: of others RSAPublicKeyImpl refuses some. */
function isPlainRsa(spki: Uint8Array): boolean {
  const info = new DerReader(spki).enter(Tag.sequence, PATH);
  info.skip(PATH);
  const key = new DerReader(info.content(Tag.bitString, PATH), 1).enter(Tag.sequence, PATH);
  const modulus = key.content(Tag.integer, PATH);
  return ((modulus.at(-1) ?? 0) & 1) === 1 && equalBytes(key.content(Tag.integer, PATH), USUAL_EXPONENT);
}

const PATH = 'subjectPublicKeyInfo';
const USUAL_EXPONENT = Uint8Array.of(1, 0, 1);

/** One name that does not parse makes Java take the whole extension for absent. */
function isPlainName(name: GeneralName): boolean {
  if (name.kind === 'ip') return true;
  if (name.kind === 'uri') return /^[a-z]+:\/\/[A-Za-z0-9.-]+(\/[A-Za-z0-9./_-]*)?$/.test(name.value);
  return (
    name.kind === 'dns' &&
    isDomainName(name.value.replace(/^\*\./, ''), false) &&
    /^[*A-Za-z0-9]/.test(name.value) &&
    !name.value.endsWith('.')
  );
}

const STRINGS: ReadonlySet<number> = new Set([0x0c, 0x13]);

function isPlain({ rdns }: Name): boolean {
  return rdns.flat().every(({ text, der }) => STRINGS.has(der[0] ?? 0) && /^[ -~]*$/.test(text ?? ''));
}

/** X500Principal.equals, for plain names: as OpenSSL folds them. */
export function sameName(a: Name, b: Name): boolean {
  return equalBytes(a.der, b.der) || nameKey(a) === nameKey(b);
}

export function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return sameName(subject, issuer);
}

/** -1: no authority; else how many may follow. X509Certificate.getBasicConstraints */
export function pathLengthOf({ basicConstraints }: Certificate): number {
  if (!basicConstraints?.ca) return -1;
  return basicConstraints.pathLength ?? Number.POSITIVE_INFINITY;
}

export function isAmong(certificate: Certificate, all: readonly Certificate[]): boolean {
  return all.some(({ der }) => equalBytes(der, certificate.der));
}
