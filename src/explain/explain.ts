/** From what a line says to what is behind it, in this cluster, or in any. */
import type { Instant } from '../base/index.ts';
import type { Edge, StatePath } from '../cluster/index.ts';
import { evaluateAll, logLines, type Verdict } from '../trust/index.ts';
import { goRules } from '../verify/index.ts';
import { CAUSE_IDS, causeTable, type CauseId } from './causes/table.ts';
import type { Direction, Evidence } from './evidence.ts';
import { LIKELIHOODS } from './likelihood.ts';
import { remedyFor, restartsFor, stepsFor } from './mend.ts';
import { momentsOf } from './moments.ts';
import { narrow, type Narrowed } from './narrow.ts';
import { type Moment, type Refused, refusedSide, sideOf } from './refused.ts';
import { symptomsIn } from './read-line.ts';
import { standingCauses, standingFaults, type StandingFaults } from './standing.ts';
import { unlistedName } from './unlisted-name.ts';
import type { Explained, Likelihood, Reading, World } from './types.ts';
import { instantOf } from './written.ts';

/** Most likely first. */
export type Explainer = (reading: Reading) => readonly Explained[];

/** Without a world: what such a line means elsewhere. With one, each of its edges is evaluated once, for all lines. */
export function createExplainer(world?: World): Explainer {
  if (!world) return possible;
  const moment = momentsOf(world.inventory, world.at, (at) => faultsOf({ ...world, at }));
  const standing = lazily(() => standingFaults(world));
  return (reading) => {
    const { value: faults, asOf } = moment(writtenAt(reading, world.at));
    const explained = explainIn(world, { faults, standing: standing() }, reading, asOf);
    return asOf === undefined ? explained : explained.map((one) => ({ ...one, asOf }));
  };
}

