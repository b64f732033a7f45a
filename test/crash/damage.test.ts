import { readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultyFs, Killed } from './faulty-fs.ts';
import { after, apply, before, copyOf, processStore, scratch, tree, wrongs } from './scenario.ts';

const base = scratch('damage');
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

/** A state that was killed while sets were under way, and whose temporaries then came to harm. */
async function killedAndDamaged(at: number, damage: (temporary: string) => void): Promise<string> {
  const root = copyOf(start);
  const run = apply(processStore(root, faultyFs({ at, how: 'kill' })), 'r2', after);
  await expect(run).rejects.toBeInstanceOf(Killed);
  for (const path of temporariesBelow(join(root, 'nodes'))) damage(path);
  return root;
}

function temporariesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.includes('.kubetls-'))
    .map((path) => join(directory, path));
}

describe('a killed run whose temporaries are lost or damaged', () => {
  it.each([
    ['lost', (path: string) => rmSync(path)],
    ['cut off', (path: string) => truncateSync(path, 10)],
  ])(
    '%s: sets are taken back to what stood there, also if that is killed in turn',
    async (_, damage) => {
      const undone = new Set<string>();
      let taken = 0;
      for (let at = 0; at < operations.length; at += 2) {
        const killed = await killedAndDamaged(at, damage);
        for (let again = -1; again < 30; again += 7) {
          const root = copyOf(killed);
          const message = `killed before ${operations[at]}, the temporaries damaged, and again at ${again}`;
          if (again >= 0) {
            const ops = faultyFs({ at: again, how: 'kill' });
            await processStore(root, ops)
              .recover()
              .catch(() => undefined);
            expect(wrongs(tree(root)), message).toEqual([]);
          }
          const store = processStore(root, faultyFs());
          const recovery = await store.recover();
          const found = tree(root);
          expect(wrongs(found), message).toEqual([]);
          expect(temporariesBelow(join(root, 'nodes')), message).toEqual([]);
          for (const { id, changes } of after) {
            if (!recovery?.undone.includes(id) || id.startsWith('renew')) continue;
            undone.add(id);
            taken++;
            for (const { path } of changes) expect(found[path], `${message}: ${path}`).toBe(old[path]);
          }
          await apply(store, 'r3', after);
          expect(tree(root), message).toEqual(uninterrupted);
          rmSync(join(root, '..'), { recursive: true });
        }
        rmSync(join(killed, '..'), { recursive: true });
      }
      expect(undone).toEqual(new Set(['rekey', 'new', 'mode']));
      expect(taken).toBeGreaterThan(50);
    },
    120_000,
  );
});
