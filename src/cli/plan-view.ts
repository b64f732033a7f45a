/** A plan as text: what changes, by node, each with its reason; what stays is a number. */
import type { Action, Break, Plan, Rehearsal, Verb } from '../plan/index.ts';
import type { Console } from './console.ts';
import { number, plural, printable } from './text.ts';

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
  const groups = folded ? alike(byNode(changes)) : byNode(changes);
  const { more } = console.symbols;
  for (const group of groups.slice(0, folded ? SHOWN : groups.length)) printGroup(console, group, folded);
  if (folded && groups.length > SHOWN) {
    const nodes = groups.slice(SHOWN).flatMap((group) => group.nodes);
    console.print(`${more} and ${plural(nodes.length, 'more node')}`);
  }
  if (folded) console.print(console.colors.dim('(-v shows every file)'));
  console.print(summaryText(plan));
  if (rehearsal) printRehearsal(console, rehearsal);
}

export function summaryText({ summary }: Plan): string {
  const { create, replace, rewrite, remove, keep } = summary;
  if (create + replace + rewrite + remove === 0) return `Nothing to do: ${plural(keep, 'item')} in order.`;
  const counts = { create, replace, rewrite, remove };
  const changes = Object.entries(counts).map(([verb, count]) => `${number(count)} to ${verb}`);
  return `Plan: ${changes.join(', ')}, ${number(keep)} in order.`;
}

interface NodeGroup {
  /** More than one only where all of them need the same. */
  readonly nodes: readonly string[];
  /** Of the first of them. */
  readonly actions: readonly Action[];
}

function byNode(actions: readonly Action[]): NodeGroup[] {
  const groups = new Map<string, Action[]>();
  for (const action of actions) {
    const group = groups.get(action.node);
    if (group) group.push(action);
    else groups.set(action.node, [action]);
  }
  return [...groups].map(([node, group]) => ({ nodes: [node], actions: group }));
}

/** Nodes that need the same changes for the same reasons become one group. */
function alike(groups: readonly NodeGroup[]): NodeGroup[] {
  const merged = new Map<string, { nodes: string[]; actions: readonly Action[] }>();
  for (const { nodes, actions } of groups) {
    const what = actions.map((action) => [
      action.verb,
      pathOn(action),
      action.reason.text,
      action.foreign.length,
    ]);
    const key = JSON.stringify(what);
    const same = merged.get(key);
    if (same) same.nodes.push(...nodes);
    else merged.set(key, { nodes: [...nodes], actions });
  }
  return [...merged.values()];
}

/** A path below the node's own directory. */
function pathOn({ path, node }: Action): string {
  return path.startsWith(`nodes/${node}/`) ? path.slice(`nodes/${node}`.length) : path;
}

function printGroup(console: Console, { nodes, actions }: NodeGroup, folded: boolean): void {
  const { colors, symbols } = console;
  // What is new and expected can be a number; what replaces something is always spelt out.
  const spelt = folded
    ? actions.filter(({ verb, foreign }) => verb !== 'create' || foreign.length > 0)
    : actions;
  const created = actions.length - spelt.length;
  const each = nodes.length > 1 ? ' each' : '';
  const count = created > 0 ? `  ${colors.green(`+ ${plural(created, 'item')} to create${each}`)}` : '';
  console.print(`${colors.bold(titleOf(nodes))}${count}`);
  const lines = folded ? spelt.slice(0, SHOWN) : spelt;
  for (const action of lines) {
    console.print(`  ${lineFor(console, action, nodes.length > 1 ? pathOn(action) : action.path)}`);
  }
  if (spelt.length > lines.length) {
    console.print(`  ${symbols.more} and ${plural(spelt.length - lines.length, 'more change')}`);
  }
}

function titleOf(nodes: readonly string[]): string {
  const [first = ''] = nodes;
  if (first === '-') return 'authorities and shared keys';
  return nodes.length === 1
    ? printable(first)
    : printable(`${first} and ${plural(nodes.length - 1, 'other')}, to ${nodes.at(-1) ?? ''}`);
}

function lineFor({ colors }: Console, action: Action, path: string): string {
  const paint = {
    create: colors.green,
    replace: colors.yellow,
    rewrite: colors.yellow,
    remove: colors.red,
    keep: colors.dim,
  };
  const foreign = action.foreign.length > 0 ? `  ${colors.red('(changed by somebody else)')}` : '';
  const verb = `${signs[action.verb]} ${action.verb.padEnd(7)}`;
  return `${paint[action.verb](verb)} ${printable(path)}  ${colors.dim(printable(action.reason.text))}${foreign}`;
}

function printRehearsal(console: Console, { breaks, whole, edges, evaluations }: Rehearsal): void {
  if (breaks.length === 0) {
    console.print(
      `Rehearsed: no edge breaks after any step; ${number(whole)} of ${plural(edges, 'edge')} hold at the end (predicted, ${plural(evaluations, 'evaluation')}).`,
    );
    return;
  }
  console.print(
    console.colors.red(
      `Rehearsed: ${plural(breaks.length, 'edge')} would break (predicted), so apply refuses:`,
    ),
  );
  const { more } = console.symbols;
  const together = sameReason(breaks);
  for (const group of together.slice(0, SHOWN)) {
    const [{ after, error }] = group;
    console.print(`  after ${printable(after)}: ${printable(error)}`);
    const listed = console.verbose ? group : group.slice(0, NAMED);
    for (const { edge } of listed) console.print(`    ${printable(edge)}`);
    if (group.length > listed.length)
      console.print(`    ${more} and ${plural(group.length - listed.length, 'more edge')}`);
  }
  if (together.length > SHOWN)
    console.print(`  ${more} and ${plural(together.length - SHOWN, 'more step')} that break edges`);
}

/** Edges that are named for one step and one reason; -v names all. */
const NAMED = 5;

function sameReason(breaks: readonly Break[]): (readonly [Break, ...Break[]])[] {
  const groups = new Map<string, [Break, ...Break[]]>();
  for (const one of breaks) {
    const key = `${one.after}\n${one.error}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}
