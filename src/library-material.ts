/** Of the library: certificates and what is made of them, of whatever system they are. */

// Failures, secrets, time
export { KubetlsError, renderFailure, Secret } from './base/index.ts';
export type { Clock, Failure, Instant, Random, Where } from './base/index.ts';

// Certificates, requests, CRLs, keys: bytes to values and back
export {
  checkSignature,
  commonName,
  fingerprint,
  generalNameText,
  KEY_ALGORITHMS,
  nameText,
  organizations,
  parseCertificate,
  parseRequest,
  parseRevocationList,
  publicKeyFromSpki,
  readCertificates,
  readPem,
  readPrivateKey,
  readPublicKey,
  revocationReason,
  sameKey,
  serialDecimal,
  serialHex,
  writeEncryptedPrivateKey,
  writePem,
  writePrivateKey,
  writePublicKey,
} from './x509/index.ts';
export type {
  BasicConstraints,
  Bundle,
  Certificate,
  CertificateRequest,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  KeyAlgorithm,
  KeyCode,
  KeyUsage,
  Name,
  NameAttribute,
  NameConstraints,
  PemBlock,
  PrivateKey,
  PublicKey,
  RevocationList,
  RevokedCertificate,
  SignatureCheck,
  X509Code,
} from './x509/index.ts';

// Chains, by the rules and in the words of Go's crypto/x509
export { createPool, goRules, verifyChain } from './verify/index.ts';
export type {
  Chain,
  GoRules,
  Pool,
  SignatureOracle,
  Usage,
  Verification,
  VerifyCode,
  VerifyFailure,
  VerifyRequest,
} from './verify/index.ts';

// Kubeconfigs, by client-go's rules
export {
  buildKubeconfig,
  mergeKubeconfigs,
  parseKubeconfig,
  resolveKubeconfig,
  writeKubeconfig,
} from './kubeconfig/index.ts';
export type {
  Authentication,
  Cluster as KubeconfigCluster,
  Context as KubeconfigContext,
  Credentials as KubeconfigCredentials,
  Kubeconfig,
  KubeconfigCode,
  KubeconfigFile,
  KubeconfigSpec,
  KeyMaterial,
  Material,
  NamedCluster,
  NamedContext,
  NamedExtension,
  NamedUser,
  ReadFile,
  ResolvedClient,
  ResolveOptions,
  Server,
  Transport,
  User as KubeconfigUser,
} from './kubeconfig/index.ts';

// Issuing
export {
  createRequest,
  issueAuthority,
  issueCertificate,
  issueCertificates,
  issueForRequest,
  issueForRequests,
  signerFor,
} from './issue/index.ts';
export type {
  Authority,
  AuthorityOrder,
  CertificateTemplate,
  CertificateTerms,
  IssueCode,
  KeySource,
  LeafOrder,
  RequestedLeafOrder,
  RequestOrder,
  Signer,
  SubjectAttribute,
} from './issue/index.ts';

// Issuing by the thousand, over several processes
export { issueMany, openBulk } from './bulk/index.ts';
export type {
  BulkAuthority,
  BulkCode,
  BulkIssued,
  BulkIssuer,
  BulkOptions,
  BulkOrder,
  BulkSetting,
  BulkTerms,
} from './bulk/index.ts';
