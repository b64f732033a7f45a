import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultyFs, Killed } from './faulty-fs.ts';
import { after, apply, before, copyOf, filesBelow, processStore, scratch, tree } from './scenario.ts';

const base = scratch('repair');
const start = join(base, 'start');
const MINE = 'repaired by hand';
let uninterrupted: Record<string, string>;
let operations: readonly string[];

beforeAll(async () => {
  await apply(processStore(start, faultyFs()), 'r1', before);
  const root = copyOf(start);
  const ops = faultyFs();
  await apply(processStore(root, ops), 'r2', after);
  uninterrupted = tree(root);
  operations = ops.log;
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function killedAt(at: number): Promise<string> {
  const root = copyOf(start);
  await expect(apply(processStore(root, faultyFs({ at, how: 'kill' })), 'r2', after)).rejects.toBeInstanceOf(
    Killed,
  );
  return root;
}

/** As an editor does: another file, renamed over. False where there is no directory to put it yet. */
function repair(root: string, path: string): boolean {
  const full = join(root, path);
  try {
    writeFileSync(join(dirname(full), 'repair.tmp'), MINE, { mode: 0o640 });
  } catch {
    return false;
  }
  renameSync(join(dirname(full), 'repair.tmp'), full);
  return true;
}

const only = (found: Record<string, string>, paths: readonly string[]) =>
  Object.fromEntries(paths.map((path) => [path, found[path]]));

const sets = after.filter(({ id }) => id !== 'same');
const targets = sets.flatMap(({ id, changes }) =>
  [...new Set(changes.map(({ path }) => path))].map((path) => ({ id, path })),
);

describe('a killed run after which a person repaired a file by hand', () => {
  it.each(targets)(
    '$id, $path: recovery leaves it, and all of its set, as it stands',
    async ({ id, path }) => {
      const paths = [...new Set(sets.find((set) => set.id === id)?.changes.map((change) => change.path))];
      let left = 0;
      for (let at = 0; at < operations.length; at++) {
        const root = await killedAt(at);
        const message = `killed before operation ${at}, ${operations[at]}`;
        if (repair(root, path)) {
          const found = tree(root);
          const killedAgain = processStore(root, faultyFs({ at: at % 11, how: 'kill' }));
          await killedAgain.recover().catch(() => undefined);
          const recovery = await processStore(root, faultyFs()).recover();
          expect(tree(root)[path], message).toBe(`640 ${MINE}`);
          const mine = recovery?.left.find((set) => set.id === id);
          if (mine) {
            left++;
            expect(mine.path, message).toBe(path);
            expect(only(tree(root), paths), message).toEqual(only(found, paths));
          }
          expect(
            filesBelow(root, 'nodes').filter((name) => name.includes('.kubetls-')),
            message,
          ).toEqual([]);
          await apply(processStore(root, faultyFs()), 'r3', after);
          const kept = filesBelow(root, 'backups').map((name) => readFileSync(join(root, name), 'utf8'));
          if (tree(root)[path] !== `640 ${MINE}`) expect(kept, message).toContain(MINE);
          expect(tree(root), message).toEqual(uninterrupted);
        }
        rmSync(join(root, '..'), { recursive: true });
      }
      expect(left).toBeGreaterThan(0);
    },
    120_000,
  );

  it('also when it was the mode alone: nothing is torn, and nothing is taken back', async () => {
    const path = 'nodes/master/etc/kubernetes/pki/rekey.key';
    const at = operations.findIndex((line) => line.startsWith('rename') && line.includes('nodes/')) + 3;
    const root = await killedAt(at);
    expect(tree(root)[path]).toContain('rekey 2 key');
    const text = readFileSync(join(root, path));
    writeFileSync(join(root, 'copy'), text, { mode: 0o640 });
    renameSync(join(root, 'copy'), join(root, path));
    const recovery = await processStore(root, faultyFs()).recover();
    expect(recovery?.finished).toContain('rekey');
    expect(tree(root)[path]).toBe(`640 ${text.toString()}`);
  });
});
