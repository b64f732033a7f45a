/** `kubetls/explain/v1` */
import { toRfc3339 } from '../../base/index.ts';
import type { ExplainReport } from './text-view.ts';

export function explainJson({ at, inCluster, known, causes, lines, unknown, beyond }: ExplainReport): object {
  return {
    schema: 'kubetls/explain/v1',
    at: toRfc3339(at),
    inventory: inCluster,
    causes: causes.map(({ edge, ...cause }) => ({ ...cause, edge: edge ?? null })),
    lines: known.map(({ reading: { text, symptom, clues }, count, first }) => ({
      text,
      count,
      first,
      symptom: symptom.id,
      says: symptom.says,
      printedBy: symptom.by,
      clues: Object.entries(clues).map(([clue, value]) => ({ clue, value })),
    })),
    unknown: unknown.samples,
    summary: { lines, known: known.length, unknown: unknown.count, beyond },
  };
}
