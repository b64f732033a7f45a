/** What programs hold in memory, for people: what is old and how it is made new, what could not be seen and why. */
import { grouped, SECOND } from '../../base/index.ts';
import type { Cluster, FileRole } from '../../cluster/index.ts';
import { onDisk } from '../../rollout/index.ts';
import type { Held, HeldState } from '../../trust/index.ts';
import type { Console } from '../console.ts';
import { handCommands } from '../renew/by-hand.ts';
import { number, plural, printable } from '../text.ts';

/** What a file is to the program that holds it. */
const WORDS: Readonly<Record<FileRole, string>> = {
  serving: 'what it presents',
  'client-anchors': 'whom it lets in',
  'front-proxy-anchors': 'whom it takes for the front proxy',
  'etcd-pair': 'what it shows etcd',
  'etcd-anchors': 'whom it takes for etcd',
  'peer-pair': 'what it shows other members',
  'peer-anchors': 'whom it takes for a member',
  'kubelet-pair': 'what it shows kubelets',
  'kubelet-anchors': 'whom it takes for a kubelet',
  'front-proxy-pair': 'what it shows aggregated API servers',
  kubeconfig: 'by which it goes to kube-apiserver',
  'kubeconfig-pair': 'what it shows kube-apiserver',
  'kubeconfig-anchors': 'whom it takes for kube-apiserver',
  signing: 'by which it signs',
  'published-anchors': 'whom pods take for kube-apiserver',
  'token-keys': 'keys of service accounts',
};

export interface MemoryContext {
  readonly cluster: Cluster;
  /** The state directory. */
  readonly state: string;
}

const MOST = 20;

export function printMemory(console: Console, memory: readonly Held[], context: MemoryContext): void {
  const old = memory.filter(({ state }) => state === 'stale');
  for (const held of console.verbose ? old : old.slice(0, MOST)) printOld(console, held, context);
  if (!console.verbose && old.length > MOST) {
    console.print(
      `${console.symbols.more} and ${plural(old.length - MOST, 'more old file')} (-v shows each)`,
    );
  }
  const unseen = memory.filter(({ state }) => state === 'unknown');
  const groups = [...grouped(unseen, ({ text }) => text)];
  const shown = console.verbose ? groups : groups.slice(0, MOST);
  for (const [text, same] of shown) {
    console.print(`${mark(console, 'unknown')} ${whichOf(same)}: ${printable(text)}`);
  }
  if (groups.length > shown.length) {
    console.print(
      `${console.symbols.more} and ${plural(groups.length - shown.length, 'more reason')} (-v shows each)`,
    );
  }
  if (console.verbose) {
    for (const held of memory.filter(({ state }) => state === 'fresh')) {
      console.print(`${mark(console, 'fresh')} ${nameOf(held)}: it ${printable(held.text)}`);
    }
  }
}

function printOld(console: Console, held: Held, context: MemoryContext): void {
  console.print(`${mark(console, 'stale')} ${nameOf(held)}: it ${printable(held.text)}`);
  for (const line of remedyLines(held, context)) console.print(`  ${console.colors.dim(printable(line))}`);
}

/** Commands, or the sentence that nothing need be done. */
function remedyLines(held: Held, context: MemoryContext): string[] {
  const { remedy } = held;
  if (remedy?.kind === 'mend')
    return ['mend the file first: who is started now trusts nobody, or does not start'];
  if (remedy?.kind !== 'wait') return commandsFor(held, context);
  const within = plural(Math.ceil(remedy.within / SECOND), 'second');
  return [`it reads it again by itself within ${within} of the change: look again then`];
}

/** Where the file was not seen on its node, it is brought there first. */
function commandsFor(
  { remedy, node, component, files, onDisk: seen }: Held,
  { cluster, state }: MemoryContext,
): string[] {
  if (remedy?.kind !== 'restart') return [];
  const [because = ''] = files;
  const work = { node, files: seen ? [] : files, restarts: [{ component, because }], reloads: [] };
  return handCommands(work, cluster, state);
}

/** Of a file that nobody saw on its node, what was compared is the state's copy: whoever reads it must know. */
function nameOf({ component, node, files, role, state, comparedWith }: Held): string {
  const [file = ''] = files;
  const copy = state !== 'unknown' && comparedWith === 'in the state' ? ' in the state' : '';
  return `${printable(`${component}@${node}`)}: ${printable(onDisk(node, file))}${copy}, ${WORDS[role]}`;
}

function whichOf(held: readonly Held[]): string {
  const [only, ...more] = held;
  if (only && more.length === 0) return nameOf(only);
  const components = [...new Set(held.map(({ component }) => component))];
  const nodes = new Set(held.map(({ node }) => node));
  return `${plural(held.length, 'file')} of ${components.join(', ')} on ${plural(nodes.size, 'node')}`;
}

function mark({ colors, symbols }: Console, state: HeldState): string {
  if (state === 'fresh') return colors.green(`${symbols.ok} fresh`);
  return state === 'stale'
    ? colors.red(`${symbols.failed} old in memory`)
    : colors.yellow(`${symbols.unknown} unknown`);
}

export function memoryLine({ colors }: Console, memory: readonly Held[]): string {
  const { fresh, stale, unknown } = countHeld(memory);
  const parts = [
    `In memory: ${number(fresh)} of ${plural(memory.length, 'file')} as they stand`,
    stale > 0 ? colors.red(`${number(stale)} old`) : '0 old',
    ...(unknown > 0 ? [colors.yellow(`${number(unknown)} unknown`)] : []),
  ];
  return `${parts.join(', ')}.`;
}

export function countHeld(memory: readonly Held[]): Record<HeldState, number> {
  const counts: Record<HeldState, number> = { fresh: 0, stale: 0, unknown: 0 };
  for (const { state } of memory) counts[state]++;
  return counts;
}

export function memoryJson(memory: readonly Held[], context: MemoryContext): object[] {
  return memory.map((held) => ({
    process: `${held.component}@${held.node}`,
    node: held.node,
    role: held.role,
    files: held.files,
    state: held.state,
    by: held.by ?? null,
    text: held.text,
    onDisk: held.onDisk,
    remedy: held.remedy
      ? {
          kind: held.remedy.kind,
          within: held.remedy.kind === 'wait' ? held.remedy.within / SECOND : null,
          commands: commandsFor(held, context),
        }
      : null,
  }));
}
