import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubetlsError } from '../../src/base/index.ts';
import { directoryStore } from '../../src/stores/index.ts';
import { fillUp, mayMount, mountSmall, unmount } from '../support/small-disk.ts';
import { type Fault, faultyFs } from './faulty-fs.ts';
import { after, apply, before, copyOf, processStore, scratch, tree, wrongs } from './scenario.ts';

const base = scratch('full');
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

/** What the run with this fault threw; undefined when it went through. */
async function failureOf(root: string, fault: Fault): Promise<unknown> {
  return apply(processStore(root, faultyFs(fault)), 'r2', after).then(
    () => undefined,
    (error: unknown) => error,
  );
}

function expectCoded(error: unknown, code: string, message: string): void {
  expect(error, message).toBeInstanceOf(KubetlsError);
  if (!(error instanceof KubetlsError)) return;
  expect(error.code, message).toBe(code);
  expect(error.where?.file, message).toContain(base);
  expect(error.hint, message).toBeTruthy();
}

async function expectSameInTheEnd(root: string, message: string): Promise<void> {
  const store = processStore(root, faultyFs());
  await store.recover();
  expect(wrongs(tree(root)), message).toEqual([]);
  await apply(store, 'r3', after);
  expect(tree(root), message).toEqual(uninterrupted);
}

const temporaries = (found: Record<string, string>): string[] =>
  Object.keys(found).filter((path) => path.includes('.kubetls-'));

describe('a directory store whose disk fails', () => {
  it('full from any operation on: a coded failure, nothing torn or left behind, and all is well once there is space', async () => {
    let failures = 0;
    for (let at = 0; at < operations.length; at++) {
      const root = copyOf(start);
      const message = `full from operation ${at}, ${operations[at]}`;
      const error = await failureOf(root, { at, how: { errno: 'ENOSPC', forever: true } });
      if (error !== undefined) {
        failures++;
        expectCoded(error, 'stores/no-space', message);
      }
      const found = tree(root);
      expect(wrongs(found), message).toEqual([]);
      expect(temporaries(found), message).toEqual([]);
      for (const path of Object.keys(old)) {
        const isReplaced = after.some(({ changes }) => changes.some((change) => change.path === path));
        if (!isReplaced) expect(found[path], message).toBe(old[path]);
      }
      await expectSameInTheEnd(root, message);
      rmSync(join(root, '..'), { recursive: true });
    }
    expect(failures).toBeGreaterThan(operations.length / 2);
  }, 120_000);

  it.each([
    ['ENOSPC', 'stores/no-space'],
    ['EIO', 'stores/io'],
    ['EROFS', 'stores/read-only'],
    ['EACCES', 'stores/permission'],
  ])(
    '%s once, at any operation: coded, taken back where it stood, and well again',
    async (errno, code) => {
      let failures = 0;
      for (let at = 0; at < operations.length; at++) {
        const root = copyOf(start);
        const message = `${errno} at operation ${at}, ${operations[at]}`;
        const error = await failureOf(root, { at, how: { errno, forever: false } });
        if (error !== undefined) {
          failures++;
          expectCoded(error, code, message);
        }
        const found = tree(root);
        expect(wrongs(found), message).toEqual([]);
        if (!/^(unlink|fsync|write \S*journal)/.test(operations[at] ?? '')) {
          expect(temporaries(found), message).toEqual([]);
        }
        await expectSameInTheEnd(root, message);
        rmSync(join(root, '..'), { recursive: true });
      }
      expect(failures).toBeGreaterThan(operations.length / 2);
    },
    120_000,
  );
});

describe.skipIf(!mayMount)('a disk that is really full (needs root and mount)', () => {
  const place = join(base, 'small');
  beforeAll(() => {
    mkdirSync(place, { recursive: true });
    mountSmall(place, 400);
  });
  afterAll(() => unmount(place));

  it('keeps the old pair, says so, and goes on once there is space', async () => {
    const root = join(place, 'state');
    const set = (text: string) => ({
      id: 'a',
      changes: [
        { path: 'nodes/a/a.crt', remove: true } as const,
        { path: 'nodes/a/a.key', mode: 0o600, bytes: Buffer.from(`${text} key`.padEnd(20_000)) },
        { path: 'nodes/a/a.crt', mode: 0o644, bytes: Buffer.from(`${text} crt`.padEnd(20_000)) },
      ].slice(text === 'one' ? 1 : 0),
    });
    await apply(directoryStore(root), 'r1', [set('one')]);
    const found = tree(root);
    fillUp(join(place, 'ballast'), 28 * 1024);
    const error: unknown = await apply(directoryStore(root), 'r2', [set('two')]).catch(
      (thrown: unknown) => thrown,
    );
    expectCoded(error, 'stores/no-space', 'a small tmpfs');
    expect(tree(root)).toEqual(found);

    rmSync(join(place, 'ballast'));
    await apply(directoryStore(root), 'r3', [set('two')]);
    expect(Object.values(tree(root)).map((text) => text.slice(0, 11))).toEqual([
      '644 two crt',
      '600 two key',
    ]);
  });
});
