/** Go's crypto/x509 (verify.go): what every component of Kubernetes prints of a chain that it refuses. */
import type { Symptom } from '../types.ts';

const BY = 'Go (crypto/x509)';

export const goX509: readonly Symptom[] = [
  {
    id: 'not-yet-valid',
    by: BY,
    pattern:
      /x509: certificate has expired or is not yet valid: current time \S{1,40} is before (?<notBefore>[\dTZ:+-]{1,40})/,
    says: 'a certificate in the chain has not begun yet, by the clock of the side that looks at it',
    causes: ['not-yet-valid', 'clock', 'stale-process'],
  },
  {
    id: 'expired',
    by: BY,
    pattern:
      /x509: certificate has expired(?: or is not yet valid(?:: current time \S{1,40} is after (?<notAfter>[\dTZ:+-]{1,40}))?)?/,
    says: 'a certificate in the chain has ended: the leaf, or an authority above it',
    causes: ['expired', 'stale-process', 'clock', 'not-yet-valid'],
  },
  {
    id: 'other-key',
    by: BY,
    pattern:
      /x509: certificate signed by unknown authority \(possibly because of "(?:crypto\/rsa: verification error|x509: (?:ECDSA|Ed25519) verification failure)" while trying to verify candidate authority certificate "/,
    says: 'an authority with the right name is trusted, but its key is not the one that signed: two authorities share a name',
    causes: ['other-generation', 'stale-process', 'anchor-missing'],
  },
  {
    id: 'issuer-unfit',
    by: BY,
    pattern:
      /x509: (?:certificate signed by unknown authority \(possibly because of "x509: (?:invalid signature: parent certificate cannot sign|cannot verify signature: insecure algorithm|cannot verify signature: algorithm unimplemented)|certificate is not authorized to sign other certificates|too many intermediates for path length constraint)/,
    says: 'the issuer is known, but may not have signed this: it is no authority, has one too many below it, or used an algorithm that no longer counts',
    causes: ['issuer-unfit', 'anchor-missing'],
  },
  {
    id: 'unknown-authority',
    by: BY,
    pattern: /x509: certificate signed by unknown authority/,
    says: 'nobody whom this side trusts has signed the certificate of the other',
    causes: [
      'anchor-missing',
      'other-generation',
      'missing-intermediate',
      'self-signed-serving',
      'stale-process',
      'proxy-between',
    ],
  },
  {
    id: 'name',
    by: BY,
    pattern:
      /x509: certificate is (?:valid for (?:(?<names>[^\n]{1,8000}?), (?:not|but none matched)|no names, not) |not valid for any names, but wanted to match )(?<name>[^\s"\\,()]{1,255})/,
    says: 'the certificate is good, but not for the name or address that was dialled',
    about: 'server',
    causes: ['name-missing', 'stale-process', 'wrong-server', 'dialled-otherwise'],
  },
  {
    id: 'name',
    by: BY,
    pattern:
      /x509: cannot validate certificate for (?<name>[^\s"\\,]{1,255}) because it doesn't contain any IP SANs/,
    says: 'an address was dialled, and the certificate has no addresses among its names',
    about: 'server',
    causes: ['name-missing', 'dialled-otherwise', 'stale-process'],
  },
  {
    id: 'name',
    by: BY,
    pattern: /x509: certificate relies on legacy Common Name field, use SANs instead/,
    says: 'the name stands in the common name only, at which Go has not looked since 1.15',
    about: 'server',
    causes: ['name-missing', 'stale-process'],
  },
  {
    id: 'usage',
    by: BY,
    pattern: /x509: certificate specifies an incompatible key usage/,
    says: 'the certificate may not be used at this end: a server needs serverAuth, a client clientAuth',
    causes: ['wrong-usage', 'stale-process'],
  },
  {
    id: 'constraint',
    by: BY,
    pattern: /x509: a root or intermediate certificate is not authorized to sign for this name/,
    says: 'the authority is limited to other names than the certificate has',
    causes: ['name-constraint'],
  },
  {
    id: 'critical-extension',
    by: BY,
    pattern: /x509: unhandled critical extension/,
    says: 'the certificate has a critical extension that Go does not know, so that it must refuse it',
    causes: ['critical-extension'],
  },
  {
    id: 'unreadable',
    by: BY,
    pattern:
      /x509: (?:malformed|invalid (?!signature)|negative serial number|certificate contains duplicate extension|inner and outer signature algorithm|trailing data|SAN (?:dNSName|rfc822Name|uniformResourceIdentifier) is malformed|unsupported elliptic curve)/,
    says: 'the certificate cannot be read at all: it is damaged, or written against the rules',
    about: 'either',
    causes: ['file-unreadable', 'issued-against-rules'],
  },
  {
    id: 'weak',
    by: BY,
    pattern: /(?:crypto\/rsa: \d{1,5}-bit keys are insecure|cannot verify signature: insecure algorithm)/,
    says: 'the key is too short, or the signature of a kind that no longer counts',
    causes: ['weak-key', 'issuer-unfit'],
  },
];
