import { type Failure, toRfc3339 } from '../base/index.ts';
import { type Certificate, nameText, sameKey } from '../x509/index.ts';
import type { Context, Draft } from './draft.ts';
import type { IssueCode } from './types.ts';
import { no, SHORTEST_LIFE, type Validator } from './validator.ts';

/** What stands between an issuer and a certificate that verifies: what Go would say later is said now. */
export const ISSUER_VALIDATORS: readonly Validator[] = [
  ownKey,
  maySign,
  withinLife,
  pathLengthLeft,
  usagesNest,
];

function ownKey(_: Draft, { issuer, signer }: Context): Failure<IssueCode> | undefined {
  if (!issuer || sameKey(issuer.publicKey, signer.publicKey)) return undefined;
  return no('issue/issuer-key', `the signing key is not that of the certificate of ${named(issuer)}`);
}

/** crypto/x509/x509.go, CheckSignatureFrom: a version 3 CA says so, and its key usage, if any, allows it. */
function maySign(_: Draft, { issuer }: Context): Failure<IssueCode> | undefined {
  if (!issuer) return undefined;
  if (issuer.version === 3 ? !issuer.basicConstraints?.ca : issuer.basicConstraints?.ca === false) {
    return no('issue/issuer-not-authority', `${named(issuer)} is no CA`);
  }
  const { keyUsage } = issuer;
  // All bits zero counts as absent in Go.
  if (!keyUsage || keyUsage.length === 0 || keyUsage.includes('keyCertSign')) return undefined;
  return no(
    'issue/issuer-not-authority',
    `the key usage of ${named(issuer)} does not allow it to sign certificates`,
  );
}

function withinLife(_: Draft, { issuer, now }: Context): Failure<IssueCode> | undefined {
  if (!issuer) return undefined;
  if (now < issuer.notBefore) {
    return no(
      'issue/issuer-not-yet-valid',
      `${named(issuer)} is valid from ${toRfc3339(issuer.notBefore)} only`,
    );
  }
  const left = issuer.notAfter - now;
  if (left >= SHORTEST_LIFE) return undefined;
  const verb = left < 0 ? 'expired' : 'expires';
  return no(
    'issue/issuer-expired',
    `${named(issuer)} ${verb} at ${toRfc3339(issuer.notAfter)}`,
    'rotate the authority',
  );
}

function pathLengthLeft({ basicConstraints }: Draft, { issuer }: Context): Failure<IssueCode> | undefined {
  const limit = issuer?.basicConstraints?.pathLength;
  if (!issuer || limit === undefined || !basicConstraints.ca) return undefined;
  if (limit === 0)
    return no('issue/issuer-path-length', `${named(issuer)} may sign leaves only: its path length is 0`);
  const { pathLength } = basicConstraints;
  if (pathLength === undefined || pathLength < limit) return undefined;
  return no(
    'issue/issuer-path-length',
    `the path length ${pathLength} is not below that of ${named(issuer)}, ${limit}`,
  );
}

/** Go nests extended key usages down the chain, roots included (verify.go, checkChainForKeyUsage). */
function usagesNest({ extendedKeyUsage }: Draft, { issuer }: Context): Failure<IssueCode> | undefined {
  const allowed = issuer?.extendedKeyUsage;
  if (!issuer || !allowed || allowed.length === 0 || allowed.includes('any')) return undefined;
  const left = extendedKeyUsage.find((usage) => !allowed.includes(usage));
  return left === undefined
    ? undefined
    : no(
        'issue/issuer-usage',
        `${named(issuer)} is limited to ${allowed.join(', ')}, which leaves out ${left}`,
      );
}

function named({ subject }: Certificate): string {
  return JSON.stringify(nameText(subject));
}
