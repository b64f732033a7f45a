/** What every host does, whatever it stands on. Run by each adapter's test. */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { KubetlsError } from '../base/index.ts';
import type { FileChange } from '../inventory/index.ts';
import type { FileSet } from '../stores/index.ts';
import type { Host } from './types.ts';

/** A host, and a way past it to what it stands on. Paths of the contract are below `base`. */
export interface Fixture {
  readonly host: Host;
  /** '' or a path that ends in a slash. */
  readonly base: string;
  /** Puts a file there, with what is missing above it. */
  readonly seed: (path: string, text: string, mode?: number) => void;
  /** `644 text`; undefined where there is none. */
  readonly look: (path: string) => string | undefined;
  /** Every path below, sorted. */
  readonly list: () => string[];
  /** Where that is on this machine's disk, if anywhere. */
  readonly at?: (path: string) => string;
  readonly remove: () => Promise<void>;
}

export function change(path: string, text: string, mode = 0o644): FileChange {
  return { path, mode, bytes: Buffer.from(text) };
}

export const codeOf = (operation: Promise<unknown>): Promise<unknown> =>
  operation.then(
    () => 'no failure',
    (error: unknown): unknown => (error instanceof KubetlsError ? error.code : error),
  );

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const CRT = 'etc/kubernetes/pki/apiserver.crt';
const KEY = 'etc/kubernetes/pki/apiserver.key';

/** Names that a shell, a terminal or an option parser could mind. */
const HOSTILE_NAMES = [
  "it's",
  'two words',
  '$(touch pwned)',
  '`touch pwned`',
  ';touch pwned;',
  '-rf',
  '--help',
  '*',
  '~',
  '"',
  "'\\''",
  'back\\slash\\n',
  '#',
  '!x',
  '%s%n',
  '&|<>',
  '{a,b}',
  'ü€😀',
  '=',
  '[x]',
];

