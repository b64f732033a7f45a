export { signerFor } from './signer.ts';
export type {
  Authority,
  CertificateTemplate,
  IssueCode,
  KeySource,
  Signer,
  SubjectAttribute,
} from './types.ts';
