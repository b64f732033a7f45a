import {
  assembleRequest,
  type CertificateRequest,
  encodeRequestInfo,
  isEmptyName,
  makeName,
  signatureAlgorithmFor,
  subjectAltNameExtension,
} from '../x509/index.ts';
import { distinct, generalNames, type NameTexts } from './names.ts';
import type { Signer, SubjectAttribute } from './types.ts';

export interface RequestOrder {
  readonly subject: readonly SubjectAttribute[];
  readonly names: NameTexts;
  /** Holds the key that is to be certified: its signature proves possession. */
  readonly signer: Signer;
}

/**
 * A certification request (PKCS#10, RFC 2986) that asks for a subject and alternative names; usages are
 * for the signer to say, and Kubernetes' signers drop any that are asked for here.
 *
 * @throws KubetlsError `x509/general-name`, `x509/name-string`; whatever the signer throws
 */
export function createRequest({ subject, names, signer }: RequestOrder): CertificateRequest {
  const name = makeName(subject);
  const wanted = distinct(generalNames(names));
  const extensions = wanted.length === 0 ? [] : [subjectAltNameExtension(wanted, isEmptyName(name))];
  const info = encodeRequestInfo({ subject: name, publicKey: signer.publicKey, extensions });
  return assembleRequest(info, signatureAlgorithmFor(signer.publicKey).identifier, signer.sign(info));
}
