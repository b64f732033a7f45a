import type { Certificate } from '../../x509/index.ts';
import type { Chain } from '../chain.ts';
import { roleFailure, validityFailure } from '../chains.ts';
import { constraintFailure } from '../constraints.ts';
import type { VerifyCode, VerifyFailure } from '../messages.ts';
import { allowsUsage, EXTENDED } from '../usage.ts';
import type { VerifyRequest } from '../verify.ts';
import { issuerMisses } from './issuers.ts';
import { nameMiss } from './names.ts';
import type { NearMiss } from './types.ts';
import { walk } from './walk.ts';

/** What was refused, looked at again: how near it was. */
export interface Diagnosis {
  /** The chain that came nearest, leaf first. */
  readonly closest: Chain;
  /** Whether it ends in a root. */
  readonly anchored: boolean;
  /** Everything that is wrong with that chain; what the refusal is about comes first. */
  readonly misses: readonly NearMiss[];
}

/**
 * Says how near to a yes a refused chain was. Go tells one failure, the first that it meets; here are all
 * that the chain has, so that nobody has to ask again after each.
 *
 * @param others certificates that were at hand and stand in no pool
 */
export function diagnose(
  request: VerifyRequest,
  failure: VerifyFailure,
  others: readonly Certificate[] = [],
): Diagnosis {
  const found = walk(request);
  const { closest, anchored } = found;
  const name = request.name ? nameMiss(request.leaf, request.name) : undefined;
  const misses: NearMiss[] = [
    ...closest.flatMap((one) => validityMisses(one, request)),
    ...(name ? [name] : []),
    ...issuerMisses(request, found, others),
    ...roleMisses(closest, anchored),
    ...usageMisses(closest, request),
    ...constraintMisses(closest),
  ];
  const about = ABOUT[failure.code] ?? [];
  const rank = ({ kind }: NearMiss) => (about.includes(kind) ? 0 : 1);
  return { closest, anchored, misses: misses.sort((a, b) => rank(a) - rank(b)) };
}

/** The kinds that explain a refusal. */
const ABOUT: Readonly<Partial<Record<VerifyCode, readonly NearMiss['kind'][]>>> = {
  'verify/unhandled-critical-extension': ['critical-extension'],
  'verify/not-yet-valid': ['date'],
  'verify/expired': ['date'],
  'verify/name-mismatch': ['name'],
  'verify/unknown-authority': [
    'missing-issuer',
    'untrusted-root',
    'elsewhere',
    'other-key',
    'other-name',
    'cannot-sign',
  ],
  'verify/not-an-authority': ['cannot-sign'],
  'verify/path-length': ['cannot-sign'],
  'verify/usage': ['usage'],
  'verify/name-constraint': ['constraint'],
};

function validityMisses(certificate: Certificate, request: VerifyRequest): NearMiss[] {
  const failure = validityFailure(certificate, request);
  if (!failure) return [];
  if (failure.code === 'verify/unhandled-critical-extension') {
    return [{ kind: 'critical-extension', certificate, oids: certificate.unhandledCritical }];
  }
  return [{ kind: 'date', certificate, side: failure.code === 'verify/expired' ? 'after' : 'before' }];
}

/** Issuers that signed, and may not at their place. */
function roleMisses(chain: Chain, anchored: boolean): NearMiss[] {
  return chain.slice(1).flatMap((candidate, below): NearMiss[] => {
    const failure = roleFailure(candidate, anchored && below === chain.length - 2, below);
    if (!failure) return [];
    const why = failure.code === 'verify/path-length' ? 'path-length' : 'no-authority';
    return [{ kind: 'cannot-sign', certificate: chain[below]!, candidate, why, error: failure.error }];
  });
}

function usageMisses(chain: Chain, { usage }: VerifyRequest): NearMiss[] {
  if (usage === 'any') return [];
  return chain
    .filter((certificate) => !allowsUsage([certificate], usage))
    .map((certificate): NearMiss => {
      const listed = certificate.extendedKeyUsage ?? [];
      return { kind: 'usage', certificate, wanted: EXTENDED[usage], listed };
    });
}

/** The authority with which the chain begins to be refused, and the highest certificate that it refuses. */
function constraintMisses(chain: Chain): NearMiss[] {
  const top = chain.findIndex((_, i) => constraintFailure(chain.slice(0, i + 1)));
  if (top < 0) return [];
  const bottom = chain.findLastIndex((_, i) => i < top && constraintFailure(chain.slice(i, top + 1)));
  const certificate = chain[bottom]!;
  const { error = '' } = constraintFailure(chain.slice(bottom, top + 1)) ?? {};
  const detail = error.replace(/^x509: a root or intermediate [^:]*: /, '');
  return [{ kind: 'constraint', certificate, authority: chain[top]!, detail }];
}
