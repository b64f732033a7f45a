import { asBuffer } from '../base/index.ts';
import { type Certificate, checkSignature, type PublicKey, signatureAlgorithm } from '../x509/index.ts';
import { rsaKeyProblem } from './rsa-key.ts';

/**
 * Says why the child's signature is not the parent's, in Go's words; undefined when it is. Planning
 * passes one of its own, to rehearse with certificates that nobody has signed yet.
 */
export type SignatureOracle = (child: Certificate, parent: Certificate) => string | undefined;

const seen = new WeakMap<Certificate, Map<string, string | undefined>>();

/** The real check, made once for a certificate and a public key. */
export const signatureRefusal: SignatureOracle = (child, parent) => {
  let answers = seen.get(child);
  if (!answers) seen.set(child, (answers = new Map<string, string | undefined>()));
  const key = asBuffer(parent.publicKey.spki).toString('latin1');
  if (!answers.has(key)) answers.set(key, check(child, parent.publicKey));
  return answers.get(key);
};

/** `%T` of Go's public keys. */
const GO_TYPES = { rsa: '*rsa.PublicKey', ecdsa: '*ecdsa.PublicKey', ed25519: 'ed25519.PublicKey' } as const;

/** PublicKeyAlgorithm.String */
const GO_NAMES = { rsa: 'RSA', 'rsa-pss': 'RSA', dsa: 'DSA', ecdsa: 'ECDSA', ed25519: 'Ed25519' } as const;

const BAD_SIGNATURE = {
  rsa: 'crypto/rsa: verification error',
  ecdsa: 'x509: ECDSA verification failure',
  ed25519: 'x509: Ed25519 verification failure',
} as const;

const UNIMPLEMENTED = 'x509: cannot verify signature: algorithm unimplemented';

/** crypto/x509/x509.go, checkSignature: the algorithm first, then the kind of key, then the signature. */
function check(child: Certificate, key: PublicKey): string | undefined {
  const algorithm = signatureAlgorithm(child.signatureAlgorithm, child.signatureParameters);
  if (!algorithm) return UNIMPLEMENTED;
  if (algorithm.status === 'insecure') {
    return `x509: cannot verify signature: insecure algorithm ${algorithm.name}`;
  }
  // Go has no MD2, and so no table entry with which the key could disagree; DSA-SHA256 it has.
  if (key.kind === 'unknown' || (algorithm.status === 'unsupported' && algorithm.kind !== 'dsa')) {
    return UNIMPLEMENTED;
  }
  const wanted = GO_NAMES[algorithm.kind];
  if (wanted !== GO_NAMES[key.kind]) {
    return `x509: signature algorithm specifies an ${wanted} public key, but have public key of type ${GO_TYPES[key.kind]}`;
  }
  const problem = key.kind === 'rsa' ? rsaKeyProblem(key) : undefined;
  if (problem !== undefined) return problem;
  const { signatureAlgorithm: oid, signatureParameters: parameters, tbs, signature } = child;
  return checkSignature(key, oid, parameters, tbs, signature) === 'ok' ? undefined : BAD_SIGNATURE[key.kind];
}
