import { equalBytes, type Instant } from '../../base/index.ts';
import { type Certificate, nameText, Oid } from '../../x509/index.ts';
import { fitsKey, isSignedBy, keyObject } from '../openssl/signatures.ts';
import { unmodelled } from '../unmodelled.ts';
import { isAmong, isSelfIssued, pathLengthOf, refuseUnread, sameName } from './facts.ts';

export interface PathInput {
  /** Leaf first, as it was sent. */
  readonly sent: readonly Certificate[];
  readonly roots: readonly Certificate[];
  readonly at: Instant;
}

export type Path =
  | { readonly chain: readonly Certificate[] }
  | { readonly code: string; readonly error: string };

const VALIDATION = 'PKIX path validation failed: ';
const NO_PATH =
  'PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target';

/**
 * PKIXValidator.engineValidate (sun/security/validator of JDK 17): a trusted leaf is taken as it is; a chain
 * that is in order and leads to the name of an anchor is validated; for all others a path is built.
 */
export function findPath({ sent, roots, at }: PathInput): Path {
  for (const certificate of [...sent, ...roots]) refuseUnread(certificate);
  const [leaf] = sent;
  if (leaf && isAmong(leaf, roots)) return { chain: [leaf] };
  for (const [i, certificate] of sent.entries()) {
    if (i === 0) continue;
    if (!sameName(certificate.subject, sent[i - 1]!.issuer)) return build({ sent, roots, at });
    if (roots.some((root) => isReplacedBy(certificate, root))) return validate(sent.slice(0, i), roots, at);
  }
  const last = sent.at(-1)!;
  const leads = roots.some(({ subject }) => sameName(subject, last.issuer));
  return leads ? validate(sent, roots, at) : build({ sent, roots, at });
}

/** The same name and key: an authority with a renewed certificate. */
function isReplacedBy(certificate: Certificate, root: Certificate): boolean {
  return (
    sameName(certificate.subject, root.subject) && equalBytes(certificate.publicKey.spki, root.publicKey.spki)
  );
}

/** PKIXCertPathValidator: the first anchor with which the whole path holds; else why the last one failed. */
function validate(path: readonly Certificate[], roots: readonly Certificate[], at: Instant): Path {
  const top = path.at(-1)!;
  const anchors = distinct(roots).filter((root) => couldBeAnchor(root, top));
  const failures = new Set<string>();
  for (const anchor of anchors) {
    const failure = pathFailure(path, anchor, at);
    if (failure === undefined) return trusted(path, anchor, anchors.length > 1);
    failures.add(failure);
  }
  const [failure = 'Path does not chain with any of the trust anchors', ...others] = failures;
  // Java goes through a hash set and tells of the last one.
  if (others.length > 0) unmodelled('several anchors of one name, each wrong in another way');
  return {
    code: codeOf(failure),
    error: `${VALIDATION}java.security.cert.CertPathValidatorException: ${failure}`,
  };
}

function distinct(certificates: readonly Certificate[]): readonly Certificate[] {
  return certificates.filter((one, i) => !isAmong(one, certificates.slice(0, i)));
}

/** AdaptableX509CertSelector: the name, and the key id where both have one. */
function couldBeAnchor(root: Certificate, top: Certificate): boolean {
  if (!sameName(root.subject, top.issuer)) return false;
  const { authorityKeyId } = top;
  return !authorityKeyId || !root.subjectKeyId || equalBytes(authorityKeyId, root.subjectKeyId);
}

function codeOf(failure: string): string {
  return failure
    .replace(/ check failed.*/, '')
    .replace(/[^A-Za-z]+/g, '-')
    .toLowerCase();
}

/** PKIXValidator.verifyTrustAnchor: only now. The dates of an anchor are never looked at. */
function trusted(path: readonly Certificate[], anchor: Certificate, isOneOfMany: boolean): Path {
  const { version, keyUsage, subject } = anchor;
  const problem =
    version < 3
      ? undefined
      : pathLengthOf(anchor) === -1
        ? 'is not a CA certificate'
        : keyUsage && !keyUsage.includes('keyCertSign')
          ? 'does not have keyCertSign bit set in KeyUsage extension'
          : undefined;
  if (problem === undefined) return { chain: [...path, anchor] };
  if (isOneOfMany) unmodelled('several anchors of one name, one of which is no authority');
  const principal = nameText(subject).replace(/,(?=[A-Z]+=)/g, ', ');
  const error = `TrustAnchor with subject "${principal}" ${problem}`;
  return { code: 'trust-anchor', error: `${VALIDATION}sun.security.validator.ValidatorException: ${error}` };
}

