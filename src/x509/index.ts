export type * from './types.ts';
export { type Bundle, readCertificates, readPoolPem } from './bundle.ts';
export {
  assembleCertificate,
  isOldAuthority,
  Memo,
  ownCertificate,
  parseCertificate,
  parseCertificateBy,
} from './certificate.ts';
export { encodeTbsCertificate, type TbsCertificateFields } from './certificate-build.ts';
export type { X509Code } from './codes.ts';
export { isDomainName } from './domain.ts';
export {
  authorityKeyIdExtension,
  basicConstraintsExtension,
  extendedKeyUsageExtension,
  keyUsageExtension,
  nameConstraintsExtension,
  subjectAltNameExtension,
  subjectKeyIdExtension,
} from './extension-build.ts';
export { contextConstructedTag, contextTag, DerReader, Tag } from './der.ts';
export { fingerprint } from './fingerprint.ts';
export { generalNameText } from './general-name.ts';
export { dnsName, emailName, ipName, ipNameOf, uriName } from './general-name-build.ts';
export { decryptPbes2 } from './pkcs8-encrypted.ts';
export { readOid } from './oid.ts';
export { addressProblem } from './ip-problem.ts';
export { ipText, parseIp, unmapIp } from './ip.ts';
export { attributeValues, commonName, isEmptyName, nameText, organizations, parseName } from './name.ts';
export { type Mailbox, parseMailbox } from './mailbox.ts';
export { makeName } from './name-build.ts';
export { Oid } from './oid.ts';
export { hasByteOrderMark, readPem, readPemAsGo, writePem } from './pem.ts';
export { quote } from './quote.ts';
export { parseRequest } from './request.ts';
export { parseRevocationList, revocationReason } from './revocation-list.ts';
export { assembleRequest, encodeRequestInfo } from './request-build.ts';
export { LAXEST, type Reading } from './reading.ts';
export { serialDecimal, serialHex } from './serial.ts';
export { parseUri, type Uri } from './uri.ts';
export { timeProblem } from './time-problem.ts';
export { extendedKeyUsageText, keyUsageText } from './extension-text.ts';
export { CURVES, type Curve, curveByOctets, KEY_ALGORITHMS } from './keys-algorithms.ts';
export type { KeyCode } from './keys-errors.ts';
export { keyIdentifier, publicKeyFromSpki, rsaNumbers, sameKey } from './keys-public.ts';
export {
  readPrivateKey,
  readPublicKey,
  writeEncryptedPrivateKey,
  writePrivateKey,
  writePublicKey,
} from './keys.ts';
export { ecdsaKey, rsaKey } from './keys-build.ts';
export { ecdhOf, ed25519KeyFromSeed } from './keys-private.ts';
export { checkSignature, type SignatureCheck, signBytes } from './signature.ts';
export { signatureAlgorithm, signatureAlgorithmFor, signatureAlgorithmName } from './signature-algorithms.ts';
