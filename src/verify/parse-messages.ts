import type { Failure } from '../base/index.ts';

/**
 * Why Go's x509.ParseCertificate refuses what our reader has refused: its code and its path name one of Go's
 * texts (crypto/x509/parser.go).
 */
export function parseRefusal({ code, message, where }: Failure): string {
  const path = where?.path?.replace(/^tbsCertificate\./, '') ?? '';
  const [, last = path] = /([^.]*)$/.exec(path) ?? [];
  return (SAYS[code] ?? whereItStopped)({ code, message, path, last });
}

interface Stop {
  readonly code: string;
  readonly message: string;
  readonly path: string;
  /** The last part of the path. */
  readonly last: string;
}

/** Codes that tell more than where the reader stopped. A text that holds a value is in the message. */
const SAYS: Readonly<Record<string, (stop: Stop) => string>> = {
  'x509/version': () => 'x509: invalid version',
  'x509/negative-serial': () => 'x509: negative serial number',
  'x509/algorithm-mismatch': () => "x509: inner and outer signature algorithm identifiers don't match",
  'x509/duplicate-extension': ({ message }) => `x509: ${message}`,
  'x509/uri': ({ message }) => `x509: ${message}`,
  'x509/name-constraint': ({ message }) => `x509: ${message}`,
  'x509/name-string': ({ message }) => `x509: invalid RDNSequence: invalid attribute value: ${message}`,
  'x509/general-name': ({ message, last }) =>
    last === 'iPAddress' ? `x509: ${message}` : `x509: SAN ${last} is malformed`,
  'x509/extension-critical': ({ last }) => `x509: ${EXTENSIONS[last] ?? last} incorrectly marked critical`,
  'x509/time': ({ last }) => TIMES[last] ?? 'x509: unsupported time format',
  'x509/public-key': publicKeyRefusal,
};

function publicKeyRefusal({ message, last }: Stop): string {
  switch (last) {
    case 'ECPoint': // of crypto/ecdsa and its curves: passed on as it is
      return message;
    case 'namedCurve':
      return 'x509: unsupported elliptic curve';
    case 'modulus':
      return 'x509: RSA modulus is not a positive number';
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

const TIMES: Readonly<Record<string, string>> = {
  utcTime: 'x509: malformed UTCTime',
  generalTime: 'x509: malformed GeneralizedTime',
};

/** Names of extensions in Go's sentences. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  authorityInfoAccess: 'authority info access',
  authorityKeyIdentifier: 'authority key identifier',
  basicConstraints: 'basic constraints',
  cRLDistributionPoints: 'CRL distribution points',
  certificatePolicies: 'certificate policies',
  extKeyUsage: 'extended key usages',
  inhibitAnyPolicy: 'inhibit any policy extension',
  keyUsage: 'key usage',
  nameConstraints: 'NameConstraints extension',
  policyConstraints: 'policy constraints extension',
  policyMappings: 'policy mappings extension',
  subjectAltName: 'subject alternative names',
  subjectKeyIdentifier: 'subject key identifier',
};

/** By the path without `tbsCertificate.`, or the longest beginning of it. */
const PLACES: Readonly<Record<string, string>> = {
  certificate: 'malformed certificate',
  tbsCertificate: 'malformed tbs certificate',
  version: 'malformed version',
  serialNumber: 'malformed serial number',
  signature: 'malformed signature algorithm identifier',
  signatureAlgorithm: 'malformed algorithm identifier',
  signatureValue: 'malformed signature',
  validity: 'malformed validity',
  'validity.notBefore.utcTime': 'malformed UTCTime',
  'validity.notBefore.generalTime': 'malformed GeneralizedTime',
  'validity.notAfter.utcTime': 'malformed UTCTime',
  'validity.notAfter.generalTime': 'malformed GeneralizedTime',
  issuer: 'malformed issuer',
  // Go says so of both.
  subject: 'malformed issuer',
  ...namePlaces('issuer'),
  ...namePlaces('subject'),
  issuerUniqueID: 'malformed issuerUniqueID',
  subjectUniqueID: 'malformed subjectUniqueID',
  subjectPublicKeyInfo: 'malformed spki',
  'subjectPublicKeyInfo.algorithm': 'malformed public key algorithm identifier',
  'subjectPublicKeyInfo.algorithm.algorithm': 'malformed OID',
  'subjectPublicKeyInfo.algorithm.parameters': 'malformed parameters',
  'subjectPublicKeyInfo.algorithm.parameters.namedCurve': 'invalid ECDSA parameters',
  'subjectPublicKeyInfo.subjectPublicKey': 'malformed subjectPublicKey',
  'subjectPublicKeyInfo.subjectPublicKey.RSAPublicKey': 'invalid RSA public key',
  'subjectPublicKeyInfo.subjectPublicKey.RSAPublicKey.modulus': 'invalid RSA modulus',
  'subjectPublicKeyInfo.subjectPublicKey.RSAPublicKey.publicExponent': 'invalid RSA public exponent',
  extensions: 'malformed extensions',
  'extensions.extension': 'malformed extension',
  'extensions.extnID': 'malformed extension OID field',
  'extensions.critical': 'malformed extension critical field',
  'extensions.extnValue': 'malformed extension value field',
  ...Object.fromEntries(
    Object.entries(EXTENSIONS).map(([name, text]) => [`extensions.${name}`, `invalid ${text}`]),
  ),
  'extensions.subjectAltName.name': 'invalid subject alternative name',
  'extensions.cRLDistributionPoints.distributionPoint': 'invalid CRL distribution point',
};

function namePlaces(name: string): Record<string, string> {
  return {
    [`${name}.rdn`]: 'invalid RDNSequence',
    [`${name}.rdn.attribute`]: 'invalid RDNSequence: invalid attribute',
    [`${name}.rdn.attribute.type`]: 'invalid RDNSequence: invalid attribute type',
    [`${name}.rdn.attribute.value`]: 'invalid RDNSequence: invalid attribute value',
  };
}

function whereItStopped({ message, path }: Stop): string {
  for (let place = path; place !== ''; place = place.slice(0, Math.max(0, place.lastIndexOf('.')))) {
    const text = PLACES[place];
    if (text !== undefined) return `x509: ${text}`;
  }
  // A limit of ours, of which Go knows nothing.
  return message;
}
