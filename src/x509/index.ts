export type * from './types.ts';
export { CURVES, type Curve, KEY_ALGORITHMS } from './keys-algorithms.ts';
export type { KeyCode } from './keys-errors.ts';
export { keyObject, sameKey } from './keys-object.ts';
export { publicKeyFromSpki } from './keys-spki.ts';
export {
  readPrivateKey,
  readPublicKey,
  writeEncryptedPrivateKey,
  writePrivateKey,
  writePublicKey,
} from './keys.ts';
export { ecdsaKey } from './keys-build.ts';
export { checkSignature, type SignatureCheck, signBytes } from './signature.ts';
export {
  type SignatureAlgorithm,
  signatureAlgorithm,
  signatureAlgorithmFor,
  signatureAlgorithmName,
  type SigningAlgorithm,
} from './signature-algorithms.ts';
