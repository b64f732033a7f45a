/** Why the end of a chain has no issuer: who came close. */
import { equalBytes } from '../../base/index.ts';
import { type Certificate, nameText } from '../../x509/index.ts';
import { MOST_CHECKS, signingRefusal } from '../chains.ts';
import type { SignatureOracle } from '../signature.ts';
import type { VerifyRequest } from '../verify.ts';
import type { NearMiss } from './types.ts';
import { checkOf, poolOf, type RefusedStep, type Walk } from './walk.ts';

/** `others`: certificates that were at hand and stand in no pool. */
export function issuerMisses(
  request: VerifyRequest,
  { closest, anchored, refused }: Walk,
  others: readonly Certificate[],
): NearMiss[] {
  if (anchored) return [];
  const end = closest.at(-1)!;
  const check = checkOf(request);
  const given = [...poolOf(request.roots).certificates, ...request.intermediates];
  const signs = (candidate: Certificate) => signingRefusal(end, candidate, check) === undefined;
  const elsewhere = others
    .filter((one) => isNamed(one, end) && signs(one))
    .map((candidate): NearMiss => {
      return { kind: 'elsewhere', certificate: end, candidate };
    });
  const close = [...refused.map((step) => refusedMiss(end, step)), ...otherNames(end, given, check)];
  const found = [...elsewhere, ...close];
  return found.length > 0 ? found : [alone(end)];
}

/** Who signs itself needs no issuer, only trust. */
function alone(end: Certificate): NearMiss {
  return { kind: isNamed(end, end) ? 'untrusted-root' : 'missing-issuer', certificate: end };
}

/** Whether it bears the name of the other's issuer. */
function isNamed(candidate: Certificate, child: Certificate): boolean {
  return equalBytes(candidate.subject.der, child.issuer.der);
}

function refusedMiss(certificate: Certificate, { candidate, error }: RefusedStep): NearMiss {
  const { basicConstraints, version, keyUsage = [] } = candidate;
  const cannot = (why: 'no-authority' | 'key-usage' | 'algorithm'): NearMiss => {
    return { kind: 'cannot-sign', certificate, candidate, why, error };
  };
  if (basicConstraints ? !basicConstraints.ca : version === 3) return cannot('no-authority');
  if (keyUsage.length > 0 && !keyUsage.includes('keyCertSign')) return cannot('key-usage');
  if (!/verification (?:error|failure)$|public key of type/.test(error)) return cannot('algorithm');
  return { kind: 'other-key', certificate, candidate, sameKeyId: sameKeyId(candidate, certificate) };
}

function sameKeyId({ subjectKeyId }: Certificate, { authorityKeyId }: Certificate): boolean | undefined {
  return subjectKeyId && authorityKeyId && equalBytes(subjectKeyId, authorityKeyId);
}

/** Those whose key signed it, though their name is not the issuer's; the key id says where to look first. */
function otherNames(child: Certificate, given: readonly Certificate[], check: SignatureOracle): NearMiss[] {
  const wanted = nameText(child.issuer);
  const close = given
    .filter((one) => !isNamed(one, child))
    .filter((one) => nameText(one.subject) === wanted || sameKeyId(one, child) !== false)
    .slice(0, MOST_CHECKS);
  return close
    .filter((one) => check(child, one) === undefined)
    .map((candidate): NearMiss => {
      const looksEqual = nameText(candidate.subject) === wanted;
      return { kind: 'other-name', certificate: child, candidate, looksEqual };
    });
}