export function hostContract(name: string, make: () => Promise<Fixture>): void {
  describe(`${name}: what every host does`, () => {
    const open: Fixture[] = [];
    afterEach(async () => {
      for (const fixture of open.splice(0)) await fixture.remove();
    });
    async function given() {
      const fixture = await make();
      open.push(fixture);
      const { host, base } = fixture;
      const options = (run: string) => ({ run, backup: `${base}var/lib/kubetls/backups/${run}` });
      return {
        ...fixture,
        kept: (path: string, run = 'r1') => `var/lib/kubetls/backups/${run}/${base}${path}`,
        put: (path: string, text: string, mode?: number) => change(`${base}${path}`, text, mode),
        write: (sets: readonly FileSet[], run = 'r1') => host.write(sets, options(run)),
        read: async (...paths: readonly string[]) => {
          const files = await host.read(paths.map((path) => `${base}${path}`));
          return files.map(
            (file) =>
              `${file.path.slice(base.length)} ${file.mode.toString(8)} ${Buffer.from(file.bytes).toString()}`,
          );
        },
      };
    }

    it('reads what is there, and passes over what is not', async () => {
      const { seed, read } = await given();
      seed(CRT, 'crt', 0o644);
      seed(KEY, 'key', 0o600);
      expect(await read(KEY, 'etc/none', CRT, 'none/at/all')).toEqual([`${KEY} 600 key`, `${CRT} 644 crt`]);
      expect(await read()).toEqual([]);
    });

    it('says when files were changed, and passes over what is not there', async () => {
      const { host, base, seed, put, write } = await given();
      const before = Date.now();
      seed(CRT, 'crt');
      await write([{ id: 'key', changes: [put(KEY, 'key', 0o600)] }]);
      const paths = [KEY, 'etc/none', CRT].map((path) => `${base}${path}`);
      const times = await host.times(paths);
      expect(times.map(({ path }) => path)).toEqual([KEY, CRT].map((path) => `${base}${path}`));
      for (const at of times.flatMap(({ modified, changed }) => [modified, changed])) {
        // A kernel's own clock for files ticks at 1 to 10 ms.
        expect(at).toBeGreaterThan(before - 20);
        expect(at).toBeLessThanOrEqual(Date.now() + 1_000);
      }
      expect(await host.times([])).toEqual([]);
      expect(await codeOf(host.times(['../x']))).toBe('hosts/path');
    });

    it('reads every byte as it is', async () => {
      const { host, base, write } = await given();
      const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256);
      for (const [path, content] of [
        ['a', bytes],
        ['b', new Uint8Array()],
      ] as const) {
        await write([{ id: path, changes: [{ path: `${base}${path}`, mode: 0o644, bytes: content }] }]);
        expect((await host.read([`${base}${path}`]))[0]?.bytes).toEqual(content);
      }
    });

    it('writes new files with their modes, whatever the umask, and the directories they need', async () => {
      const { put, write, look, list } = await given();
      const umask = process.umask(0o077);
      try {
        await write([{ id: 'pair', changes: [put(KEY, 'key', 0o600), put(CRT, 'crt')] }]);
        await write([{ id: 'odd', changes: [put('x', 'x', 0o400), put('y', 'y', 0o755)] }]);
      } finally {
        process.umask(umask);
      }
      expect([KEY, CRT, 'x', 'y'].map(look)).toEqual(['600 key', '644 crt', '400 x', '755 y']);
      expect(list()).toEqual([CRT, KEY, 'x', 'y']);
    });

    it('backs up what it replaces or removes, and leaves nothing else behind', async () => {
      const { seed, put, write, look, list, kept } = await given();
      seed(KEY, 'old key', 0o640);
      seed(CRT, 'old crt');
      const changes = [
        { ...put(CRT, ''), remove: true as const },
        put(KEY, 'new key', 0o600),
        put(CRT, 'new crt'),
      ];
      await write([{ id: 'pair', changes }], 'r7');
      expect([KEY, CRT].map(look)).toEqual(['600 new key', '644 new crt']);
      const backups = [KEY, CRT].map((path) => kept(path, 'r7'));
      expect(list()).toEqual([CRT, KEY, ...backups].sort());
      expect(backups.map(look)).toEqual(['640 old key', '644 old crt']);
    });

    it('ends the file that stood there: who watches it by inotify learns of the next one by that', async () => {
      const { at, seed, put, write } = await given();
      if (!at) return;
      seed(CRT, 'old');
      seed(KEY, 'key');
      const opened = [CRT, KEY].map((path) => openSync(at(path), 'r'));
      await write([{ id: 'pair', changes: [put(KEY, 'new key'), put(CRT, 'new')] }]);
      const names = opened.map((file) => fstatSync(file).nlink);
      for (const file of opened) closeSync(file);
      expect(names).toEqual([0, 0]);
    });

    it('removes, and does not mind what is gone already', async () => {
      const { seed, base, write, list, kept } = await given();
      seed('a', 'a');
      const remove = (path: string) => ({ path: `${base}${path}`, remove: true as const });
      await write([{ id: 'x', changes: [remove('a'), remove('b'), remove('no/such/directory')] }]);
      expect(list()).toEqual([kept('a')]);
    });

    it('twice writes nothing, and backs nothing up', async () => {
      const { put, write, list, look } = await given();
      const sets = [
        { id: 'pair', changes: [put(KEY, 'key', 0o600), put(CRT, 'crt')] },
        { id: 'other', changes: [put('a', 'a')] },
      ];
      await write(sets);
      await write(sets);
      expect(list()).toEqual(['a', CRT, KEY].sort());
      // Another mode alone is a change.
      await write([{ id: 'pair', changes: [put(KEY, 'key', 0o640)] }]);
      expect(look(KEY)).toBe('640 key');
    });

    it('takes sets that write the same path, in order, each with its backup', async () => {
      const { seed, put, write, look, kept } = await given();
      seed('a', '0');
      await write(['1', '2', '3'].map((text) => ({ id: text, changes: [put('a', text)] })));
      const backups = ['', '.~2~', '.~3~'].map((end) => look(`${kept('a')}${end}`));
      expect([look('a'), ...backups]).toEqual(['644 3', '644 0', '644 1', '644 2']);
    });

    it('writes nothing of a set where something else stands than its caller saw', async () => {
      const { base, seed, put, write, look } = await given();
      seed(CRT, 'theirs');
      const set = (seen: string | undefined) => ({
        id: 'b',
        changes: [put(KEY, 'new'), put(CRT, 'new')],
        seen: new Map(seen === undefined ? [] : [[`${base}${CRT}`, digest(seen)]]),
      });
      for (const seen of ['mine', undefined]) expect(await codeOf(write([set(seen)]))).toBe('hosts/changed');
      expect([KEY, CRT].map(look)).toEqual([undefined, '644 theirs']);
      await write([set('theirs')]);
      expect([KEY, CRT].map(look)).toEqual(['644 new', '644 new']);
      // Told again, as after a kill: what stands is what the set itself has written.
      await write([set('theirs')]);
    });

    it.each([
      ['that climbs', '../x'],
      ['that climbs later', 'a/../../x'],
      ['that is absolute', '/etc/passwd'],
      ['with an empty part', 'a//x'],
      ['with a dot', 'a/./x'],
      ['that is empty', ''],
      ['with a NUL', 'a\0b'],
      ['with a line break', 'a\nb'],
      ['with an escape', 'a\u001b[2Jb'],
      ['that is a temporary', 'a/.kubetls-x'],
      ['with a long part', `a/${'n'.repeat(256)}`],
      ['that is long', `${'a/'.repeat(2_000)}x`],
      ['that is no text', 'a\ud800'],
    ])('refuses a path %s, and writes nothing', async (_, path) => {
      const { host, put, write, list } = await given();
      const sets = [
        { id: 'good', changes: [put(CRT, 'c')] },
        { id: 'bad', changes: [change(path, 'x')] },
      ];
      expect(await codeOf(write(sets))).toBe('hosts/path');
      expect(await codeOf(host.read([path]))).toBe('hosts/path');
      expect(list()).toEqual([]);
    });

    it('refuses run names that are none', async () => {
      const { host, put } = await given();
      for (const run of ['', '../r', 'a/b', '-x', 'x'.repeat(65)]) {
        const written = host.write([{ id: 'a', changes: [put('a', 'a')] }], { run, backup: 'b' });
        expect(await codeOf(written), run).toBe('hosts/path');
      }
    });

    it('refuses a set that writes a path twice, one file that is too large, and backups among what is written', async () => {
      const { base, put, write, list } = await given();
      const twice = [put('a', '1'), put('a', '2')];
      expect(await codeOf(write([{ id: 'a', changes: twice }]))).toBe('hosts/path');
      const inBackup = [change(`${base}var/lib/kubetls/backups/r1/a`, '1')];
      expect(await codeOf(write([{ id: 'a', changes: inBackup }]))).toBe('hosts/path');
      const large = [put('a', 'x'.repeat((1 << 20) + 1))];
      expect(await codeOf(write([{ id: 'a', changes: large }]))).toBe('hosts/too-large');
      expect(list()).toEqual([]);
    });

    it('takes a file of the largest size', async () => {
      const { put, write, look } = await given();
      const text = 'x'.repeat(1 << 20);
      await write([{ id: 'a', changes: [put('a', text, 0o600)] }]);
      expect(look('a') === `600 ${text}`).toBe(true);
    });

    it('takes hostile names for names', async () => {
      const { base, put, write, read, list, kept } = await given();
      const paths = HOSTILE_NAMES.flatMap((name) => [name, `d/${name}/f`]).sort();
      await write([{ id: "it's; touch pwned", changes: paths.map((path) => put(path, path)) }]);
      expect(list()).toEqual(paths);
      expect(await read(...paths)).toEqual(paths.map((path) => `${path} 644 ${path}`));
      const removals = paths.map((path) => ({ path: `${base}${path}`, remove: true as const }));
      await write([{ id: 'x', changes: removals }]);
      expect(list()).toEqual(paths.map((path) => kept(path)).sort());
    });

    it('writes and reads a thousand files', async () => {
      const { put, write, read, list } = await given();
      const paths = Array.from({ length: 1_000 }, (_, i) => `etc/n${i % 10}/f${i}`);
      await write(paths.map((path) => ({ id: path, changes: [put(path, path)] })));
      expect(list()).toHaveLength(1_000);
      expect(await read(...paths)).toEqual(paths.map((path) => `${path} 644 ${path}`));
    }, 120_000);

    it('keeps calls apart that nobody waited for', async () => {
      const { put, write, look } = await given();
      await Promise.all(
        ['1', '2', '3', '4'].map((text) => write([{ id: text, changes: [put('a', text), put('b', text)] }])),
      );
      expect([look('a'), look('b')]).toEqual(['644 4', '644 4']);
    });
  });
}
