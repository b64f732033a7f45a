export { newPersonId, personIdentity } from './identity.ts';
export { type AuthorityOrder, issueAuthority, issueCertificate, type LeafOrder } from './issue.ts';
export { createRequest, type RequestOrder } from './request.ts';
export { signerFor } from './signer.ts';
export type {
  Authority,
  CertificateTemplate,
  IssueCode,
  KeySource,
  Signer,
  SubjectAttribute,
} from './types.ts';
