import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FsOps, nodeFs } from '../../stores/index.ts';
import { change, codeOf, hostContract } from '../contract.ts';
import { temporaryTree } from '../tree.fixture.ts';
import { directoryHost } from './index.ts';

hostContract('directoryHost', async () => {
  const tree = temporaryTree();
  return { ...tree, host: directoryHost(tree.directory), base: '', remove: async () => tree.clear() };
});

const isRoot = process.getuid?.() === 0;
const options = { run: 'r1', backup: 'backup' };
const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

async function inTree(work: (tree: ReturnType<typeof temporaryTree>) => Promise<void>): Promise<void> {
  const tree = temporaryTree();
  try {
    await work(tree);
  } finally {
    tree.clear();
  }
}

describe('directoryHost', () => {
  it.each([
    ['a relative link', 'etc/pki/real'],
    ['an absolute link means the root of the tree', '/etc/pki/real'],
    ['.. of the root is the root', '../../../../../../../../etc/pki/real'],
    ['a link by way of another', 'etc/by/real'],
  ])('%s', (_, target) =>
    inTree(async ({ directory, at, seed, look }) => {
      seed('etc/pki/real', 'old', 0o640);
      fs.symlinkSync('pki', at('etc/by'));
      fs.symlinkSync(target, at('link'));
      const host = directoryHost(directory);
      expect(textOf((await host.read(['link']))[0]?.bytes)).toBe('old');
      await host.write([{ id: 'a', changes: [change('link', 'new', 0o640)] }], options);
      expect(look('etc/pki/real')).toBe('640 new');
      expect(fs.readlinkSync(at('link'))).toBe(target);
      expect(look('backup/etc/pki/real')).toBe('640 old');
    }),
  );

  it('a link that was made anew is a change of the file that it names', () =>
    inTree(async ({ directory, at, seed }) => {
      seed('etc/old', 'old');
      fs.utimesSync(at('etc/old'), 1_000, 1_000);
      const host = directoryHost(directory);
      expect((await host.times(['etc/old']))[0]?.modified).toBe(1_000_000);
      fs.symlinkSync('old', at('etc/link'));
      fs.lutimesSync(at('etc/link'), 2_000, 2_000);
      expect((await host.times(['etc/link']))[0]?.modified).toBe(2_000_000);
    }));

  it('a link to nothing becomes the file, inside the tree', () =>
    inTree(async ({ directory, at, look }) => {
      fs.symlinkSync('/no/such/place', at('link'));
      await directoryHost(directory).write([{ id: 'a', changes: [change('link', 'new')] }], options);
      expect(look('no/such/place')).toBe('644 new');
    }));

  it('refuses links in a circle, and what is no file, also where a fifo would wait for ever', () =>
    inTree(async ({ directory, at, seed }) => {
      fs.symlinkSync('b', at('a'));
      fs.symlinkSync('a', at('b'));
      seed('d/f', 'x');
      const host = directoryHost(directory);
      for (const path of ['a', 'a/x', 'd']) {
        expect(await codeOf(host.read([path]))).toBe('hosts/path');
        expect(await codeOf(host.write([{ id: 'x', changes: [change(path, 'y')] }], options))).toBe(
          'hosts/path',
        );
      }
      // Nothing stands below a file.
      expect(await host.read(['d/f/x'])).toEqual([]);
      expect(await codeOf(host.write([{ id: 'x', changes: [change('d/f/x', 'y')] }], options))).toBe(
        'hosts/write',
      );
    }));

  it('says of a directory that is not there that nothing is reached', () =>
    inTree(async ({ at, seed }) => {
      seed('file', '');
      for (const path of ['none', 'file'])
        expect(await codeOf(directoryHost(at(path)).read(['a']))).toBe('hosts/unreachable');
    }));

  it('backups are nobody else’s to read', () =>
    inTree(async ({ directory, seed, mode }) => {
      seed('etc/key', 'old', 0o644);
      const deep = { run: 'r1', backup: 'var/lib/kubetls/r1' };
      await directoryHost(directory).write([{ id: 'a', changes: [change('etc/key', 'new')] }], deep);
      expect(['var/lib', 'var/lib/kubetls/r1', 'var/lib/kubetls/r1/etc'].map(mode)).toEqual([
        '755',
        '700',
        '700',
      ]);
    }));

  it.skipIf(!isRoot)('the owner of what stood there stays (needs root)', () =>
    inTree(async ({ directory, at, seed }) => {
      seed('key', 'old', 0o600);
      fs.chownSync(at('key'), 1234, 4321);
      const changes = [
        { path: 'key', remove: true as const },
        change('new', 'n'),
        change('key', 'new', 0o600),
      ];
      await directoryHost(directory).write([{ id: 'a', changes }], options);
      for (const path of ['key', 'backup/key']) {
        const { uid, gid } = fs.statSync(at(path));
        expect([uid, gid]).toEqual([1234, 4321]);
      }
    }),
  );

  it('runs commands where it is this machine’s own root, and nowhere else', async () => {
    const here = directoryHost('/');
    const run = (command: readonly string[], timeout = 20_000, signal?: AbortSignal) =>
      here.run(command, { timeout, ...(signal && { signal }) });
    expect(await run(['printf', '%s|', "it's", '$HOME', '-n'])).toEqual({
      status: 0,
      stdout: "it's|$HOME|-n|",
      stderr: '',
    });
    expect((await run(['sh', '-c', 'echo no >&2; cat; exit 3'])).status).toBe(3);
    expect((await run(['sh', '-c', 'kill -TERM $$'])).status).toBe(143);
    expect((await run(['sh', '-c', 'head -c 100000 /dev/zero'])).stdout).toHaveLength(64 << 10);
    expect(await codeOf(run(['yes'], 60_000))).toBe('hosts/too-large');
    expect(await codeOf(run(['sleep', '60'], 100))).toBe('hosts/timeout');
    expect(await codeOf(run(['sh', '-c', 'sleep 60 & wait'], 100))).toBe('hosts/timeout');
    expect(await codeOf(run(['sleep', '60'], 20_000, AbortSignal.timeout(50)))).toBe('hosts/interrupted');
    expect(await codeOf(run(['sleep', '60'], 20_000, AbortSignal.abort()))).toBe('hosts/interrupted');
    for (const command of [[], [''], ['no-such-program-at-all'], ['echo', '\0']])
      expect(await codeOf(run(command))).toBe('hosts/command');
    await inTree(async ({ directory }) => {
      expect(await codeOf(directoryHost(directory).run(['true'], { timeout: 1_000 }))).toBe(
        'hosts/no-commands',
      );
    });
  });
});

