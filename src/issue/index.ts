export { newPersonId, personIdentity } from './identity.ts';
export {
  type AuthorityOrder,
  issueAuthority,
  issueCertificate,
  issueCertificates,
  issueForRequest,
  issueForRequests,
  type LeafOrder,
  type RequestedLeafOrder,
} from './issue.ts';
export { reissueAuthority, type ReissueOrder, signsItself } from './reissue.ts';
export { createRequest, type RequestOrder } from './request.ts';
export { signerFor } from './signer.ts';
export type {
  Authority,
  CertificateTemplate,
  CertificateTerms,
  IssueCode,
  KeySource,
  Signer,
  SubjectAttribute,
} from './types.ts';
