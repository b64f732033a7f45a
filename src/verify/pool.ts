import { asBuffer, equalBytes } from '../base/index.ts';
import type { Certificate, Name } from '../x509/index.ts';

/** Certificates by raw subject, each once, in the order in which they were added (x509.CertPool). */
export interface Pool {
  readonly certificates: readonly Certificate[];
  /** Whether this very certificate, byte for byte, is in the pool. */
  contains(certificate: Certificate): boolean;
  /** Those whose subject is the child's issuer, byte for byte, most plausible first. */
  parentsOf(child: Certificate): readonly Certificate[];
}

const pools = new WeakMap<readonly Certificate[], Pool>();
/** So few names are compared faster than one is made the key of a map. */
const FEW = 8;
const NOBODY: readonly Certificate[] = [];
const EMPTY = buildPool(NOBODY);

/** One pool for one array: the array must not change afterwards. */
export function createPool(certificates: readonly Certificate[]): Pool {
  if (certificates.length === 0) return EMPTY;
  let pool = pools.get(certificates);
  if (!pool) pools.set(certificates, (pool = buildPool(certificates)));
  return pool;
}

function buildPool(added: readonly Certificate[]): Pool {
  const once = new Map<string, Certificate>();
  for (const certificate of added) {
    const bytes = key(certificate.der);
    if (!once.has(bytes)) once.set(bytes, certificate);
  }
  const certificates = [...once.values()];
  const named = certificates.length <= FEW ? among(certificates) : bySubject(certificates);
  return {
    certificates,
    contains: (wanted) => named(wanted.subject).some(({ der }) => equalBytes(der, wanted.der)),
    parentsOf: (child) => byPlausibility(named(child.issuer), child),
  };
}

type ByName = (name: Name) => readonly Certificate[];

function among(certificates: readonly Certificate[]): ByName {
  return ({ der }) => {
    const found = certificates.filter(({ subject }) => equalBytes(subject.der, der));
    return found.length === 0 ? NOBODY : found;
  };
}

function bySubject(certificates: readonly Certificate[]): ByName {
  const subjects = new Map<string, Certificate[]>();
  for (const certificate of certificates) {
    const subject = key(certificate.subject.der);
    const same = subjects.get(subject);
    if (same) same.push(certificate);
    else subjects.set(subject, [certificate]);
  }
  return ({ der }) => subjects.get(key(der)) ?? NOBODY;
}

function key(der: Uint8Array): string {
  return asBuffer(der).toString('latin1');
}

/**
 * CertPool.findPotentialParents: equal key ids (both absent counts as equal), then one absent, then
 * different ones. A mismatch only comes last; it is still tried.
 */
function byPlausibility(candidates: readonly Certificate[], child: Certificate): readonly Certificate[] {
  if (candidates.length < 2) return candidates;
  const ranks: [Certificate[], Certificate[], Certificate[]] = [[], [], []];
  for (const candidate of candidates) ranks[rank(candidate, child)].push(candidate);
  return ranks.flat();
}

const NONE = new Uint8Array();

function rank(candidate: Certificate, child: Certificate): 0 | 1 | 2 {
  const subjectKeyId = candidate.subjectKeyId ?? NONE;
  const authorityKeyId = child.authorityKeyId ?? NONE;
  if (equalBytes(subjectKeyId, authorityKeyId)) return 0;
  return subjectKeyId.length === 0 || authorityKeyId.length === 0 ? 1 : 2;
}
