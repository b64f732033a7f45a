import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { FileChange } from '../../src/inventory/index.ts';
import type { FileSet } from '../../src/stores/index.ts';
import { faultyFs } from './faulty-fs.ts';
import { apply, processStore, scratch, tree } from './scenario.ts';

const base = scratch('random');
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** What the sets of a plan can do to one of a few pairs, in the order that architecture asks for. */
type Deed = 'rekey' | 'renew' | 'remove';
interface Act {
  readonly deed: Deed;
  readonly pair: number;
}

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({ deed: fc.constantFrom<Deed>('rekey', 'rekey', 'renew', 'remove'), pair: fc.nat(3) }),
  { minLength: 1, maxLength: 8 },
);

type Model = ReadonlyMap<string, string>;

/** The set for an act, and the world after it. `version` makes every written file another one. */
function setFor({ deed, pair }: Act, version: number, world: Model): { set: FileSet; world: Model } {
  const [crt, key] = [`nodes/n${pair % 2}/p${pair}.crt`, `nodes/n${pair % 2}/p${pair}.key`];
  const put = (path: string): FileChange => ({ path, mode: 0o600, bytes: Buffer.from(`${path} ${version}`) });
  const remove = (path: string): FileChange => ({ path, remove: true });
  const changes: Record<Deed, FileChange[]> = {
    rekey: [remove(crt), put(key), put(crt)],
    renew: world.has(key) ? [put(crt)] : [put(key), put(crt)],
    remove: [remove(crt), remove(key)],
  };
  const after = new Map(world);
  for (const change of changes[deed]) {
    if ('remove' in change) after.delete(change.path);
    else after.set(change.path, `600 ${Buffer.from(change.bytes).toString()}`);
  }
  return { set: { id: `${version}`, changes: changes[deed] }, world: after };
}

describe('any run, killed anywhere', () => {
  it('ends, once recovered, as if exactly the first so many of its sets had been asked for', async () => {
    const cut = new Set<number>();
    let directory = 0;
    await fc.assert(
      fc.asyncProperty(
        acts,
        acts,
        // A double is nearly always next to nothing.
        fc.nat(999),
        async (first, second, when) => {
          const root = join(base, `${directory++}`);
          const worlds: Model[] = [new Map()];
          const sets: FileSet[] = [];
          for (const act of [...first, ...second]) {
            const { set, world } = setFor(act, sets.length, worlds.at(-1) ?? new Map());
            sets.push(set);
            worlds.push(world);
          }
          await apply(processStore(root, faultyFs()), 'r1', sets.slice(0, first.length));
          const operations = faultyFs();
          await apply(processStore(`${root}-dry`, operations), 'r2', sets.slice(first.length));
          const at = Math.floor((when / 1_000) * operations.log.length);
          const killed = processStore(root, faultyFs({ at, how: 'kill' }));
          await apply(killed, 'r2', sets.slice(first.length)).catch(() => undefined);
          await processStore(root, faultyFs()).recover();

          const found = tree(root);
          const possible = worlds.slice(first.length).map((world) => Object.fromEntries(world));
          const reached = possible.findIndex((world) => sameFiles(world, found));
          expect(
            reached,
            `${JSON.stringify(found)} is none of ${JSON.stringify(possible)}`,
          ).toBeGreaterThanOrEqual(0);
          if (reached > 0 && reached < second.length) cut.add(reached);
        },
      ),
      { numRuns: 150 },
    );
    expect(cut.size).toBeGreaterThan(0);
  }, 120_000);
});

function sameFiles(a: Record<string, string>, b: Record<string, string>): boolean {
  const paths = Object.keys(a);
  return paths.length === Object.keys(b).length && paths.every((path) => a[path] === b[path]);
}
