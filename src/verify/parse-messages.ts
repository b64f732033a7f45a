import type { Failure } from '../base/index.ts';

/**
 * How the texts of Go's parsers (crypto/x509/parser.go) come about: our reader's code and path name one of
 * them. Each structure has a table of its own, in terms of these parts.
 */

export interface Stop {
  readonly code: string;
  readonly message: string;
  /** Without the structure's own name before it. */
  readonly path: string;
  /** The last part of the path. */
  readonly last: string;
}

/** The texts of one structure, without `x509: `. */
export interface Texts {
  /** The name of what is signed, which stands before most paths. */
  readonly signed: string;
  /**
   * Codes that tell more than where the reader stopped; undefined: it is the place that counts. A text that
   * holds a value is in the message.
   */
  readonly says: Readonly<Record<string, (stop: Stop) => string | undefined>>;
  /** By the path without `signed`, or the longest beginning of it. */
  readonly places: Readonly<Record<string, string>>;
}

/** Go's text for what our reader has refused. */
export function refusalText({ code, message, where }: Failure, { signed, says, places }: Texts): string {
  const whole = where?.path ?? '';
  const path = whole.startsWith(`${signed}.`) ? whole.slice(signed.length + 1) : whole;
  const [, last = path] = /([^.]*)$/.exec(path) ?? [];
  const said = says[code]?.({ code, message, path, last });
  if (said !== undefined) return said;
  for (let place = path; place !== ''; place = place.slice(0, Math.max(0, place.lastIndexOf('.')))) {
    const text = places[place];
    if (text !== undefined) return `x509: ${text}`;
  }
  // A limit of ours, of which Go knows nothing.
  return message;
}

/** What all structures have: names, times, extensions, algorithms. */
export const COMMON_SAYS: Texts['says'] = {
  'x509/algorithm-mismatch': () => "x509: inner and outer signature algorithm identifiers don't match",
  'x509/name-string': ({ message }) => `x509: invalid RDNSequence: invalid attribute value: ${message}`,
  'x509/extension-critical': ({ last }) => `x509: ${EXTENSIONS[last] ?? last} incorrectly marked critical`,
  'x509/time': ({ last }) => TIMES[last] ?? 'x509: unsupported time format',
};

const TIMES: Readonly<Record<string, string>> = {
  utcTime: 'x509: malformed UTCTime',
  generalTime: 'x509: malformed GeneralizedTime',
};

/** Names of extensions in Go's sentences. */
export const EXTENSIONS: Readonly<Record<string, string>> = {
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

export function namePlaces(name: string): Record<string, string> {
  return {
    // Go says so of both the issuer and the subject.
    [name]: 'malformed issuer',
    [`${name}.rdn`]: 'invalid RDNSequence',
    [`${name}.rdn.attribute`]: 'invalid RDNSequence: invalid attribute',
    [`${name}.rdn.attribute.type`]: 'invalid RDNSequence: invalid attribute type',
    [`${name}.rdn.attribute.value`]: 'invalid RDNSequence: invalid attribute value',
  };
}

export function timePlaces(time: string): Record<string, string> {
  return {
    [`${time}.utcTime`]: 'malformed UTCTime',
    [`${time}.generalTime`]: 'malformed GeneralizedTime',
  };
}

/** The algorithm inside and outside, and the signature. */
export const SIGNED_PLACES: Texts['places'] = {
  signature: 'malformed signature algorithm identifier',
  'signature.algorithm': 'malformed OID',
  'signature.parameters': 'malformed parameters',
  signatureAlgorithm: 'malformed algorithm identifier',
  signatureValue: 'malformed signature',
};

export const EXTENSION_PLACES: Texts['places'] = {
  extensions: 'malformed extensions',
  'extensions.extension': 'malformed extension',
  'extensions.extnID': 'malformed extension OID field',
  'extensions.critical': 'malformed extension critical field',
  'extensions.extnValue': 'malformed extension value field',
};
