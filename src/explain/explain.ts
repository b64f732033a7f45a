/** From what a line says to what is behind it, in this cluster, or in any. */
import type { Edge, StatePath } from '../cluster/index.ts';
import { evaluateAll, logLines, type Verdict } from '../trust/index.ts';
import { type GoRules, goRules } from '../verify/index.ts';
import { causeTable, type CauseId } from './causes/table.ts';
import type { Direction, Evidence } from './evidence.ts';
import { LIKELIHOODS } from './likelihood.ts';
import { narrow } from './narrow.ts';
import { type Refused, refusedSide } from './refused.ts';
import { symptomOf } from './symptoms/table.ts';
import type { Explained, Reading, World } from './types.ts';

/** Most likely first. */
export type Explainer = (reading: Reading) => readonly Explained[];

/** Without a world: what such a line means elsewhere. With one, each of its edges is evaluated once, for all lines. */
export function createExplainer(world?: World): Explainer {
  if (!world) return possible;
  const faults = lazily(() => faultsOf(world));
  return (reading) => explainIn(world, faults(), reading);
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
  const verdicts = evaluateAll(cluster.edges, inventory, at, { rules });
  return cluster.edges.flatMap((edge) => {
    const verdict = verdicts.get(edge.id);
    return verdict ? faultsOn(edge, verdict, { inventory, at, rules }) : [];
  });
}

type Where = Pick<World, 'inventory' | 'at'> & { readonly rules: GoRules };

function faultsOn(edge: Edge, verdict: Verdict, where: Where): Fault[] {
  return (['server', 'client'] as const).flatMap((direction) => {
    const { error } = verdict[direction];
    if (error === undefined) return [];
    const only = { server: HOLDS, client: HOLDS, [direction]: verdict[direction] };
    const lines = logLines(edge, where.inventory, only, where).map(({ text }) => text);
    const symptoms = new Set([error, ...lines].flatMap((text) => symptomOf(text)?.symptom.id ?? []));
    const causes = lazily(() => causesOf(refusedSide(edge, direction, error, where)));
    return [{ edge, direction, symptoms, causes }];
  });
}

const HOLDS = { ok: true, error: undefined } as const;

const IDS = Object.keys(causeTable) as CauseId[];

function causesOf(refused: Refused): FoundCause[] {
  const { pairFiles } = refused;
  return IDS.flatMap((id) => {
    const evidence = causeTable[id].look?.(refused);
    if (!evidence) return [];
    const isPair = evidence.files.some((file) => pairFiles.includes(file));
    return [{ id, evidence, set: [...new Set([...evidence.files, ...(isPair ? pairFiles : [])])] }];
  });
}

function explainIn(world: World, faults: readonly Fault[], reading: Reading): readonly Explained[] {
  const outside = reading.circumstances.some((one) => one.outside !== undefined);
  if (outside) return possible(reading);
  const { edges, direction, isExact } = narrow(reading, world.cluster, world.inventory);
  const named = new Set(edges);
  const facing = faults.filter((fault) => direction === undefined || fault.direction === direction);
  const here = found(
    world,
    reading,
    facing.filter(({ edge }) => named.has(edge)),
    isExact,
  );
  const anywhere = here.length > 0 ? here : found(world, reading, facing, false).map(doubtful);
  return [...anywhere, ...unseen(reading, anywhere)];
}

/** What the files show of the causes that such a line has, the same evidence once for all edges. */
function found(
  world: World,
  { symptom }: Reading,
  faults: readonly Fault[],
  isExact: boolean,
): readonly Explained[] {
  const byEvidence = new Map<string, { rank: number; explained: Explained }>();
  for (const fault of faults) {
    const fits = fault.symptoms.has(symptom.id);
    for (const { id, evidence, set } of fault.causes()) {
      const place = symptom.causes.indexOf(id);
      if (place < 0) continue;
      const key = JSON.stringify([id, evidence.text]);
      const before = byEvidence.get(key)?.explained;
      const likelihood = fits ? (isExact ? 'certain' : 'likely') : 'possible';
      const best = before && LIKELIHOODS.indexOf(before.likelihood) < LIKELIHOODS.indexOf(likelihood);
      byEvidence.set(key, {
        rank: place,
        explained: {
          id,
          likelihood: best ? before.likelihood : likelihood,
          title: causeTable[id].title,
          edge: before?.edge ?? fault.edge.id,
          edges: [...new Set([...(before?.edges ?? []), fault.edge.id])],
          evidence: evidence.text,
          files: evidence.files,
          remedy: remedyFor(world, set),
        },
      });
    }
  }
  const all = [...byEvidence.values()];
  const [only, ...others] = all.filter(({ explained }) => explained.likelihood === 'likely');
  // The one fault of these files that makes such a line.
  const sure = others.length === 0 && !isExact ? only : undefined;
  return all
    .map((one) =>
      one === sure ? { ...one, explained: { ...one.explained, likelihood: 'certain' as const } } : one,
    )
    .sort((a, b) => rankOf(a.explained) - rankOf(b.explained) || a.rank - b.rank)
    .map(({ explained }) => explained);
}

function rankOf({ likelihood }: Explained): number {
  return LIKELIHOODS.indexOf(likelihood);
}

/** The line names an edge that holds, and another is at fault. */
function doubtful(explained: Explained): Explained {
  return { ...explained, likelihood: 'possible' };
}

/** kubetls writes the files anew; one that it did not write, it replaces when it is told to. */
function remedyFor({ inventory, written, again }: World, files: readonly StatePath[]): string {
  const foreign = files.filter((file) => {
    const entry = inventory.get(file);
    return entry !== undefined && written.get(file) !== entry.sha256;
  });
  return again(['apply', ...foreign.map((file) => `--overwrite ${file}`)].join(' '));
}

/** Causes that files cannot show, or that these do not show. */
function unseen(reading: Reading, seen: readonly Explained[]): readonly Explained[] {
  const ids = new Set(seen.map(({ id }) => id));
  const left = possible(reading).filter(({ id }) => !ids.has(id));
  const rest = left.map((one): Explained => {
    if (causeTable[one.id].look)
      return { ...one, likelihood: 'unlikely', evidence: ['the files of this cluster do not show it'] };
    const isNext = seen.length === 0 && one.id === 'stale-process';
    return { ...one, likelihood: isNext ? 'likely' : 'possible' };
  });
  return rest.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function possible({ symptom, circumstances }: Reading): readonly Explained[] {
  const outside = circumstances.flatMap((one) => one.outside ?? []);
  const ids = [...new Set([...outside, ...symptom.causes])];
  return ids.map((id, place) => {
    const { title, remedy } = causeTable[id];
    const likelihood = place === 0 ? 'likely' : 'possible';
    return { id, likelihood, title, edge: undefined, edges: [], evidence: [], files: [], remedy };
  });
}
