import { type Name, Oid } from '../../x509/index.ts';
import type { OpensslError, Problem } from './errors.ts';
import type { Facts } from './facts.ts';

interface Rule {
  readonly error: OpensslError;
  readonly breaks: (facts: Facts, isLast: boolean) => boolean;
}

const keyCertSign = ({ keyUsage }: Facts) => keyUsage?.includes('keyCertSign') ?? false;
const critical = (facts: Facts, oid: string) => facts.critical.includes(oid);
const isEmpty = ({ rdns }: Name) => rdns.flat().length === 0;
const noSubject = ({ certificate }: Facts) => isEmpty(certificate.subject);

/**
 * What X509_V_FLAG_X509_STRICT asks for beyond (check_extensions of crypto/x509/x509_vfy.c), in its order.
 * Python sets it by default since 3.13.
 */
const RULES: readonly Rule[] = [
  { error: 'PATHLEN_INVALID_FOR_NON_CA', breaks: ({ pathLength, ca }) => pathLength !== -1 && !ca },
  {
    error: 'PATHLEN_WITHOUT_KU_KEY_CERT_SIGN',
    breaks: (facts) => facts.pathLength !== -1 && !keyCertSign(facts),
  },
  { error: 'CA_BCONS_NOT_CRITICAL', breaks: (facts) => facts.ca && !critical(facts, Oid.basicConstraints) },
  { error: 'CA_CERT_MISSING_KEY_USAGE', breaks: ({ ca, keyUsage }) => ca && keyUsage === undefined },
  { error: 'KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA', breaks: (facts) => !facts.ca && keyCertSign(facts) },
  { error: 'ISSUER_NAME_EMPTY', breaks: ({ certificate }) => isEmpty(certificate.issuer) },
  {
    error: 'SUBJECT_NAME_EMPTY',
    breaks: (facts) =>
      noSubject(facts) &&
      (facts.ca || (facts.keyUsage?.includes('cRLSign') ?? false) || facts.altNames === undefined),
  },
  {
    error: 'EMPTY_SUBJECT_SAN_NOT_CRITICAL',
    breaks: (facts) =>
      noSubject(facts) && facts.altNames !== undefined && !critical(facts, Oid.subjectAltName),
  },
  { error: 'EMPTY_SUBJECT_ALT_NAME', breaks: ({ altNames }) => altNames?.length === 0 },
  {
    error: 'AUTHORITY_KEY_IDENTIFIER_CRITICAL',
    breaks: (facts) => critical(facts, Oid.authorityKeyIdentifier),
  },
  {
    error: 'SUBJECT_KEY_IDENTIFIER_CRITICAL',
    breaks: (facts) => critical(facts, Oid.subjectKeyIdentifier),
  },
  {
    error: 'MISSING_AUTHORITY_KEY_IDENTIFIER',
    breaks: ({ certificate, authorityKey }, isLast) =>
      certificate.version === 3 && !isLast && authorityKey?.keyId === undefined,
  },
  {
    error: 'MISSING_SUBJECT_KEY_IDENTIFIER',
    breaks: ({ certificate, ca }) =>
      certificate.version === 3 && ca && certificate.subjectKeyId === undefined,
  },
  {
    error: 'EXTENSIONS_REQUIRE_VERSION_3',
    breaks: ({ certificate }) => certificate.version < 3 && certificate.extensions.length > 0,
  },
];

/** Of one certificate in a chain of several. */
export function* strictProblems(facts: Facts, depth: number, isLast: boolean): Generator<Problem> {
  for (const { error, breaks } of RULES) if (breaks(facts, isLast)) yield { error, depth };
}