/** When the line was written; without a year, as seen from the instant of the question. */
export function writtenAt({ written }: Reading, asked: Instant): Instant | undefined {
  return written && instantOf(written, asked);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** One direction of an edge that fails, and what is found behind it. */
interface Fault {
  readonly edge: Edge;
  readonly direction: Direction;
  /** What both sides would print of it. */
  readonly symptoms: ReadonlySet<string>;
  readonly causes: () => readonly FoundCause[];
}

interface FoundCause {
  readonly id: CauseId;
  readonly evidence: Evidence;
  /** The files that are written together with those of the evidence. */
  readonly set: readonly StatePath[];
}

function faultsOf({ cluster, inventory, at }: World): readonly Fault[] {
  const rules = goRules(cluster.spec.kubernetes.minor);
  const moment: Moment = { inventory, at, rules };
  const verdicts = evaluateAll(cluster.edges, inventory, at, { rules });
  return cluster.edges.flatMap((edge) => {
    const verdict = verdicts.get(edge.id);
    return verdict ? faultsOn(edge, verdict, moment) : [];
  });
}

function faultsOn(edge: Edge, verdict: Verdict, moment: Moment): Fault[] {
  return (['server', 'client'] as const).flatMap((direction) => {
    const { error } = verdict[direction];
    if (error === undefined) return [];
    const only = { server: HOLDS, client: HOLDS, [direction]: verdict[direction] };
    const lines = logLines(edge, moment.inventory, only, moment).map(({ text }) => text);
    const side = sideOf(edge, direction, moment.inventory, moment.rules);
    const heard = direction === 'server' && !side.chain && side.pairFiles.length > 0 ? [NOTHING_TO_SHOW] : [];
    const texts = [error, ...lines, ...heard];
    const symptoms = new Set(
      texts.flatMap((text) => {
        const { found, asProxy } = symptomsIn(text);
        return (edge.as === 'front-proxy' ? asProxy?.id : undefined) ?? found?.symptom.id ?? [];
      }),
    );
    const causes = lazily(() => causesOf(refusedSide(edge, direction, error, moment)));
    return [{ edge, direction, symptoms, causes }];
  });
}

const HOLDS = { ok: true, error: undefined } as const;

/** What clients hear of a server that cannot load its pair (crypto/tls handshake_server.go, alertInternalError). */
const NOTHING_TO_SHOW = 'remote error: tls: internal error';

function causesOf(refused: Refused): FoundCause[] {
  const { pairFiles } = refused;
  return CAUSE_IDS.flatMap((id) => {
    const evidence = causeTable[id].look?.(refused);
    if (!evidence) return [];
    const isPair = evidence.files.some((file) => pairFiles.includes(file));
    return [{ id, evidence, set: [...new Set([...evidence.files, ...(isPair ? pairFiles : [])])] }];
  });
}

interface Found {
  readonly faults: readonly Fault[];
  readonly standing: StandingFaults;
}

function explainIn(
  world: World,
  { faults, standing }: Found,
  read: Reading,
  asOf: Instant | undefined,
): readonly Explained[] {
  if (read.circumstances.some(({ outside }) => outside !== undefined)) return possible(read);
  const narrowed = narrow(read, world.cluster, world.inventory);
  const { asProxy } = read;
  const isProxy = narrowed.edges.every(({ as }) => as === 'front-proxy');
  const reading = isProxy && asProxy ? { ...read, symptom: asProxy } : read;
  const rest = (seen: readonly Explained[]) => unseen(world, reading, narrowed, seen);
  const unlisted = unlistedName(world, reading, narrowed);
  if (unlisted.length > 0) {
    const ranked = unlisted.toSorted((a, b) => rankOf(a) - rankOf(b));
    return [...ranked, ...rest(ranked)];
  }
  const { direction } = narrowed;
  const named = new Set(narrowed.edges);
  const facing = faults.filter((fault) => direction === undefined || fault.direction === direction);
  const there = facing.filter(({ edge }) => named.has(edge));
  const { groups, since } = withoutNewer(groupsOf(reading, there), reading, asOf, world);
  const here = explainedBy(world, groups, narrowed);
  const replaced = here.length > 0 ? [] : replacedSince(world, since);
  const beside = standingCauses(world, standing, reading);
  // The line names an edge that holds, and another is at fault.
  const elsewhere = () =>
    explainedBy(world, withoutNewer(groupsOf(reading, facing), reading, asOf, world).groups, 'elsewhere');
  const near = [...here, ...replaced, ...beside].toSorted((a, b) => rankOf(a) - rankOf(b));
  const shown = near.length > 0 ? near : elsewhere();
  return [...shown, ...rest(shown)];
}

/**
 * What was issued after the line was written had not begun steps: that is no fault, and a sign that somebody has
 * replaced what the line speaks of.
 */
function withoutNewer(
  groups: readonly Group[],
  { symptom }: Reading,
  asOf: Instant | undefined,
  { at }: World,
): { readonly groups: readonly Group[]; readonly since: readonly Group[] } {
  if (asOf === undefined || asOf >= at || symptom.id === 'not-yet-valid') return { groups, since: [] };
  const isNewer = ({ found }: Group) => found.id === 'not-yet-valid';
  return { groups: groups.filter((one) => !isNewer(one)), since: groups.filter(isNewer) };
}

function replacedSince(world: World, since: readonly Group[]): Explained[] {
  return since.slice(0, 1).map(({ found, edges }) => ({
    id: 'replaced-since',
    likelihood: 'likely',
    title: causeTable['replaced-since'].title,
    edge: edgeIds(edges)[0],
    edges: edgeIds(edges),
    evidence: found.evidence.text.map((text) => `${text}: after the line was written`),
    files: found.evidence.files,
    remedy: causeTable['replaced-since'].remedy,
    steps: stepsFor(world, found.set, [...edges]),
  }));
}

function edgeIds(edges: ReadonlySet<Edge>): string[] {
  return [...edges].map(({ id }) => id);
}

/** One cause, the same evidence, on all the edges that it breaks. */
interface Group {
  readonly found: FoundCause;
  /** Among the causes that such a line has. */
  readonly place: number;
  readonly edges: Set<Edge>;
  /** Whether what the programs print of it says the same as the line. */
  fits: boolean;
}

function groupsOf({ symptom }: Reading, faults: readonly Fault[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { edge, symptoms, causes } of faults) {
    const fits = symptoms.has(symptom.id);
    for (const found of causes()) {
      const place = symptom.causes.indexOf(found.id);
      if (place < 0) continue;
      const key = JSON.stringify([found.id, found.evidence.text]);
      const group = groups.get(key) ?? { found, place, edges: new Set<Edge>(), fits };
      group.edges.add(edge);
      group.fits ||= fits;
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

function explainedBy(
  world: World,
  groups: readonly Group[],
  narrowed: Pick<Narrowed, 'isExact' | 'isNamed'> | 'elsewhere',
): readonly Explained[] {
  const isOnly = groups.filter(({ fits }) => fits).length === 1;
  const likelihoodOf = ({ fits }: Group): Likelihood => {
    if (narrowed === 'elsewhere') return 'possible';
    if (fits) return narrowed.isExact || isOnly ? 'certain' : 'likely';
    return narrowed.isNamed ? 'likely' : 'possible';
  };
  return groups
    .map((group) => ({ group, likelihood: likelihoodOf(group) }))
    .sort((a, b) => rankOf(a) - rankOf(b) || a.group.place - b.group.place)
    .map(({ group: { found, edges }, likelihood }) => ({
      id: found.id,
      likelihood,
      title: causeTable[found.id].title,
      edge: edgeIds(edges)[0],
      edges: edgeIds(edges),
      evidence: found.evidence.text,
      files: found.evidence.files,
      remedy: remedyFor(world, found.set),
      steps: stepsFor(world, found.set, [...edges]),
    }));
}

function rankOf({ likelihood }: { readonly likelihood: Likelihood }): number {
  return LIKELIHOODS.indexOf(likelihood);
}

/** Causes that files cannot show, or that these do not show. */
function unseen(
  world: World,
  reading: Reading,
  { edges, direction, isNamed }: Narrowed,
  seen: readonly Explained[],
): readonly Explained[] {
  const ids = new Set(seen.map(({ id }) => id));
  const left = possible(reading).filter(({ id }) => !ids.has(id));
  const rest = left.map((one): Explained => {
    if (causeTable[one.id].look ?? causeTable[one.id].stands)
      return { ...one, likelihood: 'unlikely', evidence: ['the files of this cluster do not show it'] };
    const isNext = seen.length === 0 && one.id === 'stale-process';
    const steps = one.id === 'stale-process' && isNamed ? restartsFor(world, edges, direction) : one.steps;
    return { ...one, steps, likelihood: isNext ? 'likely' : 'possible' };
  });
  return rest.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function possible({ symptom, circumstances }: Reading): readonly Explained[] {
  const bundles = circumstances.flatMap(({ outside, besides }) =>
    [outside, besides].flatMap((id) => id ?? []),
  );
  // Whose bundle it is matters where nobody is believed; a certificate that has ended, has ended.
  const isBelief = symptom.causes.includes('anchor-missing');
  const ids = [...new Set(isBelief ? [...bundles, ...symptom.causes] : [...symptom.causes, ...bundles])];
  return ids.map((id, place) => {
    const { title, remedy } = causeTable[id];
    const likelihood = place === 0 ? 'likely' : 'possible';
    return { id, likelihood, title, edge: undefined, edges: [], evidence: [], files: [], remedy, steps: [] };
  });
}
