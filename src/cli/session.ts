/** What most commands begin with: the file, the state, and the plan between them. */
import { readFile, stat } from 'node:fs/promises';
import { type Instant, KubetlsError } from '../base/index.ts';
import { type Cluster, describeCluster, parseSpec } from '../cluster/index.ts';
import { type Inventory, readInventory } from '../inventory/index.ts';
import { makePlan, type Plan, type Rehearsal, simulate } from '../plan/index.ts';
import { directoryStore, type Recovery, type Store } from '../stores/index.ts';
import type { CliCode, Context } from './context.ts';
import { errnoText } from './problems.ts';
import { plural, shownPath } from './text.ts';

export interface Session {
  readonly cluster: Cluster;
  readonly store: Store;
  readonly inventory: Inventory;
  /** SHA-256 by path, as kubetls last wrote it. */
  readonly written: ReadonlyMap<string, string>;
}

/** 4 MiB: 10,000 nodes with a line each stay below 2. */
const LARGEST_FILE = 4 * 1024 * 1024;

/** 64 MiB: a plan of 100,000 actions stays below it. */
export const LARGEST_PLAN = 64 * 1024 * 1024;

/** `overTrees`: the command that does without the file, when it is told of trees. */
export async function readCluster(context: Context, overTrees?: string): Promise<Cluster> {
  const { file } = context;
  const without =
    overTrees === undefined
      ? '; of a cluster that is there already: kubetls adopt DIR'
      : `; without one, of trees: kubetls ${overTrees} DIR`;
  const text = await readText(
    file,
    LARGEST_FILE,
    `write a commented one with: ${context.again('init')}${without}`,
  );
  return describeCluster(parseSpec(text, shownPath(file)));
}

/** Reads a text file, bounded; `missing` is the hint for one that is not there. */
export async function readText(file: string, largest: number, missing?: string): Promise<string> {
  const failed = (message: string, hint?: string) =>
    new KubetlsError<CliCode>({
      code: 'cli/file',
      message,
      where: { file: shownPath(file) },
      ...(hint !== undefined && { hint }),
    });
  try {
    const info = await stat(file);
    if (info.isDirectory()) throw failed('is a directory', 'name a file in it');
    // A FIFO would block until somebody writes, and a device need not end.
    if (!info.isFile()) throw failed('is no regular file', 'write what it holds to a file first');
    if (info.size > largest) throw failed(`is larger than ${largest} bytes`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof KubetlsError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT') throw failed('there is no such file', missing);
    throw failed(`cannot be read: ${errnoText(code)}`, 'look at its owner and mode');
  }
}

/** `finisher`: the command that ends what an interrupted run left. */
export async function openSession(
  context: Context,
  { finisher = 'apply', overTrees }: { readonly finisher?: string; readonly overTrees?: string } = {},
): Promise<Session> {
  const cluster = await readCluster(context, overTrees);
  await requireDirectory(context.state);
  const store = directoryStore(context.state);
  if ((await store.interrupted()) !== undefined) {
    context.console.warn(
      `an earlier run was interrupted; ${context.again(finisher)} finishes or undoes it first`,
    );
  }
  const inventory = readInventory(await store.read());
  return { cluster, store, inventory, written: await store.written() };
}

/** For commands that write: what an interrupted run left is finished or undone first. */
export async function openForWriting(context: Context): Promise<Session> {
  const cluster = await readCluster(context);
  await requireDirectory(context.state);
  const store = directoryStore(context.state);
  const recovery = await store.recover();
  if (recovery) context.console.say(recoveryText(recovery));
  const inventory = readInventory(await store.read());
  return { cluster, store, inventory, written: await store.written() };
}

export function planFor({ cluster, inventory, written }: Session, at: Instant): Plan {
  return makePlan({ cluster, inventory, at, written });
}

/** `at` is when the plan is carried out, or would be. */
export function rehearse(
  { console }: Context,
  { cluster, inventory }: Session,
  plan: Plan,
  at: Instant,
): Rehearsal {
  return simulate(plan, cluster, inventory, at, console.progress('rehearsing'));
}

/** The state may be missing; something else in its place is refused by its own name. */
async function requireDirectory(state: string): Promise<void> {
  const info = await stat(state).catch(() => undefined);
  if (!info || info.isDirectory()) return;
  throw new KubetlsError<CliCode>({
    code: 'cli/file',
    message: 'is no directory, so the state cannot stand there',
    where: { file: shownPath(state) },
    hint: 'move it away, or name another directory with --state',
  });
}

function recoveryText({ finished, undone, left }: Recovery): string {
  const [first] = left;
  if (finished.length + undone.length + left.length === 0) {
    return 'An earlier run was interrupted between two changes: nothing was torn, and it goes on from there.';
  }
  const done = `An earlier run was interrupted: ${plural(finished.length, 'change')} finished, ${undone.length} undone, nothing torn.`;
  if (!first) return done;
  return `${done} ${left.length} left as found, because somebody changed a file since: ${first.path}${
    left.length > 1 ? ' and others' : ''
  }.`;
}
