/** The answer to one question, put together for people and for JSON. */
import type { Instant } from '../../base/index.ts';
import {
  type Chain,
  diagnose,
  type NearMiss,
  type Usage,
  verifyChain,
  type VerifyRequest,
} from '../../verify/index.ts';
import type { Certificate } from '../../x509/index.ts';
import type { Stage } from './answer.ts';
import { certificatesOf, type Given } from './material.ts';
import type { Release } from './release.ts';

export interface Asked {
  /** The file whose first certificate is the leaf. */
  readonly source: string;
  readonly leaf: readonly Given[];
  readonly intermediates: readonly Given[];
  readonly roots: readonly Given[];
  /** At hand, and in no pool. */
  readonly others: readonly Given[];
  readonly name: string | undefined;
  /** Undefined: what the name and the leaf suggest. */
  readonly usage: Usage | undefined;
  readonly at: Instant;
  /** Whose Go judges; undefined: the newest's. */
  readonly release: Release | undefined;
}

export interface Report {
  readonly asked: Asked;
  readonly usage: Usage;
  /** Why this usage, when nothing that was asked says so. */
  readonly because: string | undefined;
  readonly stage: Exclude<Stage, 'question'>;
  /** Go's text; undefined when the answer is yes. */
  readonly error: string | undefined;
  /** Every chain that Go would return. */
  readonly chains: readonly Chain[];
  /** Of a refusal: how far it leads, and whether to a root. */
  readonly closest: Chain;
  readonly anchored: boolean;
  readonly misses: readonly NearMiss[];
  readonly sources: ReadonlyMap<Certificate, string>;
  /** What could not be parsed, when that is why. */
  readonly broken: Broken | undefined;
}

interface Broken {
  readonly source: string;
  readonly detail: string;
}

export function reportOn(asked: Asked): Report {
  const sources = new Map<Certificate, string>();
  const roots = certificatesOf(asked.roots, sources);
  const [leaf, ...bundled] = asked.leaf;
  const sent = [...bundled, ...asked.intermediates];
  const intermediates = certificatesOf(sent, sources);
  const others = certificatesOf(asked.others, sources);
  const [certificate] = leaf ? certificatesOf([leaf], sources) : [];
  const { usage, because } = usageOf(asked, certificate);
  const base = {
    asked,
    usage,
    because,
    chains: [],
    closest: [],
    anchored: false,
    misses: [],
    sources,
    broken: undefined,
  };
  if (!leaf || !certificate) return { ...base, stage: 'parse-leaf', ...brokenAt(leaf) };
  const broken = sent.find((one) => 'refused' in one);
  if (broken) return { ...base, closest: [certificate], stage: 'parse-intermediate', ...brokenAt(broken) };
  const stage = roots.length < asked.roots.length ? 'parse-root' : 'verify';
  const request: VerifyRequest = {
    leaf: certificate,
    intermediates,
    roots,
    at: asked.at,
    usage,
    name: asked.name,
    rules: asked.release?.rules,
  };
  const answer = verifyChain(request);
  if (answer.ok) return { ...base, stage, error: undefined, chains: answer.chains };
  return { ...base, stage, error: answer.error, ...diagnose(request, answer, others) };
}

function brokenAt(given: Given | undefined): Pick<Report, 'error' | 'broken'> {
  if (!given || 'certificate' in given) return { error: 'no certificate', broken: undefined };
  const { refused, source, detail } = given;
  return { error: refused, broken: { source, detail } };
}

/** A name is asked of servers; else the leaf's own usages say, when they say one thing. */
function usageOf(
  { usage, name }: Asked,
  leaf: Certificate | undefined,
): { readonly usage: Usage; readonly because: string | undefined } {
  if (usage) return { usage, because: undefined };
  if (name !== undefined) return { usage: 'server', because: undefined };
  const listed = leaf?.extendedKeyUsage ?? [];
  const [server, client] = [listed.includes('serverAuth'), listed.includes('clientAuth')];
  if (server === client || listed.includes('any')) return { usage: 'any', because: 'no --usage' };
  return { usage: server ? 'server' : 'client', because: 'that is what it is for' };
}

/** When the chain stops to hold: the earliest end. */
export function chainEnd(chain: Chain): Certificate {
  return chain.reduce((a, b) => (b.notAfter < a.notAfter ? b : a));
}
