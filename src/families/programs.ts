import type { Certificate } from '../x509/index.ts';
import { curlNameRefusal } from './curl-name.ts';
import { nodeNameRefusal } from './node-name.ts';
import { ERRORS, type OpensslError, type Problem, textOf } from './openssl/errors.ts';
import type { OpensslAnswer, Settings } from './openssl/verify.ts';
import type { Refusal } from './types.ts';

/** A program that has OpenSSL check chains: what it sets, what it adds, and how it says no. */
export interface Program {
  readonly settings: Settings;
  /** Undefined: OpenSSL checks the name. */
  readonly nameRefusal?: (leaf: Certificate, name: string) => Refusal | undefined;
  readonly refusal: (answer: OpensslAnswer, name: string | undefined) => Refusal;
  /** What it does not do. */
  readonly limits: readonly ('no handshake' | 'client only' | 'needs a root')[];
}

const HANDSHAKE: Settings = {
  partialChain: false,
  strict: false,
  level: 2,
  partialWildcards: true,
  goesOn: () => false,
  leafIsSent: true,
};

/** The callback of apps/verify.c goes on after these, so that more than one is printed. */
const PRINTED_ON: ReadonlySet<OpensslError> = new Set<OpensslError>([
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'UNHANDLED_CRITICAL_EXTENSION',
  'INVALID_PURPOSE',
  'PATHLEN_INVALID_FOR_NON_CA',
  'PATHLEN_WITHOUT_KU_KEY_CERT_SIGN',
  'CA_BCONS_NOT_CRITICAL',
  'CA_CERT_MISSING_KEY_USAGE',
  'KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA',
  'ISSUER_NAME_EMPTY',
  'SUBJECT_NAME_EMPTY',
  'EMPTY_SUBJECT_SAN_NOT_CRITICAL',
  'EMPTY_SUBJECT_ALT_NAME',
  'AUTHORITY_KEY_IDENTIFIER_CRITICAL',
  'SUBJECT_KEY_IDENTIFIER_CRITICAL',
  'MISSING_AUTHORITY_KEY_IDENTIFIER',
  'MISSING_SUBJECT_KEY_IDENTIFIER',
  'EXTENSIONS_REQUIRE_VERSION_3',
]);

/** X509ErrorCode of Node's src/crypto/crypto_common.cc: it has no names for the others. */
const NODE_CODES: ReadonlySet<OpensslError> = new Set<OpensslError>([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  'ERROR_IN_CERT_NOT_AFTER_FIELD',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
  'PATH_LENGTH_EXCEEDED',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
]);

const python: Program = {
  // Python's own cipher string sets @SECLEVEL=2, whatever the OpenSSL below it has (Modules/_ssl.c).
  settings: { ...HANDSHAKE, partialWildcards: false },
  refusal: pythonRefusal,
  limits: [],
};

/** Rows over one engine. */
export const PROGRAMS = {
  /** `openssl verify -purpose … -verify_hostname … -CAfile … -untrusted …` */
  openssl: {
    settings: { ...HANDSHAKE, level: 0, leafIsSent: false, goesOn: (error) => PRINTED_ON.has(error) },
    refusal: opensslRefusal,
    limits: ['no handshake'],
  },
  /** The security level is that of Debian's libssl. */
  curl: {
    settings: { ...HANDSHAKE, partialChain: true },
    nameRefusal: curlNameRefusal,
    refusal: curlRefusal,
    limits: ['client only', 'needs a root'],
  },
  /** Node lets the handshake go on and then asks for the last error (src/crypto/crypto_common.cc). */
  node: {
    settings: { ...HANDSHAKE, level: 1, goesOn: () => true },
    nameRefusal: nodeNameRefusal,
    refusal: nodeRefusal,
    limits: [],
  },
  python,
  /** VERIFY_X509_PARTIAL_CHAIN and VERIFY_X509_STRICT, set by ssl.create_default_context since 3.13. */
  'python-strict': { ...python, settings: { ...python.settings, partialChain: true, strict: true } },
} as const satisfies Readonly<Record<string, Program>>;

function errorOf(problem: Problem | undefined): OpensslError {
  return problem?.error ?? 'UNSPECIFIED';
}

function refused(problem: Problem | undefined, error: string): Refusal {
  return { ok: false, code: errorOf(problem), error };
}

function opensslRefusal({ problems }: OpensslAnswer): Refusal {
  const lines = problems
    .filter(({ fatal }) => !fatal)
    .map(({ error, depth }) => `error ${ERRORS[error][0]} at ${depth} depth lookup: ${textOf(error)}`);
  return refused(problems[0], lines.join('\n') || 'verification failed');
}

/** What OpenSSL 3.0 leaves in its queue of errors before it says that the signature is wrong. */
const SIGNATURE_ERRORS: Readonly<Record<string, string>> = {
  rsa: '0200008A:rsa routines::invalid padding',
  ecdsa: '0800009C:elliptic curve routines::bad signature',
  ed25519: '06880006:asn1 encoding routines::EVP lib',
};
const WRONG_LENGTH = '02000077:rsa routines::wrong signature length';

/** curl prints the first error of the queue, and of a wrong signature that is not the certificate's. */
function curlRefusal({ chain, problems: [first] }: OpensslAnswer): Refusal {
  const error = errorOf(first);
  if (error !== 'CERT_SIGNATURE_FAILURE') {
    return refused(first, `curl: (60) SSL certificate problem: ${textOf(error)}`);
  }
  const child = chain[first?.depth ?? 0];
  const { kind = 'rsa', bits = 0 } = chain[(first?.depth ?? 0) + 1]?.publicKey ?? {};
  const hasLength = kind !== 'rsa' || child?.signature.length === Math.ceil(bits / 8);
  const detail = hasLength ? SIGNATURE_ERRORS[kind] : WRONG_LENGTH;
  return refused(first, `curl: (35) OpenSSL/3.0.19: error:${detail}`);
}

function nodeRefusal({ problems }: OpensslAnswer): Refusal {
  const error = errorOf(problems.at(-1));
  const code = NODE_CODES.has(error) ? error : 'UNSPECIFIED';
  return { ok: false, code, error: `${code}: ${textOf(error)}` };
}

/** Without the place in _ssl.c that Python prints behind it. */
function pythonRefusal({ problems }: OpensslAnswer, name: string | undefined): Refusal {
  const [first] = problems;
  const error = errorOf(first);
  const mismatches: Partial<Record<OpensslError, string>> = {
    HOSTNAME_MISMATCH: `Hostname mismatch, certificate is not valid for '${name}'.`,
    IP_ADDRESS_MISMATCH: `IP address mismatch, certificate is not valid for '${name}'.`,
  };
  const text = mismatches[error] ?? textOf(error);
  return refused(first, `[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: ${text}`);
}
