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

/** Changes, and nodes, that are shown one by one. */
const SHOWN = 40;

export function printPlan(console: Console, plan: Plan, rehearsal: Rehearsal | undefined): void {
  const changes = plan.actions.filter(({ verb }) => console.verbose || verb !== 'keep');
  const folded = !console.verbose && changes.length > SHOWN;
  const groups = [...groupByNode(changes)];
  for (const [node, actions] of groups.slice(0, console.verbose ? groups.length : SHOWN)) {
    const title = node === '-' ? 'authorities and shared keys' : printable(node);
    // What is new and expected can be a number; what replaces something is always spelt out.
    const spelt = folded
      ? actions.filter(({ verb, foreign }) => verb !== 'create' || foreign.length > 0)
      : actions;
    const created = actions.length - spelt.length;
    console.print(
      `${console.colors.bold(title)}${created > 0 ? `  ${console.colors.green(`+ ${plural(created, 'item')} to create`)}` : ''}`,
    );
    for (const action of spelt.slice(0, SHOWN)) console.print(`  ${lineFor(console, action)}`);
    if (spelt.length > SHOWN) console.print(`  … and ${spelt.length - SHOWN} more`);
  }
  if (groups.length > SHOWN && !console.verbose)
    console.print(`… and ${plural(groups.length - SHOWN, 'more node')}`);
  if (folded) console.print(console.colors.dim('(-v shows every file)'));
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
