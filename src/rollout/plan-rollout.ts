/**
 * From changed files to steps in order: node by node, component by component, and behind each a gate. What
 * reloads by itself is not restarted; what must be restarted is restarted alone.
 */
import type { ComponentName, StatePath } from '../cluster/index.ts';
import { needsIn, type NeedsOf } from './needs.ts';
import { deliverStep, handWork, type RolloutInput, stepsFor, withOwed } from './steps.ts';
import type { HandWork, Owed, Rollout, Step } from './types.ts';

export function planRollout(input: RolloutInput): Rollout {
  const { cluster, changed, owed, hostOf } = input;
  const needsOf = needsIn(cluster);
  const steps: Step[] = [];
  const byHand: HandWork[] = [];
  for (const { name } of cluster.spec.nodes) {
    const files = changed.get(name) ?? [];
    const mine = owed.filter(({ node }) => node === name);
    if (hostOf(name) !== undefined) steps.push(...stepsOn(name, files, mine, needsOf, input));
    else if (files.length + mine.length > 0)
      byHand.push(handWork(name, files, withOwed(needsOf(name, files), mine)));
  }
  return { steps, byHand };
}

function stepsOn(
  node: string,
  files: readonly StatePath[],
  owed: readonly Owed[],
  needsOf: NeedsOf,
  input: RolloutInput,
): Step[] {
  const needs = withOwed(needsOf(node, files), owed);
  const steps: Step[] = files.length > 0 ? [deliverStep(node, files, needs, input)] : [];
  // An apiserver that was proven a moment ago need not be asked again for each controller.
  const gated = new Set<ComponentName>();
  for (const [i, need] of needs.entries()) {
    steps.push(...stepsFor(node, need, gated, input, needs.slice(i + 1)));
    gated.add(need.component);
  }
  return steps;
}
