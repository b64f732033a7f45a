import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Recovery } from '../../src/stores/index.ts';
import { faultyFs, Killed } from './faulty-fs.ts';
import { after, apply, before, copyOf, filesBelow, processStore, scratch, tree, wrongs } from './scenario.ts';

const base = scratch('kill');
const start = join(base, 'start');
let old: Record<string, string>;
let uninterrupted: Record<string, string>;
let operations: readonly string[];

beforeAll(async () => {
  await apply(processStore(start, faultyFs()), 'r1', before);
  old = tree(start);
  const root = copyOf(start);
  const ops = faultyFs();
  await apply(processStore(root, ops), 'r2', after);
  uninterrupted = tree(root);
  operations = ops.log;
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Runs until the kill; answers whether there was one. */
async function killedAt(root: string, at: number, run = 'r2'): Promise<boolean> {
  try {
    await apply(processStore(root, faultyFs({ at, how: 'kill' })), run, after);
    return false;
  } catch (error) {
    expect(error, `before ${operations[at]}`).toBeInstanceOf(Killed);
    return true;
  }
}

/** What a file of this set may look like once it is done; the certificate of `renew` is written twice. */
function doneTexts(id: string, path: string): (string | undefined)[] {
  return after
    .filter((set) => set.id.startsWith('renew') === id.startsWith('renew'))
    .flatMap(({ changes }) => changes.filter((change) => change.path === path).slice(-1))
    .map((change) => ('bytes' in change ? textOf(change.mode, change.bytes) : undefined));
}

function textOf(mode: number, bytes: Uint8Array): string {
  return `${mode.toString(8)} ${Buffer.from(bytes).toString()}`;
}

/** After recovery a set is as it was or as it should be, and the recovery has said which. */
function expectWhole(found: Record<string, string>, recovery: Recovery | undefined, message: string): void {
  expect(wrongs(found), message).toEqual([]);
  expect(
    Object.keys(found).filter((path) => path.includes('.kubetls-')),
    message,
  ).toEqual([]);
  for (const { id, changes } of after) {
    const paths = [...new Set(changes.map(({ path }) => path))];
    const isDone = paths.every((path) => doneTexts(id, path).includes(found[path]));
    const isOld = paths.every((path) => found[path] === old[path]);
    const finished = recovery?.finished.includes(id) ?? false;
    const undone = recovery?.undone.includes(id) ?? false;
    expect(finished && undone, `${message}: ${id}`).toBe(false);
    expect(finished ? isDone : isDone || isOld, `${message}: ${id}`).toBe(true);
    if (undone) expect(isOld, `${message}: ${id}`).toBe(true);
  }
}

/** Every version that stood there before the run and does not any more is in a backup. */
function expectBackups(root: string, found: Record<string, string>, message: string): void {
  const kept = new Set(filesBelow(root, 'backups').map((path) => readFileSync(join(root, path), 'utf8')));
  for (const [path, text] of Object.entries(old)) {
    if (found[path] !== text)
      expect(kept.has(text.slice(text.indexOf(' ') + 1)), `${message}: ${path}`).toBe(true);
  }
}

describe('a directory store that is killed', () => {
  it('has many operations to be killed before, of every kind', () => {
    const kinds = new Set(operations.map((line) => line.split(' ')[0]));
    expect(operations.length).toBeGreaterThan(100);
    expect(kinds).toEqual(
      new Set(['chmod', 'create', 'fchmod', 'fsync', 'link', 'mkdir', 'open', 'rename', 'unlink', 'write']),
    );
    expect(uninterrupted).not.toEqual(old);
    expect(wrongs(uninterrupted)).toEqual([]);
  });

  it('before any operation: nothing is torn, recovery says what it did, and a second run ends the same', async () => {
    let kills = 0;
    let finished = 0;
    let interrupted = 0;
    for (let at = 0; at < operations.length; at++) {
      const root = copyOf(start);
      const message = `killed before operation ${at}, ${operations[at]}`;
      if (await killedAt(root, at)) kills++;
      expect(wrongs(tree(root)), message).toEqual([]);

      const store = processStore(root, faultyFs());
      const recovery = await store.recover();
      if (recovery) {
        interrupted++;
        finished += recovery.finished.length;
        expect(recovery.run).toBe('r2');
      }
      expectWhole(tree(root), recovery, message);
      expectBackups(root, tree(root), message);
      expect(await store.recover(), message).toBeUndefined();

      await apply(store, 'r3', after);
      expect(tree(root), message).toEqual(uninterrupted);
      expectBackups(root, tree(root), message);
      expect(existsSync(join(root, 'lock')), message).toBe(false);
      expect(readFileSync(join(root, 'journal'), 'utf8').split('\n').length, message).toBe(2);
      rmSync(join(root, '..'), { recursive: true });
    }
    expect(kills).toBe(operations.length);
    expect(interrupted).toBeGreaterThan(operations.length / 2);
    expect(finished).toBeGreaterThan(0);
  }, 120_000);

  it('and killed again while it recovers: the next recovery ends the same', async () => {
    for (let at = 5; at < operations.length; at += 9) {
      const once = copyOf(start);
      await killedAt(once, at);
      for (let again = at % 4; ; again += 4) {
        const root = copyOf(once);
        const message = `killed before ${operations[at]}, and before operation ${again} of the recovery`;
        const killed = await killedWhileRecovering(root, again);
        expect(wrongs(tree(root)), message).toEqual([]);
        await processStore(root, faultyFs()).recover();
        expectWhole(tree(root), undefined, message);
        await apply(processStore(root, faultyFs()), 'r3', after);
        expect(tree(root), message).toEqual(uninterrupted);
        rmSync(join(root, '..'), { recursive: true });
        if (!killed) break;
      }
      rmSync(join(once, '..'), { recursive: true });
    }
  }, 120_000);
});

async function killedWhileRecovering(root: string, at: number): Promise<boolean> {
  try {
    await processStore(root, faultyFs({ at, how: 'kill' })).recover();
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(Killed);
    return true;
  }
}
