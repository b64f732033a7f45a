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
  return signed(preparedLeaf(order));
}

/**
 * Many of them, a stage at a time: all are prepared, then all are signed. Signing leaves little in the
 * processor's caches of what writes certificates, so that by the dozen they cost a quarter less than one by
 * one. Nothing is signed when one of them is refused.
 *
 * @throws as `issueCertificate`, for the first that is refused
 */
export function issueCertificates(orders: readonly LeafOrder[]): Certificate[] {
  return signedAll(orders.map(preparedLeaf));
}

function preparedLeaf({ template, publicKey, authority, now, random, isTaken }: LeafOrder): Unsigned {
  return prepared(draftOf(template, publicKey, now), LEAF_VALIDATORS, {
    template,
    issuer: authority.certificate,
    signer: authority.signer,
    now,
    random,
    isTaken: isTaken ?? neverTaken,
  });
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
  return signed(preparedAnswer(order));
}

/**
 * Many of them, a stage at a time, as `issueCertificates`.
 *
 * @throws as `issueForRequest`, for the first that is refused
 */
export function issueForRequests(orders: readonly RequestedLeafOrder[]): Certificate[] {
  return signedAll(orders.map(preparedAnswer));
}

function preparedAnswer({ terms, request, authority, now, random, isTaken }: RequestedLeafOrder): Unsigned {
  return prepared(draftAsked(request, terms, now), LEAF_VALIDATORS, {
    template: terms,
    issuer: authority.certificate,
    signer: authority.signer,
    now,
    random,
    isTaken: isTaken ?? neverTaken,
  });
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
  return signed(prepared(draftOf(template, publicKey, now), AUTHORITY_VALIDATORS, context));
}

function neverTaken(): boolean {
  return false;
}

/** All of a certificate but its signature. */
interface Unsigned {
  readonly tbs: Uint8Array;
  /** DER of an AlgorithmIdentifier. */
  readonly algorithm: Uint8Array;
  readonly signer: Signer;
}

function prepared(asked: Draft, validators: readonly Validator[], context: Context): Unsigned {
  let draft = asked;
  for (const modify of MODIFIERS) draft = modify(draft, context);
  validate(draft, context, validators);
  for (const enforce of ENFORCERS) draft = enforce(draft, context);
  return unsigned(draft, context);
}

function unsigned(draft: Draft, { issuer, signer }: Context): Unsigned {
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
  return { tbs, algorithm, signer };
}

function signed({ tbs, algorithm, signer }: Unsigned): Certificate {
  return assembleCertificate(tbs, algorithm, signer.sign(tbs));
}

function signedAll(all: readonly Unsigned[]): Certificate[] {
  const signatures = all.map(({ tbs, signer }) => signer.sign(tbs));
  return all.map(({ tbs, algorithm }, i) => assembleCertificate(tbs, algorithm, signatures[i]!));
}
