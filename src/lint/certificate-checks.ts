import { equalBytes } from '../base/index.ts';
import { type Certificate, serialDecimal } from '../x509/index.ts';
import { authorityChecks } from './authority-checks.ts';
import { derChecks } from './der-checks.ts';
import { subjectChecks } from './name-checks.ts';
import { serverChecks } from './server-checks.ts';
import { keyChecks, signatureChecks } from './shared-checks.ts';
import { type LintCheck, when } from './types.ts';

/** RFC 5280, 4.1.2.2: octets of the INTEGER. */
const LONGEST_SERIAL = 20;
/**
 * Octets that a random one has nearly always: the CA/Browser Forum wants 64 random bits, Kubernetes draws 63
 * (cmd/kubeadm/app/util/pkiutil). One in 2^16 of those has less than 47 bits, and is called short by mistake.
 */
const SHORTEST_RANDOM_SERIAL = 7;

/** Rules over one certificate that Go does not have. */
export const certificateChecks: readonly LintCheck<Certificate>[] = [
  {
    id: 'serial-zero',
    severity: 'warning',
    title: 'the serial number is zero',
    why: 'a serial number must be positive; it is what a revocation names',
    source: 'RFC 5280, 4.1.2.2',
    look: ({ serial }) => when(isZero(serial)),
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
      serial.length < SHORTEST_RANDOM_SERIAL && !isZero(serial) ? serialDecimal(serial) : undefined,
  },
  ...keyChecks,
  ...signatureChecks,
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
    id: 'issuer-empty',
    severity: 'error',
    title: 'the issuer has no name',
    why: 'no verifier can find the issuer by its name',
    source: 'RFC 5280, 4.1.2.4',
    look: ({ issuer }) => when(issuer.rdns.length === 0),
  },
  ...authorityChecks,
  {
    id: 'issuer-key-id-missing',
    severity: 'warning',
    title: 'without authorityKeyIdentifier, though it is not self-issued',
    why: 'it says by which of the keys of its issuer it was signed; OpenSSL with -x509_strict refuses it',
    source: 'RFC 5280, 4.2.1.1',
    look: ({ authorityKeyId, subject, issuer, version }) =>
      when(version === 3 && authorityKeyId === undefined && !equalBytes(subject.der, issuer.der)),
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
  ...subjectChecks,
  ...serverChecks,
  ...derChecks,
];

/** An INTEGER in its shortest form. */
function isZero(serial: Uint8Array): boolean {
  return serial.length === 1 && serial[0] === 0;
}
