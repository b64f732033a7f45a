/** Java's JSSE (sun.security.validator, sun.security.provider.certpath, sun.security.util.HostnameChecker). */
import type { Symptom } from '../types.ts';

const BY = 'Java';

export const java: readonly Symptom[] = [
  {
    id: 'unknown-authority',
    by: BY,
    pattern:
      /PKIX path building failed|unable to find valid certification path to requested target|Path does not chain with any of the trust anchors/,
    says: 'nobody in the trust store has signed the certificate of the other side (Java says so too of one that has ended)',
    causes: ['anchor-missing', 'no-anchors-given', 'missing-intermediate', 'other-generation', 'expired'],
  },
  {
    id: 'expired',
    by: BY,
    pattern: /CertificateExpiredException|NotAfter: \w{3} \w{3}/,
    says: 'a certificate in the chain has ended',
    causes: ['expired', 'stale-process', 'clock'],
  },
  {
    id: 'not-yet-valid',
    by: BY,
    pattern: /CertificateNotYetValidException|NotBefore: \w{3} \w{3}/,
    says: 'a certificate in the chain has not begun yet, by the clock of the side that looks at it',
    causes: ['not-yet-valid', 'clock'],
  },
  {
    id: 'expired',
    by: BY,
    pattern: /CertPathValidatorException: (?:[^\n:]{0,100}: )?validity check failed/,
    says: 'a certificate in the chain has ended, or has not begun: which of the two stands in the cause that Java prints below',
    causes: ['expired', 'not-yet-valid', 'stale-process', 'clock'],
  },
  {
    id: 'issuer-unfit',
    by: BY,
    pattern: /basic constraints check failed|CA key usage check failed|is not a CA certificate/,
    says: 'what stands above the certificate is no authority, or may not sign this',
    causes: ['issuer-unfit', 'anchor-missing'],
  },
  {
    id: 'weak',
    by: BY,
    pattern: /does not conform to algorithm constraints|[Aa]lgorithm constraints check failed/,
    says: 'the key is too short, or the signature of a kind that Java no longer takes',
    causes: ['weak-key'],
  },
  {
    id: 'critical-extension',
    by: BY,
    pattern: /unrecognized critical extension/,
    says: 'the certificate has a critical extension that Java does not know, so that it must refuse it',
    causes: ['critical-extension'],
  },
  {
    id: 'name',
    by: BY,
    pattern:
      /No subject alternative (?:DNS )?names? (?:present|matching (?:IP address )?(?<name>[^\s]{1,255}?)(?: found|\.? ))|No name matching [^\s]{1,255} found/,
    says: 'the certificate is good, but not for the name or address that was dialled',
    about: 'server',
    causes: ['name-missing', 'dialled-otherwise', 'wrong-server'],
  },
  {
    id: 'usage',
    by: BY,
    pattern:
      /Extended key usage does not permit use for TLS (?:server|client) authentication|KeyUsage does not allow/,
    says: 'the certificate may not be used at this end: a server needs serverAuth, a client clientAuth',
    causes: ['wrong-usage'],
  },
  {
    id: 'other-key',
    by: BY,
    pattern: /(?:signature check failed|Signature does not match|subject\/issuer name chaining check failed)/,
    says: 'an authority with the right name is trusted, but its key is not the one that signed: two authorities share a name',
    causes: ['other-generation', 'anchor-missing'],
  },
  {
    id: 'no-pem',
    by: BY,
    pattern:
      /the trustAnchors parameter must be non-empty|keystore password was incorrect|Invalid keystore format/,
    says: 'the trust store is empty, cannot be opened, or is not where Java looks',
    about: 'either',
    causes: ['no-anchors-given', 'file-unreadable'],
  },
  {
    id: 'not-tls',
    by: BY,
    pattern: /Unsupported or unrecognized SSL message/,
    says: 'one side speaks TLS and the other something else, as a rule plain HTTP',
    about: 'either',
    causes: ['plain-http', 'proxy-between'],
  },
  {
    id: 'hung-up',
    by: BY,
    pattern: /Remote host terminated the handshake/,
    says: 'the other side ended the connection without a word',
    about: 'either',
    causes: ['proxy-between', 'no-client-certificate', 'not-running', 'network'],
  },
];
