/**
 * A plan as JSON (`kubetls/plan/v1`): what `plan -o json` prints and `--out` saves.
 *
 * A saved plan is not trusted: it names the instant it was made for, and is compared with the plan that
 * the same file and the same state give for that instant. Equal: exactly that is carried out. Not equal:
 * the world has moved, or somebody edited the file.
 */
import { isDeepStrictEqual } from 'node:util';
import { type Instant, KubetlsError, MINUTE, toRfc3339 } from '../base/index.ts';
import type { Plan, Verb } from './types.ts';

export const planSchema = 'kubetls/plan/v1';

export interface PlanView {
  readonly schema: typeof planSchema;
  readonly cluster: string;
  /** RFC 3339 with milliseconds. */
  readonly at: string;
  readonly world: string;
  readonly actions: readonly {
    readonly id: string;
    readonly verb: Verb;
    readonly node: string;
    readonly path: string;
    readonly paths: readonly string[];
    readonly reason: string;
    readonly code: string;
    readonly key: 'new' | 'keep';
    readonly foreign: readonly string[];
  }[];
  readonly summary: Plan['summary'];
  readonly warnings: readonly string[];
}

export type SavedPlanCode = 'plan/saved-unreadable' | 'plan/world-moved' | 'plan/too-early';

export function planView(plan: Plan): PlanView {
  return {
    schema: planSchema,
    cluster: plan.cluster,
    at: new Date(plan.at).toISOString(),
    world: plan.world,
    actions: plan.actions.map(({ id, verb, node, path, paths, reason, key, foreign }) => ({
      id,
      verb,
      node,
      path,
      paths,
      reason: reason.text,
      code: reason.code,
      key,
      foreign,
    })),
    summary: plan.summary,
    warnings: plan.warnings,
  };
}

/** The instant that a saved plan was made for. */
export function savedInstant(text: string, file: string): Instant {
  const saved = parse(text);
  const at =
    typeof saved === 'object' && saved !== null && 'at' in saved && 'schema' in saved ? saved : undefined;
  const instant = typeof at?.at === 'string' ? Date.parse(at.at) : Number.NaN;
  if (at?.schema === planSchema && Number.isFinite(instant)) return instant;
  throw new KubetlsError<SavedPlanCode>({
    code: 'plan/saved-unreadable',
    message: `is not a plan that kubetls saved (schema ${planSchema})`,
    where: { file },
    hint: 'make one with: kubetls plan --out FILE',
  });
}

/** A plan made with `--at` for later is to look at: carried out today it would do what is right then. */
export function requireDue(at: Instant, now: Instant, file: string): void {
  if (at <= now + MINUTE) return;
  throw new KubetlsError<SavedPlanCode>({
    code: 'plan/too-early',
    message: `was made for ${toRfc3339(at)}, and it is not that time yet`,
    where: { file },
    hint: 'make one for now: kubetls plan --out FILE, without --at',
  });
}

/**
 * Refuses unless the saved plan is, value for value, what would be planned now for the same instant. Compared
 * as values: writing out what somebody else wrote, nested ever so deep, would take all of the stack.
 */
export function requireSamePlan(text: string, file: string, plan: Plan): void {
  const now = planView(plan);
  const saved = parse(text);
  if (isDeepStrictEqual(saved, parse(JSON.stringify(now)))) return;
  const sameWorld = (saved as Partial<PlanView> | undefined | null)?.world === now.world;
  throw new KubetlsError<SavedPlanCode>({
    code: 'plan/world-moved',
    message: sameWorld
      ? 'the saved plan is not what this kubetls plans for the same files: it was edited, or made by another release'
      : 'the world has moved since this plan was saved: kubetls.yaml or a file of the state has changed',
    where: { file },
    hint: 'look at a new plan: kubetls plan',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
