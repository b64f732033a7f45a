/**
 * The directory store against bare loops over the same files on the same disk: a loop that writes each file
 * durably and no more, and one that reads each. Ratio: bare time / store time, so 1 is as fast as can be.
 */
import { median } from './support/rounds.ts';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { directoryStore, type FileSet } from '../src/stores/index.ts';

interface Row {
  readonly name: string;
  readonly ratio: number;
  readonly unit: string;
  readonly detail: string;
}

const NODES = 400;
const PAIRS_A_NODE = 5;

/** 4,000 files of the size of a PEM certificate or key, ten in each node's directory. */
const sets: readonly FileSet[] = Array.from({ length: NODES * PAIRS_A_NODE }, (_, i) => {
  const path = `nodes/node-${Math.floor(i / PAIRS_A_NODE)}/etc/kubernetes/pki/pair-${i % PAIRS_A_NODE}`;
  return {
    id: path,
    changes: [
      { path: `${path}.key`, mode: 0o600, bytes: Buffer.alloc(227, `${i}`) },
      { path: `${path}.crt`, mode: 0o644, bytes: Buffer.alloc(1_150, `${i}`) },
    ],
  };
});
const again = sets.map(({ id, changes }) => ({
  id,
  changes: changes.slice(1).map((change) => ({ ...change, bytes: Buffer.alloc(1_150, `again ${id}`) })),
}));

async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

/** open, write, fsync, rename; then each directory once. */
function bareWrite(root: string, written: readonly FileSet[]): void {
  const directories = new Set<string>();
  for (const { changes } of written) {
    for (const change of changes) {
      if (!('bytes' in change)) continue;
      const path = join(root, change.path);
      const directory = dirname(path);
      if (!directories.has(directory)) fs.mkdirSync(directory, { recursive: true });
      directories.add(directory);
      const fd = fs.openSync(`${path}.new`, 'wx', change.mode);
      fs.writeSync(fd, change.bytes);
      fs.fsyncSync(fd);
      fs.closeSync(fd);
      fs.renameSync(`${path}.new`, path);
    }
  }
  for (const directory of directories) {
    const fd = fs.openSync(directory, 'r');
    fs.fsyncSync(fd);
    fs.closeSync(fd);
  }
}

function bareRead(root: string): number {
  let bytes = 0;
  for (const name of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (name.isFile()) bytes += fs.readFileSync(join(name.parentPath, name.name)).length;
  }
  return bytes;
}

async function storeWrite(root: string, run: string, written: readonly FileSet[]): Promise<void> {
  const store = directoryStore(root);
  await store.recover();
  await store.commit({ run, sets: written });
  await store.finish(run);
}

function row(name: string, bare: readonly number[], store: readonly number[], what: string): Row {
  const [a, b] = [median(bare), median(store)];
  return {
    name,
    ratio: a / b,
    unit: 'of a bare loop',
    detail: `${what}: bare ${a.toFixed(2)} s, store ${b.toFixed(2)} s`,
  };
}
/** Rounds in turn, since a disk's mood changes. */
const ROUNDS = 3;

export async function bench(): Promise<Row[]> {
  const base = fs.mkdtempSync(join(tmpdir(), 'kubetls-bench-stores-'));
  const times = { create: pairOf(), replace: pairOf(), same: pairOf(), read: pairOf() };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const bare = join(base, `bare-${round}`);
      const state = join(base, `state-${round}`);
      times.create.bare.push(await seconds(() => bareWrite(bare, sets)));
      times.create.store.push(await seconds(() => storeWrite(state, 'r1', sets)));
      times.replace.bare.push(await seconds(() => bareWrite(bare, again)));
      times.replace.store.push(await seconds(() => storeWrite(state, 'r2', again)));
      times.read.bare.push(await seconds(() => bareRead(bare)));
      times.read.store.push(await seconds(() => directoryStore(state).read()));
      times.same.bare.push(times.read.bare.at(-1) ?? 0);
      times.same.store.push(await seconds(() => storeWrite(state, 'r3', again)));
    }
  } finally {
    fs.rmSync(base, { recursive: true, force: true });
  }
  return [
    row('stores: create', times.create.bare, times.create.store, '4,000 files, durable'),
    row('stores: replace', times.replace.bare, times.replace.store, '2,000 files, durable, with backups'),
    row(
      'stores: nothing to do',
      times.same.bare,
      times.same.store,
      '2,000 files compared, against reading 4,000',
    ),
    row('stores: read', times.read.bare, times.read.store, '4,000 files'),
  ];
}

function pairOf(): { bare: number[]; store: number[] } {
  return { bare: [], store: [] };
}
