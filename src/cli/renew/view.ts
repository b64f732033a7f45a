/** A roll-out as text and as JSON. */
import type { Carried, Sight } from '../../carry/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import type { HandWork, Rollout, Step } from '../../rollout/index.ts';
import type { Console } from '../console.ts';
import { number, plural, printable } from '../text.ts';
import { handCommands } from './by-hand.ts';

/** Nodes that are shown one by one. */
const SHOWN = 20;

export function printRollout(console: Console, { steps }: Rollout): void {
  if (steps.length === 0) return;
  const nodes = [...new Set(steps.map(({ node }) => node))];
  const restarts = steps.filter(({ kind }) => kind === 'restart').length;
  const what = restarts === 0 ? 'nothing is restarted' : `${plural(restarts, 'restart')}, one at a time`;
  console.print(
    `Roll-out: ${plural(nodes.length, 'node')}, one after the other; ${what}; each proven before the next.`,
  );
  for (const node of console.verbose ? nodes : nodes.slice(0, SHOWN)) {
    console.print(console.colors.bold(printable(node)));
    for (const step of steps)
      if (step.node === node && isShown(console, step)) console.print(`  ${stepLine(step)}`);
  }
  if (!console.verbose && nodes.length > SHOWN) {
    console.print(`${console.symbols.more} and ${plural(nodes.length - SHOWN, 'more node')} (-v shows them)`);
  }
}

/** Every step has its gate: who wants to read each says -v. */
function isShown({ verbose }: Console, { kind }: Step): boolean {
  return verbose || kind !== 'gate';
}

export function stepLine(step: Step): string {
  const who = step.kind === 'deliver' ? '' : `${step.component}: `;
  return printable(`${step.kind.padEnd(7)} ${who}${step.text}`);
}

/** What a person has to do, as commands that can be pasted. */
export function printByHand(
  console: Console,
  byHand: readonly HandWork[],
  cluster: Cluster,
  state: string,
  renewed: boolean,
): void {
  if (byHand.length === 0) return;
  const nodes = plural(byHand.length, 'node');
  const fate = renewed ? 'not delivered' : 'will not be delivered';
  console.print();
  console.print(
    `${console.symbols.unknown} ${nodes} ${fate}: no host in kubetls.yaml, or no answer. One node after the other:`,
  );
  const shown = console.verbose ? byHand : byHand.slice(0, SHOWN);
  for (const work of shown) {
    const note =
      work.reloads.length > 0 ? `  ${console.colors.dim(`by itself: ${work.reloads.join(', ')}`)}` : '';
    console.print(`${console.colors.bold(printable(work.node))}${note}`);
    for (const command of handCommands(work, cluster, state)) console.print(`  ${printable(command)}`);
  }
  console.print('and after each node: kubetls prove');
  if (shown.length < byHand.length) {
    console.print(`${console.symbols.more} and ${number(byHand.length - shown.length)} more (-v shows them)`);
  }
}

export function printDoubtful(console: Console, doubtful: readonly Sight[]): void {
  for (const { id, state, why } of doubtful.slice(0, SHOWN)) {
    const sign = state === 'failed' ? console.symbols.failed : console.symbols.unknown;
    console.print(`${sign} ${printable(`${id}: ${why}`)}`);
  }
  if (doubtful.length > SHOWN)
    console.print(`${console.symbols.more} and ${number(doubtful.length - SHOWN)} more`);
}

export function rolloutJson(
  { steps, byHand }: Rollout,
  carried: Carried | undefined,
  cluster: Cluster,
  state: string,
): object {
  const done = new Set(carried?.done.map(({ id }) => id));
  return {
    steps: steps.map((step) => ({
      id: step.id,
      kind: step.kind,
      node: step.node,
      component: step.kind === 'deliver' ? null : step.component,
      text: step.text,
      state: done.has(step.id) ? 'done' : carried?.stopped?.step.id === step.id ? 'stopped' : 'pending',
    })),
    byHand: byHand.map((work) => ({ ...work, commands: handCommands(work, cluster, state) })),
    stopped: carried?.stopped
      ? { step: carried.stopped.step.id, why: carried.stopped.why, message: carried.stopped.failure.message }
      : null,
    doubtful: carried?.doubtful ?? [],
  };
}
