import {
  type Certificate,
  DerReader,
  Oid,
  serialDecimal,
  signatureAlgorithmName,
  Tag,
} from '../x509/index.ts';
import { nameChecks } from './name-checks.ts';
import type { LintCheck } from './types.ts';

const isAuthority = ({ basicConstraints }: Certificate) => basicConstraints?.ca === true;
const extension = ({ extensions }: Certificate, oid: string) => extensions.find((one) => one.oid === oid);
const when = (found: boolean, evidence = '') => (found ? evidence : undefined);

/** NIST SP 800-57 part 1, 5.6.1.1: 112 bits of strength. */
const SMALLEST_RSA = 2048;
/** RFC 5280, 4.1.2.2: octets of the INTEGER. */
const LONGEST_SERIAL = 20;
/**
 * Octets that a random one has nearly always: the CA/Browser Forum wants 64 random bits, Kubernetes draws 63
 * (cmd/kubeadm/app/util/pkiutil). One in 2^16 of those has less than 47 bits, and is called short by mistake.
 */
const SHORTEST_RANDOM_SERIAL = 7;

/** Rules over one certificate that Go does not have. */
export const certificateChecks: readonly LintCheck[] = [
  {
    id: 'serial-zero',
    severity: 'warning',
    title: 'the serial number is zero',
    why: 'a serial number must be positive; it is what a revocation names',
    source: 'RFC 5280, 4.1.2.2',
    look: ({ serial }) => when(serialDecimal(serial) === '0'),
  },
  {
    id: 'serial-long',
    severity: 'warning',
    title: 'the serial number has more than 20 octets',
    why: 'verifiers need not handle longer ones',
    source: 'RFC 5280, 4.1.2.2',
    look: ({ serial }) => when(serial.length > LONGEST_SERIAL, `${serial.length} octets`),
  },
  {
    id: 'serial-short',
    severity: 'info',
    title: 'the serial number is too short to be random',
    why: 'a serial number that can be guessed helps whoever forges certificates by colliding hashes, and may come twice',
    source: 'CA/Browser Forum Baseline Requirements, 7.1 (ballot 164)',
    look: ({ serial }) =>
      when(serial.length < SHORTEST_RANDOM_SERIAL && serialDecimal(serial) !== '0', serialDecimal(serial)),
  },
  {
    id: 'key-weak',
    severity: 'error',
    title: 'the RSA key has less than 2048 bits',
    why: 'it can be broken; OpenSSL refuses it at its default security level',
    source: 'NIST SP 800-57 part 1, 5.6.1.1',
    look: ({ publicKey: { kind, bits } }) => when(kind === 'rsa' && bits < SMALLEST_RSA, `${bits} bits`),
  },
  {
    id: 'key-unknown',
    severity: 'error',
    title: 'a key that Go cannot use',
    why: 'Go knows RSA, the NIST curves and Ed25519; whatever this key signs is refused',
    source: 'crypto/x509, parsePublicKey',
    look: ({ publicKey: { kind, name } }) => when(kind === 'unknown', name),
  },
  {
    id: 'signature-weak',
    severity: 'error',
    title: 'it is signed with a broken hash',
    why: 'certificates with this hash have been forged; Go refuses the signature too, unless this is a root',
    source: 'RFC 6151; RFC 6194',
    look: ({ signatureAlgorithm, signatureParameters }) => {
      const name = signatureAlgorithmName(signatureAlgorithm, signatureParameters);
      return when(/^(MD[25]|SHA1)-|-SHA1$/.test(name), name);
    },
  },
  {
    id: 'version-old',
    severity: 'warning',
    title: 'it is not of version 3',
    why: 'it has no extensions that count: no alternative names, no limits',
    source: 'RFC 5280, 4.1.2.1',
    look: ({ version }) => when(version !== 3, `version ${version}`),
  },
  {
    id: 'validity-reversed',
    severity: 'error',
    title: 'it ends before it begins',
    why: 'it is never valid',
    source: 'RFC 5280, 4.1.2.5',
    look: ({ notBefore, notAfter }) => when(notAfter < notBefore),
  },
  {
    id: 'time-form',
    severity: 'warning',
    title: 'a date is not in the form that DER has for it',
    why: 'dates to 2049 are UTCTime, later ones GeneralizedTime, with seconds and Z; strict verifiers refuse others',
    source: 'RFC 5280, 4.1.2.5',
    look: ({ tbs }) => times(tbs).find((text) => !isProperTime(text)),
  },
  {
    id: 'issuer-empty',
    severity: 'error',
    title: 'the issuer has no name',
    why: 'no verifier can find the issuer by its name',
    source: 'RFC 5280, 4.1.2.4',
    look: ({ issuer }) => when(issuer.rdns.length === 0),
  },
  {
    id: 'ca-constraints-not-critical',
    severity: 'warning',
    title: 'an authority whose basicConstraints are not critical',
    why: 'a verifier that does not know the extension would take the certificate for a leaf',
    source: 'RFC 5280, 4.2.1.9',
    look: (certificate) =>
      when(isAuthority(certificate) && extension(certificate, Oid.basicConstraints)?.critical === false),
  },
  {
    id: 'ca-without-key-usage',
    severity: 'warning',
    title: 'an authority without keyUsage',
    why: 'a conforming authority says what its key may sign; OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.3',
    look: (certificate) => when(isAuthority(certificate) && certificate.keyUsage === undefined),
  },
  {
    id: 'ca-cannot-sign',
    severity: 'error',
    title: 'an authority whose keyUsage does not let it sign certificates',
    why: 'whatever it signs is refused',
    source: 'RFC 5280, 4.2.1.9',
    look: (certificate) =>
      when(isAuthority(certificate) && certificate.keyUsage?.includes('keyCertSign') === false),
  },
  {
    id: 'ca-without-subject',
    severity: 'error',
    title: 'an authority without a subject',
    why: 'nothing that it signs can name its issuer',
    source: 'RFC 5280, 4.1.2.6',
    look: (certificate) => when(isAuthority(certificate) && certificate.subject.rdns.length === 0),
  },
  {
    id: 'ca-without-key-id',
    severity: 'warning',
    title: 'an authority without subjectKeyIdentifier',
    why: 'of several authorities of one name nobody can tell which one signed; OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.2',
    look: (certificate) => when(isAuthority(certificate) && certificate.subjectKeyId === undefined),
  },
  {
    id: 'leaf-signs',
    severity: 'error',
    title: 'a leaf that says it signs certificates',
    why: 'keyCertSign goes with an authority only; OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.3',
    look: (certificate) =>
      when(!isAuthority(certificate) && certificate.keyUsage?.includes('keyCertSign') === true),
  },
  {
    id: 'leaf-path-length',
    severity: 'error',
    title: 'a path length on a certificate that is no authority',
    why: 'it means nothing there, and OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.9',
    look: ({ basicConstraints }) =>
      when(basicConstraints?.ca === false && basicConstraints.pathLength !== undefined),
  },
  {
    id: 'issuer-key-id-missing',
    severity: 'warning',
    title: 'without authorityKeyIdentifier, though it is not self-issued',
    why: 'it says by which of the keys of its issuer it was signed; OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.1',
    look: ({ authorityKeyId, subject, issuer, version }) =>
      when(version === 3 && authorityKeyId === undefined && !sameOctets(subject.der, issuer.der)),
  },
  {
    id: 'encipherment-on-ec',
    severity: 'info',
    title: 'keyEncipherment on a key that cannot encipher',
    why: 'only RSA keys do; kubeadm writes it all the same, and Go does not mind',
    source: 'RFC 8813, 3',
    look: ({ keyUsage, publicKey: { kind, name } }) =>
      when((kind === 'ecdsa' || kind === 'ed25519') && keyUsage?.includes('keyEncipherment') === true, name),
  },
  {
    id: 'unknown-critical',
    severity: 'error',
    title: 'a critical extension that Go does not know',
    why: 'Go parses the certificate and refuses it when it verifies it',
    source: 'RFC 5280, 4.2',
    look: ({ unhandledCritical }) =>
      unhandledCritical.length > 0 ? unhandledCritical.join(', ') : undefined,
  },
  ...nameChecks,
];

function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** The two dates as they are written. The certificate was parsed, so they are there. */
function times(tbs: Uint8Array): string[] {
  const path = 'tbsCertificate';
  const reader = new DerReader(tbs).enter(Tag.sequence, path);
  if (reader.peek() === VERSION) reader.any(path);
  for (let skipped = 0; skipped < BEFORE_VALIDITY; skipped++) reader.any(path);
  const validity = reader.enter(Tag.sequence, path);
  return [0, 1].map(() => Buffer.from(validity.content(validity.peek(), path)).toString('latin1'));
}

const VERSION = 0xa0;
/** Serial number, signature algorithm, issuer. */
const BEFORE_VALIDITY = 3;

function isProperTime(text: string): boolean {
  if (/^\d{12}Z$/.test(text)) return true;
  return /^\d{14}Z$/.test(text) && (text < '1950' || text >= '2050');
}
