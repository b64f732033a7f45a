/**
 * What breaks when: every edge, evaluated at each date of a certificate that it rests on. Between two such
 * dates no verdict can change, since nothing but the clock moves.
 */
import { type Instant, SECOND } from '../base/index.ts';
import type { Edge, StatePath } from '../cluster/index.ts';
import { certificatesIn, type FoundCertificate, type Inventory } from '../inventory/index.ts';
import type { GoRules } from '../verify/index.ts';
import { dependencies } from './dependencies.ts';
import { evaluate, nodeAddresses } from './evaluate.ts';
import { type Quorum, quorumOf } from './quorum.ts';

/** A certificate whose validity starts or ends. */
export interface Passing extends FoundCertificate {
  readonly passes: 'begins' | 'ends';
}

export interface EdgeChange {
  readonly edge: Edge;
  /** Go's text; undefined: from now on it holds. */
  readonly error: string | undefined;
}

export interface ForecastEvent {
  /** From this second on: the one after a certificate's last, or a certificate's first. */
  readonly at: Instant;
  readonly what: readonly Passing[];
  readonly breaks: readonly EdgeChange[];
  readonly heals: readonly EdgeChange[];
  /** After it, when it changes an edge between etcd's members. */
  readonly quorum: Quorum | undefined;
}

export interface Forecast {
  readonly from: Instant;
  readonly until: Instant;
  /** Edges that do not hold at `from`. */
  readonly broken: readonly EdgeChange[];
  readonly events: readonly ForecastEvent[];
}

export interface ForecastInput {
  readonly edges: readonly Edge[];
  readonly inventory: Inventory;
  readonly from: Instant;
  readonly until: Instant;
  /** Of the release of Kubernetes that runs; absent: the newest. */
  readonly rules?: GoRules | undefined;
  readonly onProgress?: (done: number, of: number) => void;
}

/** Predicted for connections that are made anew; an open one may outlive its certificates. */
export function forecast({ edges, inventory, from, until, rules, onProgress }: ForecastInput): Forecast {
  const passing = datesIn(certificatesIn(inventory), from, until);
  const options = { addresses: nodeAddresses(edges), rules };
  const instants = instantsByPath(passing);
  const broken: EdgeChange[] = [];
  const changes = new Map<Instant, EdgeChange[]>();
  for (const [done, edge] of edges.entries()) {
    let verdict = evaluate(edge, inventory, from, options);
    if (!verdict.ok) broken.push({ edge, error: verdict.error });
    for (const at of instantsOf(edge, inventory, instants)) {
      // What holds does so until the first of its certificates ends, whatever else passes.
      if (verdict.ok && at <= (verdict.expires ?? Infinity)) continue;
      const next = evaluate(edge, inventory, at, options);
      if (next.ok !== verdict.ok) push(changes, at, { edge, error: next.error });
      verdict = next;
    }
    onProgress?.(done + 1, edges.length);
  }
  return { from, until, broken, events: eventsOf(edges, broken, passing, changes) };
}

/** By the first instant at which the date has passed. */
type Dates = ReadonlyMap<Instant, readonly Passing[]>;

function datesIn(found: readonly FoundCertificate[], from: Instant, until: Instant): Dates {
  const dates = new Map<Instant, Passing[]>();
  const add = (at: Instant, passing: Passing) => {
    if (at > from && at <= until) push(dates, at, passing);
  };
  for (const one of found) {
    add(one.certificate.notBefore, { ...one, passes: 'begins' });
    // Both ends of a validity are inside (crypto/x509 verify.go, isValid), and dates have whole seconds.
    add(one.certificate.notAfter + SECOND, { ...one, passes: 'ends' });
  }
  return dates;
}

function instantsByPath(dates: Dates): ReadonlyMap<StatePath, readonly Instant[]> {
  const instants = new Map<StatePath, Instant[]>();
  for (const [at, all] of dates)
    for (const { places } of all) for (const path of places) push(instants, path, at);
  return instants;
}

function instantsOf(
  edge: Edge,
  inventory: Inventory,
  byPath: ReadonlyMap<StatePath, readonly Instant[]>,
): readonly Instant[] {
  const all = new Set(dependencies(edge, inventory).flatMap((path) => byPath.get(path) ?? []));
  return [...all].sort((a, b) => a - b);
}

function eventsOf(
  edges: readonly Edge[],
  broken: readonly EdgeChange[],
  dates: Dates,
  changes: ReadonlyMap<Instant, readonly EdgeChange[]>,
): ForecastEvent[] {
  const peers = edges.filter(({ endpoint }) => endpoint.port === 'peer');
  const down = new Set(broken.map(({ edge }) => edge));
  return [...dates]
    .sort(([a], [b]) => a - b)
    .map(([at, what]) => {
      const changed = changes.get(at) ?? [];
      for (const { edge, error } of changed) {
        if (error === undefined) down.delete(edge);
        else down.add(edge);
      }
      return {
        at,
        what,
        breaks: changed.filter(({ error }) => error !== undefined),
        heals: changed.filter(({ error }) => error === undefined),
        quorum: changed.some(({ edge }) => edge.endpoint.port === 'peer')
          ? quorumOf(peers, (edge) => !down.has(edge))
          : undefined,
      };
    });
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
