/** What most commands begin with: the file, the state, and the plan between them. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { type Instant, KubetlsError } from '../base/index.ts';
import { type Cluster, describeCluster, parseSpec } from '../cluster/index.ts';
import { type Inventory, readInventory } from '../inventory/index.ts';
import { makePlan, type Plan, type Rehearsal, simulate } from '../plan/index.ts';
import { directoryStore, type Recovery, type Store } from '../stores/index.ts';
import type { CliCode, Context } from './context.ts';
import { plural } from './text.ts';

export interface Session {
  readonly cluster: Cluster;
  readonly store: Store;
  readonly inventory: Inventory;
  /** SHA-256 by path, as kubetls last wrote it. */
  readonly written: ReadonlyMap<string, string>;
}

/** 4 MiB: 10,000 nodes with a line each stay below 2. */
const LARGEST_FILE = 4 * 1024 * 1024;

export async function readCluster(context: Context): Promise<Cluster> {
  return describeCluster(parseSpec(await readText(context.file, LARGEST_FILE), relative('.', context.file)));
}

export async function readText(file: string, largest: number): Promise<string> {
  const shown = relative('.', file);
  try {
    const bytes = await readFile(file);
    if (bytes.length <= largest) return bytes.toString('utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const missing = code === 'ENOENT';
    throw new KubetlsError<CliCode>({
      code: 'cli/file',
      message: missing ? 'there is no such file' : `cannot be read: ${code}`,
      where: { file: shown },
      hint: missing ? 'write a commented one with: kubetls init' : 'look at its owner and mode',
    });
  }
  throw new KubetlsError<CliCode>({
    code: 'cli/file',
    message: `is larger than ${largest} bytes`,
    where: { file: shown },
  });
}

export async function openSession(context: Context): Promise<Session> {
  const cluster = await readCluster(context);
  const store = directoryStore(context.state);
  const inventory = readInventory(await store.read());
  return { cluster, store, inventory, written: await store.written() };
}

/** For commands that write: what an interrupted run left is finished or undone first. */
export async function openForWriting(context: Context): Promise<Session> {
  const cluster = await readCluster(context);
  const store = directoryStore(context.state);
  const recovery = await store.recover();
  if (recovery) context.console.say(recoveryText(recovery));
  const inventory = readInventory(await store.read());
  return { cluster, store, inventory, written: await store.written() };
}

export function planFor({ cluster, inventory, written }: Session, at: Instant): Plan {
  return makePlan({ cluster, inventory, at, written });
}

export function rehearse({ console }: Context, { cluster, inventory }: Session, plan: Plan): Rehearsal {
  return simulate(plan, cluster, inventory, console.progress('rehearsing'));
}

function recoveryText({ finished, undone }: Recovery): string {
  return `An earlier run was interrupted: ${plural(finished.length, 'change')} finished, ${undone.length} undone, nothing torn.`;
}
