/** A rescue as text: what is dead and since when, and in which order it comes back. */
import { toRfc3339 } from '../../base/index.ts';
import type { Cluster, ComponentName } from '../../cluster/index.ts';
import {
  type Dead,
  type DeadFile,
  type HandWork,
  type Rollout,
  runsPods,
  type Step,
} from '../../rollout/index.ts';
import type { Console } from '../console.ts';
import { copyCommand, restartsOf } from '../renew/by-hand.ts';
import { stepLine } from '../renew/view.ts';
import { plural, printable, relative } from '../text.ts';

/** Names in a line, and nodes by hand. */
const SHOWN = 8;
const NODES = 20;
const WIDTH = 24;

export function printDead(console: Console, dead: Dead, { edges, endpoints }: Cluster, now: number): void {
  const { failed } = console.symbols;
  if (dead.files.length === 0) {
    console.print(
      'No certificate has ended any more, and an earlier run is not done: not every program has read its files, or was seen again.',
    );
    return;
  }
  console.print(
    `Dead at ${toRfc3339(now)}, by the clock of this machine: ${plural(dead.edges.length, 'edge')} of ${edges.length} (predicted from files).`,
  );
  const line = (who: string, what: string) =>
    console.print(`${failed} ${who.padEnd(WIDTH)} ${printable(what)}`);
  for (const file of dead.files.filter(({ path }) => path.startsWith('authorities/')))
    line(`authority ${file.path.split('/')[1] ?? ''}`, sinceText(file, now));
  for (const component of new Set(dead.places.map((place) => place.component))) {
    const places = dead.places.filter((place) => place.component === component);
    const [first] = [...places].sort((a, b) => a.since - b.since);
    if (!first) continue;
    const all = new Set(endpoints.filter((one) => one.component === component).map(({ node }) => node)).size;
    const why = first.waitsFor === undefined ? sinceText(first, now) : `waits for ${first.waitsFor}`;
    const of = all > 0 ? ` of ${all}` : '';
    line(component, `${places.length}${of}: ${named(places.map(({ node }) => node))}; ${why}`);
  }
  const people = dead.files.filter(({ path }) => path.startsWith('users/'));
  const [person] = people;
  if (person)
    line(
      'people',
      `${named([...new Set(people.map(({ path }) => path.split('/')[1] ?? ''))])}; ${sinceText(person, now)}`,
    );
  if (dead.files.length > 0 && dead.places.length + people.length === 0)
    line('files', named(dead.files.map(({ path }) => path)));
}

function sinceText({ since }: DeadFile, now: number): string {
  return `ended ${toRfc3339(since)}, ${relative(since, now)}`;
}

function named(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}

export function printOrder(console: Console, { steps }: Rollout): void {
  if (steps.length === 0) return;
  const given = steps.filter(({ kind }) => kind === 'deliver').map(({ node }) => node);
  const restarts = steps.filter((step) => step.kind === 'restart');
  const files = given.length > 0 ? `files to ${plural(given.length, 'node')} first, then ` : '';
  console.print(
    given.length + restarts.length === 0
      ? 'Rescue: what was restarted is proven.'
      : `Rescue: ${files}${plural(restarts.length, 'restart')}; each kind of program proven before the next.`,
  );
  if (console.verbose) {
    for (const step of steps) console.print(`  ${printable(step.node.padEnd(12))} ${stepLine(step)}`);
    return;
  }
  if (given.length > 0) console.print(`  ${'files'.padEnd(WIDTH)} ${printable(named(given))}`);
  for (const [component, nodes] of waves(steps))
    console.print(`  ${`restart ${component}`.padEnd(WIDTH + 8)} ${printable(named(nodes))}`);
}

/** Restarts with nothing but gates between them, by component. */
function waves(steps: readonly Step[]): [ComponentName, string[]][] {
  const all: [ComponentName, string[]][] = [];
  for (const step of steps) {
    if (step.kind !== 'restart') continue;
    const last = all.at(-1);
    if (last?.[0] === step.component) last[1].push(step.node);
    else all.push([step.component, [step.node]]);
  }
  return all;
}

/** As commands that can be pasted: the files to all, then each kind of program on all. */
export function printRescueByHand(
  console: Console,
  byHand: readonly HandWork[],
  cluster: Cluster,
  state: string,
): void {
  if (byHand.length === 0) return;
  const shown = console.verbose ? byHand : byHand.slice(0, NODES);
  console.print();
  console.print(
    `${console.symbols.unknown} ${plural(byHand.length, 'node')} not reached from here. First the files, to all:`,
  );
  for (const work of shown)
    for (const command of copyCommand(work, cluster, state)) console.print(`  ${printable(command)}`);
  const isFirst = ({ node }: HandWork) => runsPods(node, cluster);
  const order: readonly ComponentName[] = [
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kubelet',
    'kube-proxy',
  ];
  const restarts = [
    ...shown.filter(isFirst).flatMap((work) => restartsOf(work, cluster, 'kubelet')),
    ...order.flatMap((component) =>
      shown
        .filter((work) => component !== 'kubelet' || !isFirst(work))
        .flatMap((work) => restartsOf(work, cluster, component)),
    ),
  ];
  if (restarts.length > 0) console.print('then, in this order:');
  for (const command of restarts) console.print(`  ${printable(command)}`);
  if (shown.length < byHand.length)
    console.print(`${console.symbols.more} and ${byHand.length - shown.length} more (-v shows them)`);
  console.print('and when all is done: kubetls prove');
}
