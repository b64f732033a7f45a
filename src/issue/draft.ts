import { type Instant, MINUTE, type Random, SECOND } from '../base/index.ts';
import {
  type BasicConstraints,
  type Certificate,
  type CertificateRequest,
  type ExtendedKeyUsage,
  type GeneralName,
  type KeyUsage,
  makeName,
  type Name,
  type PublicKey,
} from '../x509/index.ts';
import { generalNames, namesAsked } from './names.ts';
import type { CertificateTemplate, CertificateTerms, Signer } from './types.ts';

/**
 * A certificate that is not signed yet. It passes three lists, in the manner of smallstep's
 * authority/provisioner/sign_options.go: modifiers make it fit, validators say no, and enforcers have the
 * last word, so that nothing which a template says can undo them.
 */
export interface Draft {
  readonly subject: Name;
  readonly names: readonly GeneralName[];
  readonly keyUsage: readonly KeyUsage[];
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[];
  readonly basicConstraints: BasicConstraints;
  readonly publicKey: PublicKey;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** Content octets of the INTEGER; drawn by an enforcer. */
  readonly serial: Uint8Array;
  readonly subjectKeyId: Uint8Array | undefined;
  readonly authorityKeyId: Uint8Array | undefined;
}

/** What the lists may look at besides the draft. */
export interface Context {
  readonly template: CertificateTerms;
  /** The issuer's certificate; undefined where the certificate signs itself. */
  readonly issuer: Certificate | undefined;
  readonly signer: Signer;
  readonly now: Instant;
  readonly random: Random;
  readonly isTaken: (serial: Uint8Array) => boolean;
}

/** kubeadm's CertificateBackdate (cmd/kubeadm/app/constants/constants.go). */
export const DEFAULT_BACKDATE = 5 * MINUTE;

/**
 * The template in the terms of X.509.
 *
 * @throws KubetlsError `x509/name-string`, `x509/general-name` for values that no certificate may hold
 */
export function draftOf(template: CertificateTemplate, publicKey: PublicKey, now: Instant): Draft {
  return draftFor(makeName(template.subject), generalNames(template), publicKey, template, now);
}

/**
 * For whom the request asks, under terms that are not its own: usages that it wants are not looked at, as
 * with Kubernetes' signers (pkg/controller/certificates/authority). Its subject is taken to the letter.
 *
 * @throws KubetlsError `x509/name-string`, `x509/general-name` for values that no certificate may hold
 */
export function draftAsked(request: CertificateRequest, terms: CertificateTerms, now: Instant): Draft {
  return draftFor(request.subject, namesAsked(request), request.publicKey, terms, now);
}

function draftFor(
  subject: Name,
  names: readonly GeneralName[],
  publicKey: PublicKey,
  template: CertificateTerms,
  now: Instant,
): Draft {
  return {
    subject,
    names,
    keyUsage: template.keyUsage,
    extendedKeyUsage: template.extendedKeyUsage,
    basicConstraints: template.basicConstraints,
    publicKey,
    notBefore: wholeSecond(now - (template.backdate ?? DEFAULT_BACKDATE)),
    notAfter: wholeSecond(now + template.lifetime),
    serial: new Uint8Array(),
    subjectKeyId: undefined,
    authorityKeyId: undefined,
  };
}

export function wholeSecond(at: Instant): Instant {
  return Math.floor(at / SECOND) * SECOND;
}
