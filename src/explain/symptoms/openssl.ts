/**
 * OpenSSL (crypto/x509/x509_txt.c), whose sentences curl, wget, Python, Ruby and nginx print as they are, and Node by its
 * code (src/crypto/crypto_common.cc); 1.1 wrote `self signed`, and `unsupported certificate purpose`.
 */
import type { Symptom } from '../types.ts';

const BY = 'OpenSSL, curl, Python, Node';

export const openssl: readonly Symptom[] = [
  {
    id: 'expired',
    by: BY,
    pattern: /certificate (?:has|is) expired|\bCERT_HAS_EXPIRED\b/i,
    says: 'a certificate in the chain has ended: the leaf, or an authority above it',
    causes: ['expired', 'stale-process', 'clock'],
  },
  {
    id: 'not-yet-valid',
    by: BY,
    pattern: /certificate is not yet valid|\bCERT_NOT_YET_VALID\b/i,
    says: 'a certificate in the chain has not begun yet, by the clock of the side that looks at it',
    causes: ['not-yet-valid', 'clock'],
  },
  {
    id: 'self-signed',
    by: BY,
    pattern: /self[- ]signed certificate in (?:certificate )?chain|\bSELF_SIGNED_CERT_IN_CHAIN\b/i,
    says: 'the chain ends in an authority that signs itself and is not trusted here',
    about: 'server',
    causes: ['anchor-missing', 'no-anchors-given', 'other-generation', 'proxy-between'],
  },
  {
    id: 'self-signed',
    by: BY,
    pattern: /self[- ]signed certificate|\bDEPTH_ZERO_SELF_SIGNED_CERT\b/i,
    says: 'the server presents a certificate that it signed itself: a kubelet or a component that was given none does so',
    about: 'server',
    causes: ['self-signed-serving', 'anchor-missing', 'wrong-server'],
  },
  {
    id: 'unknown-authority',
    by: BY,
    pattern:
      /unable to get (?:local )?issuer certificate|unable to verify the first certificate|\bUNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE)\b/i,
    says: 'the issuer of a certificate is neither trusted here nor sent along',
    causes: [
      'anchor-missing',
      'no-anchors-given',
      'missing-intermediate',
      'other-generation',
      'stale-process',
    ],
  },
  {
    id: 'other-key',
    by: BY,
    pattern:
      /certificate signature failure|\bCERT_SIGNATURE_FAILURE\b|elliptic curve routines:[^\n:]{0,40}:bad signature|rsa routines:[^\n:]{0,40}:(?:invalid padding|wrong signature length|padding check failed)|asn1 encoding routines:[^\n:]{0,40}:EVP lib/i,
    says: 'an authority with the right name is trusted, but its key is not the one that signed: two authorities share a name',
    causes: ['other-generation', 'anchor-missing'],
  },
  {
    id: 'issuer-unfit',
    by: BY,
    pattern:
      /invalid CA certificate|path length constraint exceeded|key usage does not include certificate signing|\bINVALID_CA\b/i,
    says: 'what stands above the certificate is no authority, or may not sign this',
    causes: ['issuer-unfit', 'anchor-missing'],
  },
  {
    id: 'usage',
    by: BY,
    pattern: /un(?:suitable|supported) certificate purpose|\bINVALID_PURPOSE\b/i,
    says: 'the certificate may not be used at this end: a server needs serverAuth, a client clientAuth',
    causes: ['wrong-usage', 'issuer-unfit'],
  },
  {
    id: 'name',
    by: BY,
    pattern:
      /(?:Hostname|IP address) mismatch, certificate is not valid for '(?<name>[^'\s]{1,255})'|(?:hostname|IP address) mismatch/i,
    says: 'the certificate is good, but not for the name or address that was dialled',
    about: 'server',
    causes: ['name-missing', 'dialled-otherwise', 'wrong-server'],
  },
  {
    id: 'weak',
    by: BY,
    pattern:
      /(?:EE|CA) (?:certificate )?key too (?:weak|small)|CA (?:signature digest algorithm|md) too weak/i,
    says: 'the key is too short, or the signature of a kind that no longer counts',
    causes: ['weak-key'],
  },
  {
    id: 'constraint',
    by: BY,
    pattern: /(?:permitted|excluded) subtree violation/i,
    says: 'the authority is limited to other names than the certificate has',
    causes: ['name-constraint'],
  },
  {
    id: 'critical-extension',
    by: BY,
    pattern: /unhandled critical extension/i,
    says: 'the certificate has a critical extension that the program does not know, so that it must refuse it',
    causes: ['critical-extension'],
  },
  {
    id: 'strict',
    by: 'Python 3.13 and later, OpenSSL with -x509_strict',
    pattern:
      /Missing (?:Authority|Subject) Key Identifier|CA cert does not include key usage extension|Basic Constraints of CA cert not marked critical|(?:Authority|Subject) Key Identifier marked critical|Path length given without key usage keyCertSign/i,
    says: 'the chain is good for most programs, and lacks what strict ones ask for (RFC 5280)',
    causes: ['strict-verifier'],
  },
  {
    id: 'key-mismatch',
    by: BY,
    pattern: /key values mismatch|\bKEY_VALUES_MISMATCH\b/i,
    says: 'a certificate and a private key were loaded that do not belong together',
    about: 'either',
    causes: ['key-mismatch', 'half-replaced'],
  },
  {
    id: 'not-tls',
    by: BY,
    pattern:
      /wrong version number|\bWRONG_VERSION_NUMBER\b|packet length too long|SSL routines:[^\n]{0,60}http request/i,
    says: 'one side speaks TLS and the other something else, as a rule plain HTTP',
    about: 'either',
    causes: ['plain-http', 'proxy-between'],
  },
  {
    id: 'no-pem',
    by: BY,
    pattern:
      /PEM routines:[^\n]{0,60}no start line|bad base64 decode|\[SSL\] PEM lib|error:[0-9A-F]{8}:PEM routines|ERR_OSSL_PEM_NO_START_LINE/i,
    says: 'a file that should hold a certificate or a key holds something else',
    about: 'either',
    causes: ['file-unreadable', 'half-replaced'],
  },
  {
    id: 'no-common-version',
    by: BY,
    pattern: /unsupported protocol|no protocols available|unsupported_protocol/i,
    says: 'the two sides have no version of TLS in common',
    about: 'either',
    causes: ['protocol-version'],
  },
  {
    id: 'no-common-cipher',
    by: BY,
    pattern: /no shared cipher|no cipher match|\bNO_SHARED_CIPHER\b/i,
    says: 'the two sides have no algorithm in common',
    about: 'either',
    causes: ['no-common-cipher', 'weak-key'],
  },
];