describe('killed or refused at every file operation', () => {
  const CRT = 'etc/pki/a.crt';
  const KEY = 'etc/pki/a.key';
  const NEW = 'etc/new/deep/file';
  const set = {
    id: 'pair',
    changes: [
      { path: CRT, remove: true as const },
      change(KEY, 'new key', 0o600),
      change(CRT, 'new crt'),
      change(NEW, 'new file'),
    ],
  };
  const before = [undefined, '644 old crt', '600 old key'];
  const after = ['644 new file', '644 new crt', '600 new key'];

  /** Counts, and from operation `at` on fails as `how` says: for good, or once. */
  function failing(at: number, how: 'killed' | 'once') {
    const state = { count: 0 };
    const ops = Object.fromEntries(
      Object.entries(nodeFs).map(([name, call]: [string, unknown]) => [
        name,
        (...words: unknown[]): unknown => {
          const now = state.count++;
          if (how === 'killed' ? now >= at : now === at)
            throw Object.assign(new Error('disk'), { code: 'ENOSPC', syscall: name });
          return (call as (...words: unknown[]) => unknown)(...words);
        },
      ]),
    ) as unknown as FsOps;
    return { ops, state };
  }

  async function each(how: 'killed' | 'once', see: (files: (string | undefined)[]) => void) {
    let at = 0;
    for (let isOver = false; !isOver; at++) isOver = await failsAt(at);
    // As many as the writing of three files takes, with their backups and directories.
    expect(at).toBeGreaterThan(50);

    async function failsAt(at: number): Promise<boolean> {
      let ended = false;
      await inTree(async ({ directory, seed, look, list }) => {
        seed(CRT, 'old crt');
        seed(KEY, 'old key', 0o600);
        const { ops, state } = failing(at, how);
        const outcome = await codeOf(directoryHost(directory, { ops }).write([set], options));
        ended = state.count <= at;
        if (ended) expect(outcome).toBe('no failure');
        else expect(['hosts/write', 'hosts/unreachable', 'no failure']).toContain(outcome);
        see([NEW, CRT, KEY].map(look));
        // The next run ends it, and sweeps.
        await directoryHost(directory).write([set], options);
        expect([NEW, CRT, KEY].map(look)).toEqual(after);
        expect(list().filter((path) => path.includes('.kubetls-'))).toEqual([]);
        expect(look(`backup/${KEY}`)).toBe('600 old key');
      });
      return ended || at > 500;
    }
  }

  it('a kill leaves whole files, in the order of the set', async () => {
    const seen = new Set<string>();
    const order = [
      before,
      [undefined, undefined, '600 old key'],
      [undefined, undefined, '600 new key'],
      [undefined, '644 new crt', '600 new key'],
      after,
    ];
    await each('killed', (files) => {
      expect(order).toContainEqual(files);
      seen.add(JSON.stringify(files));
    });
    expect(seen.size).toBe(order.length);
  });

  it('a failure leaves all of the set, or nothing of it', async () => {
    const seen = new Set<string>();
    await each('once', (files) => {
      expect([before, after]).toContainEqual(files);
      seen.add(JSON.stringify(files));
    });
    expect(seen.size).toBe(2);
  });
});
