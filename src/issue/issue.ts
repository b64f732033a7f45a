import type { Instant, Random } from '../base/index.ts';
import {
  assembleCertificate,
  type Certificate,
  type CertificateRequest,
  encodeTbsCertificate,
  type PublicKey,
  signatureAlgorithmFor,
} from '../x509/index.ts';
import { type Context, type Draft, draftAsked, draftOf } from './draft.ts';
import { ENFORCERS } from './enforcers.ts';
import { extensionsOf } from './extensions.ts';
import { MODIFIERS } from './modifiers.ts';
import type { Authority, CertificateTemplate, CertificateTerms, Signer } from './types.ts';
import { validate, type Validator } from './validator.ts';
import { AUTHORITY_VALIDATORS, LEAF_VALIDATORS } from './validators.ts';

export interface LeafOrder {
  readonly template: CertificateTemplate;
  readonly publicKey: PublicKey;
  readonly authority: Authority;
  readonly now: Instant;
  readonly random: Random;
  /** Whether the authority has given this serial away before; content octets of the INTEGER. */
  readonly isTaken?: (serial: Uint8Array) => boolean;
}

/**
 * A leaf certificate for a public key.
 *
 * @throws KubetlsError of IssueCode, `x509/general-name`, `x509/name-string`; whatever the signer throws
 */
export function issueCertificate(order: LeafOrder): Certificate {
  const { template, authority, publicKey, now, random, isTaken = neverTaken } = order;
  const { certificate: issuer, signer } = authority;
  const context = { template, issuer, signer, now, random, isTaken };
  return issue(draftOf(template, publicKey, now), context, LEAF_VALIDATORS);
}

export interface RequestedLeafOrder extends Omit<LeafOrder, 'template' | 'publicKey'> {
  readonly terms: CertificateTerms;
  /** Its signature has been checked: it proves that who asks has the key. */
  readonly request: CertificateRequest;
}

/**
 * A leaf certificate for what a request asks to be named, and its key.
 *
 * @throws KubetlsError of IssueCode, `x509/general-name`, `x509/name-string`; whatever the signer throws
 */
export function issueForRequest(order: RequestedLeafOrder): Certificate {
  const { terms: template, request, authority, now, random, isTaken = neverTaken } = order;
  const { certificate: issuer, signer } = authority;
  const context = { template, issuer, signer, now, random, isTaken };
  return issue(draftAsked(request, template, now), context, LEAF_VALIDATORS);
}

export interface AuthorityOrder {
  readonly template: CertificateTemplate;
  /** Of the new authority: its public key is certified, and it signs where there is no parent. */
  readonly signer: Signer;
  readonly parent?: Authority;
  readonly now: Instant;
  readonly random: Random;
  readonly isTaken?: (serial: Uint8Array) => boolean;
}

/**
 * The certificate of an authority: signed by its own key, or by its parent's.
 *
 * @throws KubetlsError of IssueCode, `x509/general-name`, `x509/name-string`; whatever the signer throws
 */
export function issueAuthority(order: AuthorityOrder): Certificate {
  const { template, parent, now, random, isTaken = neverTaken } = order;
  const { publicKey } = order.signer;
  const signer = parent?.signer ?? order.signer;
  const context = { template, issuer: parent?.certificate, signer, now, random, isTaken };
  return issue(draftOf(template, publicKey, now), context, AUTHORITY_VALIDATORS);
}

function neverTaken(): boolean {
  return false;
}

function issue(asked: Draft, context: Context, validators: readonly Validator[]): Certificate {
  let draft = asked;
  for (const modify of MODIFIERS) draft = modify(draft, context);
  validate(draft, context, validators);
  for (const enforce of ENFORCERS) draft = enforce(draft, context);
  return sign(draft, context);
}

function sign(draft: Draft, { issuer, signer }: Context): Certificate {
  const algorithm = signatureAlgorithmFor(signer.publicKey).identifier;
  const tbs = encodeTbsCertificate({
    serial: draft.serial,
    signatureAlgorithm: algorithm,
    issuer: issuer?.subject ?? draft.subject,
    notBefore: draft.notBefore,
    notAfter: draft.notAfter,
    subject: draft.subject,
    publicKey: draft.publicKey,
    extensions: extensionsOf(draft),
  });
  return assembleCertificate(tbs, algorithm, signer.sign(tbs));
}
