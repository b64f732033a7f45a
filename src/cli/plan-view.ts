/** A plan as text: what changes, by node, each with its reason; what stays is a number. */
import type { Action, Plan, Rehearsal, Verb } from '../plan/index.ts';
import type { Console } from './console.ts';
import { plural, printable } from './text.ts';

const signs: Readonly<Record<Verb, string>> = {
  create: '+',
  replace: '~',
  rewrite: '*',
  remove: '-',
  keep: '=',
};

/** Lines shown before the rest is folded. */
const SHOWN = 40;

export function printPlan(console: Console, plan: Plan, rehearsal: Rehearsal | undefined): void {
  const changes = plan.actions.filter(({ verb }) => console.verbose || verb !== 'keep');
  const shown = console.verbose ? changes : changes.slice(0, SHOWN);
  for (const [node, actions] of groupByNode(shown)) {
    console.print(console.colors.bold(node === '-' ? 'authorities and shared keys' : printable(node)));
    for (const action of actions) console.print(`  ${lineFor(console, action)}`);
  }
  if (changes.length > shown.length)
    console.print(`  … and ${changes.length - shown.length} more (-v shows all)`);
  console.print(summaryText(plan));
  if (rehearsal) printRehearsal(console, rehearsal);
}

export function summaryText({ summary }: Plan): string {
  const { create, replace, rewrite, remove, keep } = summary;
  if (create + replace + rewrite + remove === 0) return `Nothing to do: ${plural(keep, 'item')} in order.`;
  return `Plan: ${create} to create, ${replace} to replace, ${rewrite} to rewrite, ${remove} to remove, ${keep} in order.`;
}

function groupByNode(actions: readonly Action[]): Map<string, Action[]> {
  const groups = new Map<string, Action[]>();
  for (const action of actions) {
    const group = groups.get(action.node);
    if (group) group.push(action);
    else groups.set(action.node, [action]);
  }
  return groups;
}

function lineFor({ colors }: Console, action: Action): string {
  const paint = {
    create: colors.green,
    replace: colors.yellow,
    rewrite: colors.yellow,
    remove: colors.red,
    keep: colors.dim,
  };
  const foreign = action.foreign.length > 0 ? `  ${colors.red('(changed by somebody else)')}` : '';
  const verb = `${signs[action.verb]} ${action.verb.padEnd(7)}`;
  return `${paint[action.verb](verb)} ${printable(action.path)}  ${colors.dim(printable(action.reason.text))}${foreign}`;
}

function printRehearsal(console: Console, { breaks, whole, edges, evaluations }: Rehearsal): void {
  if (breaks.length === 0) {
    console.print(
      `Rehearsed: no edge breaks after any step; ${whole} of ${plural(edges, 'edge')} hold at the end (predicted, ${plural(evaluations, 'evaluation')}).`,
    );
    return;
  }
  console.print(console.colors.red(`Rehearsed: ${plural(breaks.length, 'edge')} would break (predicted):`));
  for (const { after, edge, error } of breaks.slice(0, SHOWN))
    console.print(`  after ${after}: ${edge}: ${printable(error)}`);
}
