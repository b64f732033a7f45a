import {
  type Certificate,
  type CertificateRequest,
  checkSignature,
  Memo,
  type PublicKey,
  type RevocationList,
  sameKey,
  signatureAlgorithm,
} from '../x509/index.ts';
import { type GoRules, newestRules } from './go-rules.ts';
import { rsaKeyProblem } from './rsa-key.ts';

/**
 * Says why the child's signature is not the parent's, in Go's words; undefined when it is. Planning
 * passes one of its own, to rehearse with certificates that nobody has signed yet.
 */
export type SignatureOracle = (child: Certificate, parent: Certificate) => string | undefined;

const oracles = new WeakMap<GoRules, SignatureOracle>();

/** The real check, made once for a certificate and a public key. The same function for the same rules. */
export function signatureRefusalBy(rules: GoRules): SignatureOracle {
  let oracle = oracles.get(rules);
  if (!oracle) oracles.set(rules, (oracle = checkedOnce(rules)));
  return oracle;
}

/** By the octets of the key, so that the same key in another certificate counts as the same. */
interface Checked {
  readonly key: PublicKey;
  readonly refusal: string | undefined;
}

function checkedOnce(rules: GoRules): SignatureOracle {
  const seen = new Memo<readonly Checked[]>();
  return (child, { publicKey: key }) => {
    const before = seen.get(child);
    const known = before?.find((checked) => sameKey(checked.key, key));
    if (known) return known.refusal;
    const refusal = check(signedOf(child, child.tbs, false), key, rules);
    // A search tries a hundred keys at most.
    seen.set(child, before ? [...before.slice(-MOST_KEPT), { key, refusal }] : [{ key, refusal }]);
    return refusal;
  };
}

const MOST_KEPT = 99;

/** By the newest rules. */
export const signatureRefusal = signatureRefusalBy(newestRules);

/** `%T` of Go's public keys. */
const GO_TYPES = { rsa: '*rsa.PublicKey', ecdsa: '*ecdsa.PublicKey', ed25519: 'ed25519.PublicKey' } as const;

/** PublicKeyAlgorithm.String */
const GO_NAMES = { rsa: 'RSA', 'rsa-pss': 'RSA', dsa: 'DSA', ecdsa: 'ECDSA', ed25519: 'Ed25519' } as const;

const BAD_SIGNATURE = {
  rsa: 'crypto/rsa: verification error',
  ecdsa: 'x509: ECDSA verification failure',
  ed25519: 'x509: Ed25519 verification failure',
} as const;

const OVERRIDE = ' (temporarily override with GODEBUG=x509sha1=1)';

const UNIMPLEMENTED = 'x509: cannot verify signature: algorithm unimplemented';

/** What is signed, and how: a certificate, a request or a CRL. */
interface Signed {
  readonly bytes: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signatureParameters: Uint8Array | undefined;
  readonly signature: Uint8Array;
  /** SHA-1 signatures are only allowed for CRLs and CSRs. */
  readonly allowSha1: boolean;
}

/** crypto/x509/x509.go, checkSignature: the algorithm first, then the kind of key, then the signature. */
function check(signed: Signed, key: PublicKey, rules = newestRules): string | undefined {
  const { signatureAlgorithm: oid, signatureParameters: parameters, allowSha1 } = signed;
  const algorithm = signatureAlgorithm(oid, parameters);
  if (!algorithm) return UNIMPLEMENTED;
  if (algorithm.status === 'insecure' && !(allowSha1 && algorithm.name.includes('SHA1'))) {
    const override = rules.forgetsSha1 || !/^(SHA1-RSA|ECDSA-SHA1)$/.test(algorithm.name) ? '' : OVERRIDE;
    return `x509: cannot verify signature: insecure algorithm ${algorithm.name}${override}`;
  }
  // Go has no MD2, and so no table entry with which the key could disagree; DSA-SHA256 it has.
  if (key.kind === 'unknown' || (algorithm.status === 'unsupported' && algorithm.kind !== 'dsa')) {
    return UNIMPLEMENTED;
  }
  const wanted = GO_NAMES[algorithm.kind];
  if (wanted !== GO_NAMES[key.kind]) {
    return `x509: signature algorithm specifies an ${wanted} public key, but have public key of type ${GO_TYPES[key.kind]}`;
  }
  const problem = key.kind === 'rsa' ? rsaKeyProblem(key, rules) : undefined;
  if (problem !== undefined) return problem;
  const options = { allowSha1, ...(!rules.refusesShortRsaKeys && { smallestRsaBits: 0 }) };
  const answer = checkSignature(key, oid, parameters, signed.bytes, signed.signature, options);
  return answer === 'ok' ? undefined : BAD_SIGNATURE[key.kind];
}

/** CertificateRequest.CheckSignature: why the request was not signed with its own key. */
export function requestSignatureRefusal(request: CertificateRequest): string | undefined {
  return check(signedOf(request, request.info, true), request.publicKey);
}

/** RevocationList.CheckSignatureFrom: why this is not a CRL that the issuer has signed. Dates and names are not looked at. */
export function listSignatureRefusal(list: RevocationList, issuer: Certificate): string | undefined {
  if (!maySign(issuer, 'cRLSign')) return CANNOT_SIGN;
  return hasUnknownKey(issuer) ? UNIMPLEMENTED : check(signedOf(list, list.tbs, true), issuer.publicKey);
}

/** Go reads DSA keys, though it verifies nothing with them. */
const DSA = '1.2.840.10040.4.1';

/** UnknownPublicKeyAlgorithm */
export function hasUnknownKey({ publicKey }: Certificate): boolean {
  return publicKey.kind === 'unknown' && publicKey.name !== DSA;
}

/** ConstraintViolationError */
export const CANNOT_SIGN = 'x509: invalid signature: parent certificate cannot sign this kind of certificate';

/** May this certificate sign at all (RFC 5280, 4.2.1.9 and 4.2.1.3)? Versions 1 and 2 cannot say no. */
export function maySign(
  { version, basicConstraints, keyUsage = [] }: Certificate,
  usage: 'keyCertSign' | 'cRLSign',
): boolean {
  if (basicConstraints ? !basicConstraints.ca : version === 3) return false;
  return keyUsage.length === 0 || keyUsage.includes(usage);
}

function signedOf(
  { signatureAlgorithm: oid, signatureParameters, signature }: Omit<Signed, 'bytes' | 'allowSha1'>,
  bytes: Uint8Array,
  allowSha1: boolean,
): Signed {
  return { bytes, signatureAlgorithm: oid, signatureParameters, signature, allowSha1 };
}