/** PKIXMasterCertPathValidator: from the top down; of each certificate what its checkers say, in their order. */
function pathFailure(path: readonly Certificate[], anchor: Certificate, at: Instant): string | undefined {
  const limits = { left: path.length };
  let issuer = anchor;
  for (let i = path.length - 1; i >= 0; i--) {
    const certificate = path[i]!;
    const failure =
      (i > 0 ? authorityFailure(certificate, i === path.length - 1, limits) : undefined) ??
      basicFailure(certificate, issuer, at) ??
      criticalFailure(certificate);
    if (failure !== undefined) return failure;
    if (i > 0 && certificate.nameConstraints) unmodelled('name constraints below the anchor');
    issuer = certificate;
  }
  return undefined;
}

/** KeyChecker, then ConstraintsChecker. */
function authorityFailure(
  certificate: Certificate,
  isTop: boolean,
  limits: { left: number },
): string | undefined {
  const { keyUsage, version } = certificate;
  if (keyUsage && !keyUsage.includes('keyCertSign'))
    return 'CA key usage check failed: keyCertSign bit is not set';
  const selfIssued = isSelfIssued(certificate);
  const old = isTop && selfIssued ? Number.POSITIVE_INFINITY : -1;
  const pathLength = version < 3 ? old : pathLengthOf(certificate);
  if (pathLength === -1) return 'basic constraints check failed: this is not a CA certificate';
  if (!selfIssued) {
    if (limits.left <= 0) {
      return 'basic constraints check failed: pathLenConstraint violated - this cert must be the last cert in the certification path';
    }
    limits.left--;
  }
  limits.left = Math.min(limits.left, pathLength);
  return undefined;
}

/** BasicChecker: dates (both ends inside), names, signature. */
function basicFailure(certificate: Certificate, issuer: Certificate, at: Instant): string | undefined {
  if (at < certificate.notBefore || at > certificate.notAfter) return 'validity check failed';
  if (!sameName(certificate.issuer, issuer.subject)) return 'subject/issuer name chaining check failed';
  return signs(issuer, certificate) ? undefined : 'signature check failed';
}

function signs({ publicKey }: Certificate, child: Certificate): boolean {
  const key = keyObject(publicKey);
  return key !== undefined && fitsKey(child, publicKey) && isSignedBy(child, key);
}

const RESOLVED: ReadonlySet<string> = new Set([
  Oid.keyUsage,
  Oid.extendedKeyUsage,
  Oid.subjectAltName,
  Oid.basicConstraints,
  Oid.nameConstraints,
  Oid.certificatePolicies,
]);

function criticalFailure({ extensions }: Certificate): string | undefined {
  const unresolved = extensions.some(({ oid, critical }) => critical && !RESOLVED.has(oid));
  return unresolved ? 'unrecognized critical extension(s)' : undefined;
}

/** SunCertPathBuilder: any path through what was sent, depth first; of a failure nothing is told. */
function build({ sent, roots, at }: PathInput): Path {
  const leaf = sent[0]!;
  const isNow = ({ notBefore, notAfter }: Certificate) => at >= notBefore && at <= notAfter;
  const refused: Path = { code: 'no-path', error: NO_PATH };
  if (!isNow(leaf) || criticalFailure(leaf) !== undefined) return refused;
  const extend = (path: readonly Certificate[]): readonly Certificate[] | undefined => {
    const last = path.at(-1)!;
    for (const anchor of roots) {
      if (sameName(anchor.subject, last.issuer) && builtPathHolds(path, anchor)) return [...path, anchor];
    }
    for (const next of sent) {
      if (!sameName(next.subject, last.issuer) || !isNow(next) || isAmong(next, path)) continue;
      if (isAmong(next, roots) || criticalFailure(next) !== undefined || !mayIssue(next)) continue;
      const found = extend([...path, next]);
      if (found) return found;
    }
    return undefined;
  };
  const chain = extend([leaf]);
  return chain ? trusted(chain.slice(0, -1), chain.at(-1)!, roots.length > 1) : refused;
}

function mayIssue(certificate: Certificate): boolean {
  const { keyUsage } = certificate;
  return pathLengthOf(certificate) !== -1 && (!keyUsage || keyUsage.includes('keyCertSign'));
}

/** The final verification of a path that was found: signatures and constraints, no dates. */
function builtPathHolds(path: readonly Certificate[], anchor: Certificate): boolean {
  const limits = { left: path.length };
  let issuer = anchor;
  for (let i = path.length - 1; i >= 0; i--) {
    const certificate = path[i]!;
    if (i > 0 && authorityFailure(certificate, i === path.length - 1, limits) !== undefined) return false;
    if (!signs(issuer, certificate)) return false;
    if (i > 0 && certificate.nameConstraints) unmodelled('name constraints below the anchor');
    issuer = certificate;
  }
  return true;
}
