/** What every store does, whatever it stands on. Run by each adapter's test. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KubetlsError } from '../base/index.ts';
import type { FileChange } from '../inventory/index.ts';
import type { Store } from './types.ts';

/** Text of a file to be, for tests. */
export function put(path: string, text: string, mode = 0o644): FileChange {
  return { path, mode, bytes: Buffer.from(text) };
}

const KEY = 'nodes/master/etc/kubernetes/pki/apiserver.key';
const CRT = 'nodes/master/etc/kubernetes/pki/apiserver.crt';

async function contents(store: Store, prefix?: string): Promise<Record<string, string>> {
  const files = await store.read(prefix);
  return Object.fromEntries(
    files.map(({ path, mode, bytes }) => [path, `${mode.toString(8)} ${Buffer.from(bytes).toString()}`]),
  );
}

const rejection = (operation: Promise<unknown>): Promise<unknown> =>
  operation.then(
    () => 'no failure',
    (error: unknown): unknown => (error instanceof KubetlsError ? error.code : error),
  );

export function storeContract(name: string, make: () => Store): void {
  describe(`${name}: what every store does`, () => {
    it('is empty at first', async () => {
      const store = make();
      expect(await store.read()).toEqual([]);
      expect(await store.readFile(CRT)).toBeUndefined();
      expect(await store.readLedger()).toEqual([]);
      expect(await store.recover()).toBeUndefined();
      expect((await store.written()).size).toBe(0);
    });

    it('gives back what was committed, with its mode, in order of path', async () => {
      const store = make();
      await store.commit({
        run: 'r1',
        sets: [
          { id: 'a', changes: [put(KEY, 'key', 0o600), put(CRT, 'crt')] },
          { id: 'b', changes: [put('authorities/cluster/g1/ca.crt', 'ca')] },
          { id: 'c', changes: [put('users/kube-admin/admin.key', 'x', 0o600)] },
        ],
      });
      await store.finish('r1');
      expect(Object.entries(await contents(store))).toEqual([
        ['authorities/cluster/g1/ca.crt', '644 ca'],
        [CRT, '644 crt'],
        [KEY, '600 key'],
        ['users/kube-admin/admin.key', '600 x'],
      ]);
      expect((await store.readFile(KEY))?.mode).toBe(0o600);
    });

    it('reads below a prefix only, on whole path parts', async () => {
      const store = make();
      const sets = ['nodes/a/x', 'nodes/ab/x', 'users/a/x'].map((path) => ({
        id: path,
        changes: [put(path, path)],
      }));
      await store.commit({ run: 'r1', sets });
      await store.finish('r1');
      expect(Object.keys(await contents(store, 'nodes/a'))).toEqual(['nodes/a/x']);
      expect(Object.keys(await contents(store, 'nodes'))).toEqual(['nodes/a/x', 'nodes/ab/x']);
      expect(Object.keys(await contents(store, 'nodes/a/x'))).toEqual(['nodes/a/x']);
      expect(await contents(store, 'nodes/none')).toEqual({});
    });

    it('replaces, removes, and makes room inside a set', async () => {
      const store = make();
      await store.commit({
        run: 'r1',
        sets: [{ id: 'a', changes: [put(KEY, 'k1', 0o600), put(CRT, 'c1')] }],
      });
      await store.commit({
        run: 'r1',
        sets: [{ id: 'a', changes: [{ path: CRT, remove: true }, put(KEY, 'k2', 0o600), put(CRT, 'c2')] }],
      });
      expect(await contents(store)).toEqual({ [CRT]: '644 c2', [KEY]: '600 k2' });
      await store.commit({ run: 'r1', sets: [{ id: 'a', changes: [{ path: CRT, remove: true }] }] });
      await store.finish('r1');
      expect(await contents(store)).toEqual({ [KEY]: '600 k2' });
      expect([...(await store.written()).keys()]).toEqual([KEY]);
    });

    it('tells the SHA-256 of each file as written, and keeps it over runs', async () => {
      const store = make();
      await store.commit({ run: 'r1', sets: [{ id: 'a', changes: [put(CRT, 'abc')] }] });
      await store.finish('r1');
      await store.commit({ run: 'r2', sets: [{ id: 'b', changes: [put(KEY, '')] }] });
      await store.finish('r2');
      expect(Object.fromEntries(await store.written())).toEqual({
        [CRT]: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        [KEY]: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      });
    });

    it('writes nothing where something else stands than its caller saw', async () => {
      const store = make();
      await store.commit({ run: 'r1', sets: [{ id: 'a', changes: [put(CRT, 'theirs')] }] });
      await store.finish('r1');
      const seen = new Map([[CRT, createHash('sha256').update('mine').digest('hex')]]);
      for (const expected of [seen, new Map<string, string>()]) {
        const set = { id: 'b', changes: [put(CRT, 'new')], seen: expected };
        expect(await rejection(store.commit({ run: 'r2', sets: [set] }))).toBe('stores/changed');
        await store.recover();
      }
      expect(await contents(store)).toEqual({ [CRT]: '644 theirs' });
      const right = new Map([[CRT, createHash('sha256').update('theirs').digest('hex')]]);
      await store.commit({ run: 'r3', sets: [{ id: 'c', changes: [put(CRT, 'new')], seen: right }] });
      await store.finish('r3');
      expect(await contents(store)).toEqual({ [CRT]: '644 new' });
    });

    it('tells how many sets are done, and ends with all', async () => {
      const store = make();
      const told: number[] = [];
      const sets = Array.from({ length: 700 }, (_, i) => ({
        id: `s${i}`,
        changes: [put(`users/u${i}/a`, `${i}`)],
      }));
      await store.commit({ run: 'r1', sets }, (done) => told.push(done));
      await store.finish('r1');
      expect(told.at(-1)).toBe(700);
      expect(told).toEqual([...told].sort((a, b) => a - b));
    });

    it('keeps bytes apart from the buffers of its caller', async () => {
      const store = make();
      const bytes = Buffer.from('before');
      await store.commit({ run: 'r1', sets: [{ id: 'a', changes: [{ path: CRT, mode: 0o644, bytes }] }] });
      bytes.fill('x');
      const found = await store.readFile(CRT);
      expect(Buffer.from(found?.bytes ?? []).toString()).toBe('before');
    });

    it.each([
      '../x',
      'nodes/../../x',
      '/etc/passwd',
      'nodes//x',
      'nodes/./x',
      'nodes',
      '',
      'journal',
      'other/x',
      'nodes/a\0b',
      'nodes\\..\\x',
      'nodes/.kubetls-x',
      `nodes/${'n'.repeat(256)}`,
    ])('refuses the path %j, and writes nothing', async (path) => {
      const store = make();
      const sets = [
        { id: 'good', changes: [put(CRT, 'c')] },
        { id: 'bad', changes: [put(path, 'x')] },
      ];
      expect(await rejection(store.commit({ run: 'r1', sets }))).toBe('stores/path');
      expect(await rejection(store.readFile(path))).toBe('stores/path');
      expect(await store.read()).toEqual([]);
    });

    it.each(['', '../r', 'a/b', '-x', 'x'.repeat(65)])('refuses the run name %j', async (run) => {
      expect(await rejection(make().commit({ run, sets: [] }))).toBe('stores/path');
    });

    it('refuses a set that writes a path twice, or removes what it wrote', async () => {
      const store = make();
      const twice = [{ id: 'a', changes: [put(CRT, '1'), put(CRT, '2')] }];
      const removed = [{ id: 'a', changes: [put(CRT, '1'), { path: CRT, remove: true } as const] }];
      expect(await rejection(store.commit({ run: 'r1', sets: twice }))).toBe('stores/set');
      expect(await rejection(store.commit({ run: 'r1', sets: removed }))).toBe('stores/set');
      expect(await store.read()).toEqual([]);
    });

    it('takes sets of one batch that write the same path, in order', async () => {
      const store = make();
      const sets = ['1', '2', '3'].map((text) => ({ id: text, changes: [put(CRT, text)] }));
      await store.commit({ run: 'r1', sets });
      await store.finish('r1');
      expect(await contents(store)).toEqual({ [CRT]: '644 3' });
    });

    it('refuses a second run while one is open, and speaks of it when asked', async () => {
      const store = make();
      await store.commit({ run: 'r1', sets: [{ id: 'a', changes: [put(CRT, '1')] }] });
      expect(
        await rejection(store.commit({ run: 'r2', sets: [{ id: 'b', changes: [put(KEY, '2')] }] })),
      ).toBe('stores/interrupted');
      expect(await rejection(store.finish('r2'))).toBe('stores/interrupted');
      expect(await store.recover()).toEqual({ run: 'r1', finished: [], undone: [], left: [] });
      expect(await store.recover()).toBeUndefined();
      await store.commit({ run: 'r2', sets: [{ id: 'b', changes: [put(KEY, '2')] }] });
      await store.finish('r2');
      expect(await contents(store)).toEqual({ [CRT]: '644 1', [KEY]: '644 2' });
    });

    it('keeps another run out from begin to finish, also when nothing is written', async () => {
      const store = make();
      const other = { run: 'r2', sets: [{ id: 'b', changes: [put(KEY, '2')] }] };
      await store.begin('r1');
      await store.begin('r1');
      await store.appendLedger(['issued']);
      expect(await rejection(store.begin('r2'))).toBe('stores/interrupted');
      await store.recover();
      await store.begin('r1');
      expect(await rejection(store.commit(other))).toBe('stores/interrupted');
      await store.recover();
      await store.begin('r1');
      await store.finish('r1');
      expect(await store.recover()).toBeUndefined();
      expect(await store.interrupted()).toBeUndefined();
      await store.commit(other);
      await store.finish('r2');
      expect(await contents(store)).toEqual({ [KEY]: '644 2' });
      expect(await rejection(store.begin('../r'))).toBe('stores/path');
    });

    it('keeps a ledger, and no line can forge another', async () => {
      const store = make();
      await store.appendLedger(['one', 'two']);
      await store.appendLedger([]);
      await store.appendLedger(['drei ü']);
      expect(await rejection(store.appendLedger(['a\nb']))).toBe('stores/line');
      expect(await store.readLedger()).toEqual(['one', 'two', 'drei ü']);
    });
  });
}
