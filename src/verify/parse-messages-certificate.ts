import type { Failure } from '../base/index.ts';
import { type GoRules, newestRules } from './go-rules.ts';
import {
  COMMON_SAYS,
  EXTENSION_PLACES,
  EXTENSIONS,
  namePlaces,
  refusalText,
  SIGNED_PLACES,
  type Stop,
  type Texts,
  timePlaces,
} from './parse-messages.ts';

/** Why Go's x509.ParseCertificate refuses what `parseCertificate` has refused. */
export function parseRefusal(failure: Failure, rules: GoRules = newestRules): string {
  const atPoint = failure.code === 'x509/public-key' && failure.where?.path?.endsWith('.ECPoint');
  if (atPoint && !rules.explainsPoints) return 'x509: failed to unmarshal elliptic curve point';
  return refusalText(failure, CERTIFICATE);
}

/** Behind the whole certificate; inside of it the place counts. */
function trailing(stop: Stop): string | undefined {
  return stop.path === 'certificate' ? 'x509: trailing data' : undefined;
}

function publicKeyRefusal({ message, last }: Stop): string {
  switch (last) {
    case 'ECPoint': // of crypto/ecdsa and its curves: passed on as it is
      return message;
    case 'namedCurve':
      return 'x509: unsupported elliptic curve';
    case 'modulus':
      return 'x509: RSA modulus is not a positive number';
    case 'DSAPublicKey':
    case 'Dss-Parms':
      return 'x509: zero or negative DSA parameter';
    case 'publicExponent':
      return 'x509: RSA public exponent is not a positive number';
    case 'parameters':
      return message.includes('RSA')
        ? 'x509: RSA key missing NULL parameters'
        : 'x509: Ed25519 key encoded with illegal parameters';
    default:
      return 'x509: wrong Ed25519 public key size';
  }
}

/** crypto/x509/parser.go, parseCertificate and processExtensions. */
const CERTIFICATE: Texts = {
  signed: 'tbsCertificate',
  says: {
    ...COMMON_SAYS,
    'x509/version': () => 'x509: invalid version',
    'x509/negative-serial': () => 'x509: negative serial number',
    'x509/duplicate-extension': ({ message }) => `x509: ${message}`,
    'x509/uri': ({ message }) => `x509: ${message}`,
    'x509/name-constraint': ({ message }) => `x509: ${message}`,
    'x509/general-name': ({ message, last }) =>
      last === 'iPAddress' ? `x509: ${message}` : `x509: SAN ${last} is malformed`,
    'x509/public-key': publicKeyRefusal,
    'x509/der-trailing': trailing,
  },
  places: {
    certificate: 'malformed certificate',
    tbsCertificate: 'malformed tbs certificate',
    version: 'malformed version',
    serialNumber: 'malformed serial number',
    ...SIGNED_PLACES,
    validity: 'malformed validity',
    ...timePlaces('validity.notBefore'),
    ...timePlaces('validity.notAfter'),
    ...namePlaces('issuer'),
    ...namePlaces('subject'),
    issuerUniqueID: 'malformed issuerUniqueID',
    subjectUniqueID: 'malformed subjectUniqueID',
    subjectPublicKeyInfo: 'malformed spki',
    'subjectPublicKeyInfo.algorithm': 'malformed public key algorithm identifier',
    'subjectPublicKeyInfo.algorithm.algorithm': 'malformed OID',
    'subjectPublicKeyInfo.algorithm.parameters': 'malformed parameters',
    'subjectPublicKeyInfo.algorithm.parameters.namedCurve': 'invalid ECDSA parameters',
    'subjectPublicKeyInfo.algorithm.parameters.Dss-Parms': 'invalid DSA parameters',
    'subjectPublicKeyInfo.subjectPublicKey.DSAPublicKey': 'invalid DSA public key',
    'subjectPublicKeyInfo.subjectPublicKey': 'malformed subjectPublicKey',
    'subjectPublicKeyInfo.subjectPublicKey.RSAPublicKey': 'invalid RSA public key',
    'subjectPublicKeyInfo.subjectPublicKey.RSAPublicKey.modulus': 'invalid RSA modulus',
    'subjectPublicKeyInfo.subjectPublicKey.RSAPublicKey.publicExponent': 'invalid RSA public exponent',
    ...EXTENSION_PLACES,
    ...Object.fromEntries(
      Object.entries(EXTENSIONS).map(([name, text]) => [`extensions.${name}`, `invalid ${text}`]),
    ),
    'extensions.subjectAltName.name': 'invalid subject alternative name',
    'extensions.cRLDistributionPoints.distributionPoint': 'invalid CRL distribution point',
  },
};
