/** Faults of files that are on no edge: found once, and told of each line that can be about them. */
import { CAUSE_IDS, causeTable, type CauseId } from './causes/table.ts';
import type { Evidence } from './evidence.ts';
import { remedyFor, restartsOf, stepsFor } from './mend.ts';
import type { Explained, Reading, World } from './types.ts';

export type StandingFaults = ReadonlyMap<CauseId, Evidence>;

export function standingFaults({ cluster: { items }, inventory }: World): StandingFaults {
  return new Map(
    CAUSE_IDS.flatMap((id) => {
      const evidence = causeTable[id].stands?.({ items, inventory });
      return evidence ? [[id, evidence] as const] : [];
    }),
  );
}

export function standingCauses(
  world: World,
  standing: StandingFaults,
  { symptom }: Reading,
): readonly Explained[] {
  return symptom.causes.flatMap((id): readonly Explained[] => {
    const evidence = standing.get(id);
    if (!evidence) return [];
    const { title, look, restarts } = causeTable[id];
    const isOnly = look === undefined && symptom.causes.length === 1;
    return [
      {
        id,
        likelihood: isOnly ? 'certain' : 'likely',
        title,
        edge: undefined,
        edges: [],
        evidence: evidence.text,
        files: evidence.files,
        remedy: remedyFor(world, evidence.files),
        steps: [
          ...stepsFor(world, evidence.files, []),
          ...(restarts ? restartsOf(world, restarts, evidence.files) : []),
        ],
      },
    ];
  });
}
