/**
 * An authority anew for the key that it has. All but its dates and its number is said again to the letter: Go finds
 * an issuer by the bytes of its name, OpenSSL also by its key identifier, so what it has signed stays good under the
 * new certificate, and what it will sign is good under the old one.
 */
import { equalBytes, type Instant, KubetlsError, type Random } from '../base/index.ts';
import {
  assembleCertificate,
  authorityKeyIdExtension,
  basicConstraintsExtension,
  type Certificate,
  encodeTbsCertificate,
  type Extension,
  keyIdentifier,
  keyUsageExtension,
  nameText,
  Oid,
  sameKey,
  signatureAlgorithmFor,
  subjectKeyIdExtension,
} from '../x509/index.ts';
import { DEFAULT_BACKDATE, wholeSecond } from './draft.ts';
import { drawnSerial } from './enforcers.ts';
import type { IssueCode, Signer } from './types.ts';
import { SHORTEST_LIFE } from './validator.ts';

export interface ReissueOrder {
  readonly previous: Certificate;
  /** With the key of `previous`. */
  readonly signer: Signer;
  /** Milliseconds from `now`. */
  readonly lifetime: number;
  /** Bits of the random serial number, 63 to 159. */
  readonly serialBits: number;
  readonly now: Instant;
  readonly random: Random;
  readonly isTaken?: (serial: Uint8Array) => boolean;
}

/** Whether it names itself as its issuer: else whoever stands above it must sign it anew. */
export function signsItself({ issuer, subject }: Certificate): boolean {
  return equalBytes(issuer.der, subject.der);
}

/** @throws KubetlsError `issue/issuer-key`, `issue/not-an-authority`, `issue/lifetime`; whatever the signer throws */
export function reissueAuthority(order: ReissueOrder): Certificate {
  const { previous, signer, lifetime, serialBits, now, random, isTaken = () => false } = order;
  refuse(previous, signer, lifetime);
  const { identifier } = signatureAlgorithmFor(signer.publicKey);
  const tbs = encodeTbsCertificate({
    serial: drawnSerial(serialBits, random, isTaken),
    signatureAlgorithm: identifier,
    issuer: previous.subject,
    notBefore: wholeSecond(now - DEFAULT_BACKDATE),
    notAfter: wholeSecond(now + lifetime),
    subject: previous.subject,
    publicKey: previous.publicKey,
    extensions: extensionsAgain(previous),
  });
  return assembleCertificate(tbs, identifier, signer.sign(tbs));
}

function refuse(previous: Certificate, signer: Signer, lifetime: number): void {
  const named = JSON.stringify(nameText(previous.subject));
  const no = (code: IssueCode, message: string) => new KubetlsError<IssueCode>({ code, message });
  if (!sameKey(previous.publicKey, signer.publicKey))
    throw no('issue/issuer-key', `the signing key is not that of the certificate of ${named}`);
  if (!signsItself(previous))
    throw no('issue/not-an-authority', `${named} is signed by another authority, which must sign it anew`);
  if (previous.version === 3 && previous.basicConstraints?.ca !== true)
    throw no('issue/not-an-authority', `${named} is no CA`);
  if (!(lifetime >= SHORTEST_LIFE)) throw no('issue/lifetime', 'a certificate lives ten minutes at least');
}

/** A key identifier may name the old number too, which only that one had; version 1 has no extensions at all. */
function extensionsAgain({ version, extensions, publicKey, subjectKeyId }: Certificate): Extension[] {
  if (version < 3) {
    return [
      keyUsageExtension(['keyCertSign', 'cRLSign']),
      basicConstraintsExtension({ ca: true, pathLength: undefined }),
      subjectKeyIdExtension(keyIdentifier(publicKey)),
    ];
  }
  const plain = subjectKeyId && authorityKeyIdExtension(subjectKeyId).value;
  return extensions.filter(
    ({ oid, value }) => oid !== Oid.authorityKeyIdentifier || (plain && equalBytes(value, plain)),
  );
}
