/**
 * Alerts: the other side says no, in one word (RFC 8446, 6). Go, OpenSSL with all that is built on it (curl, Node,
 * Python), and Java name them each in its own way.
 */
import type { CauseId } from '../causes/table.ts';
import type { Symptom } from '../types.ts';

interface Row {
  readonly id: string;
  readonly go: string;
  /** As OpenSSL has it after `alert `, or, for the newest alerts, on its own. */
  readonly openssl: string;
  readonly java: string;
  readonly says: string;
  readonly causes: readonly CauseId[];
  /** Not of our certificate: of theirs, or of neither. */
  readonly about?: Symptom['about'];
}

const ROWS: readonly Row[] = [
  {
    id: 'alert-unknown-ca',
    go: 'unknown certificate authority',
    openssl: 'alert unknown ca',
    java: 'unknown_ca',
    says: 'the other side does not know who signed our certificate',
    causes: ['anchor-missing', 'other-generation', 'missing-intermediate', 'stale-process'],
  },
  {
    id: 'alert-expired',
    go: 'expired certificate',
    openssl: 'alert certificate expired',
    java: 'certificate_expired',
    says: 'our certificate has ended, or has not begun, by the clock of the other side',
    causes: ['expired', 'not-yet-valid', 'stale-process', 'clock'],
  },
  {
    id: 'alert-bad-certificate',
    go: 'bad certificate',
    openssl: 'alert bad certificate',
    java: 'bad_certificate',
    says: 'the other side refuses our certificate, and its own log says why: a Go client answers so whatever is wrong with a server',
    causes: [
      'anchor-missing',
      'name-missing',
      'other-generation',
      'expired',
      'wrong-usage',
      'missing-intermediate',
      'not-yet-valid',
      'peer-address',
      'no-client-certificate',
      'stale-process',
      'issuer-unfit',
    ],
  },
  {
    id: 'alert-certificate-required',
    go: 'certificate required',
    openssl: 'alert certificate required',
    java: 'certificate_required',
    says: 'the other side wants a client certificate, and we have shown none',
    causes: ['no-client-certificate', 'anchor-missing'],
  },
  {
    id: 'alert-unknown-certificate',
    go: 'unknown certificate',
    openssl: 'alert certificate unknown',
    java: 'certificate_unknown',
    says: 'the other side refuses our certificate for a reason that it does not tell; Java clients and browsers answer so to an authority that they do not know',
    causes: ['anchor-missing', 'name-missing', 'expired', 'other-generation', 'stale-process'],
  },
  {
    id: 'alert-unsupported-certificate',
    go: 'unsupported certificate',
    openssl: 'alert unsupported certificate',
    java: 'unsupported_certificate',
    says: 'our certificate is not for this use, or its key is of a kind that the other side cannot take',
    causes: ['wrong-usage', 'weak-key'],
  },
  {
    id: 'alert-revoked',
    go: 'revoked certificate',
    openssl: 'alert certificate revoked',
    java: 'certificate_revoked',
    says: 'our certificate has been revoked',
    causes: ['revoked'],
  },
  {
    id: 'alert-internal-error',
    go: 'internal error',
    openssl: 'alert internal error',
    java: 'internal_error',
    says: 'the other side has no certificate that it could present: its pair is torn or missing, or a kubelet still waits for its serving certificate',
    about: 'either',
    causes: ['csr-pending', 'key-mismatch', 'file-missing', 'file-unreadable', 'half-replaced'],
  },
  {
    id: 'alert-handshake-failure',
    go: 'handshake failure',
    openssl: 'alert handshake failure',
    java: 'handshake_failure',
    says: 'the two sides found no algorithms in common, or (before TLS 1.3) a client certificate was missing',
    about: 'either',
    causes: ['no-client-certificate', 'weak-key', 'no-common-cipher', 'protocol-version'],
  },
  {
    id: 'no-common-version',
    go: 'protocol version not supported',
    openssl: 'alert protocol version',
    java: 'protocol_version',
    says: 'the two sides have no version of TLS in common',
    about: 'either',
    causes: ['protocol-version'],
  },
  {
    id: 'alert-decrypt-error',
    go: 'error decrypting message',
    openssl: 'alert decrypt error',
    java: 'decrypt_error',
    says: 'a signature of ours did not fit our certificate: the key is another one',
    about: 'either',
    causes: ['key-mismatch', 'proxy-between'],
  },
  {
    id: 'alert-unrecognized-name',
    go: 'unrecognized name',
    openssl: 'unrecognized name',
    java: 'unrecognized_name',
    says: 'the server does not know the name that it was asked for',
    about: 'either',
    causes: ['wrong-server', 'name-missing'],
  },
  {
    id: 'alert-access-denied',
    go: 'access denied',
    openssl: 'alert access denied',
    java: 'access_denied',
    says: 'our certificate was good, and its owner is not let in',
    causes: ['not-allowed'],
  },
];

export const alerts: readonly Symptom[] = ROWS.map(({ id, go, openssl, java, says, causes, about }) => ({
  id,
  by: 'Go (crypto/tls), OpenSSL and what is built on it, Java: an alert from the other side',
  pattern: new RegExp(`(?:remote error: tls: ${go}|${openssl}|fatal alert: ${java})`, 'i'),
  says,
  causes,
  heard: true,
  ...(about !== undefined && { about }),
}));
