import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { KubetlsError } from '../../base/index.ts';
import { put } from '../contract.ts';
import type { Batch, Store } from '../index.ts';
import { directoryStore } from './index.ts';

const base = fs.mkdtempSync(join(tmpdir(), 'kubetls-hostile-'));
afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

const CRT = 'nodes/a/pki/a.crt';
const KEY = 'nodes/a/pki/a.key';
const pair: Batch = { run: 'r1', sets: [{ id: 'a', changes: [put(KEY, 'k1', 0o600), put(CRT, 'c1')] }] };

let root: string;
let store: Store;
beforeEach(() => {
  root = join(fs.mkdtempSync(join(base, 't-')), 'state');
  store = directoryStore(root);
});

const at = (path: string): string => join(root, path);
const mode = (path: string): string => (fs.lstatSync(at(path)).mode & 0o7777).toString(8);
const isRoot = process.getuid?.() === 0;

async function failure(operation: Promise<unknown>): Promise<KubetlsError> {
  const error: unknown = await operation.catch((thrown: unknown) => thrown);
  if (error instanceof KubetlsError) return error;
  throw new Error(`expected a coded failure, got ${String(error)}`);
}

async function write(batch: Batch = pair): Promise<void> {
  await store.commit(batch);
  await store.finish(batch.run);
}

describe('links', () => {
  it.each([
    ['a file that is a link out', () => fs.symlinkSync('/etc/hostname', at('nodes/a/pki/a.crt'))],
    ['a link that leads nowhere', () => fs.symlinkSync('nowhere', at('nodes/a/pki/a.crt'))],
    ['a link to itself', () => fs.symlinkSync('a.crt', at('nodes/a/pki/a.crt'))],
  ])('%s is not read and not written through', async (_, make) => {
    fs.mkdirSync(at('nodes/a/pki'), { recursive: true });
    make();
    const read = await failure(store.read());
    expect(read.code).toBe('stores/link');
    expect(read.where?.file).toBe(at(CRT));
    expect((await failure(store.readFile(CRT))).code).toBe('stores/link');
    expect((await failure(store.commit(pair))).code).toBe('stores/link');
    expect(fs.existsSync(at(KEY))).toBe(false);
    expect(fs.readdirSync(at('nodes/a/pki'))).toEqual(['a.crt']);
  });

  it.each(['nodes', 'nodes/a', 'nodes/a/pki'])(
    'a directory %s that is a link out is not entered',
    async (path) => {
      const outside = fs.mkdtempSync(join(base, 'outside-'));
      fs.mkdirSync(join(outside, 'a/pki'), { recursive: true });
      fs.mkdirSync(join(at(path), '..'), { recursive: true });
      fs.symlinkSync(outside, at(path));
      expect((await failure(store.commit(pair))).code).toBe('stores/link');
      expect((await failure(store.readFile(`${path}/x`))).code).toBe('stores/link');
      expect((await failure(store.read())).code).toMatch(/^stores\/(link|not-a-file)$/);
      expect(fs.readdirSync(outside, { recursive: true })).toEqual(['a', join('a', 'pki')]);
    },
  );

  it('a link inside the root is read as what it names, as the kubelet keeps its current certificate', async () => {
    await write();
    fs.symlinkSync('a.crt', at('nodes/a/pki/current.pem'));
    const files = await store.read('nodes/a/pki/current.pem');
    expect(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])).toEqual([
      ['nodes/a/pki/current.pem', 'c1'],
    ]);
  });

  it('a root that is a link is followed', async () => {
    fs.mkdirSync(at('../real'));
    fs.symlinkSync('real', root);
    await write();
    expect(fs.existsSync(at('../real/nodes/a/pki/a.crt'))).toBe(true);
  });
});

describe('what is no file', () => {
  it('a FIFO is refused without being opened', async () => {
    await write();
    execFileSync('mkfifo', [at('nodes/a/pki/pipe')]);
    const error = await failure(store.read());
    expect([error.code, error.where?.file]).toEqual(['stores/not-a-file', at('nodes/a/pki/pipe')]);
    const over = { run: 'r2', sets: [{ id: 'a', changes: [put('nodes/a/pki/pipe', 'x')] }] };
    expect((await failure(store.commit(over))).code).toBe('stores/not-a-file');
  });

  it('a directory where a file should be, and a file where a directory should be', async () => {
    await write();
    const onDirectory = { run: 'r2', sets: [{ id: 'a', changes: [put('nodes/a/pki', 'x')] }] };
    const below = { run: 'r3', sets: [{ id: 'a', changes: [put(`${CRT}/x`, 'x')] }] };
    expect((await failure(store.commit(onDirectory))).code).toBe('stores/not-a-file');
    expect((await failure(store.commit(below))).code).toBe('stores/not-a-file');
    expect(fs.readFileSync(at(CRT), 'utf8')).toBe('c1');
  });

  it('a file above 1 MiB, and directories nested too deep', async () => {
    await write();
    fs.writeFileSync(at('nodes/a/pki/big'), Buffer.alloc((1 << 20) + 1));
    expect((await failure(store.read())).code).toBe('stores/too-large');
    fs.rmSync(at('nodes/a/pki/big'));
    fs.mkdirSync(at(`nodes/${'d/'.repeat(70)}`), { recursive: true });
    expect((await failure(store.read())).code).toBe('stores/too-many');
  });
});

describe('modes and owners', () => {
  it('what is private is closed; what goes to a node has the modes of a node, whatever the umask', async () => {
    const umask = process.umask(0o077);
    try {
      await write({
        run: 'r1',
        sets: [{ id: 'a', changes: [put(CRT, 'c'), put(KEY, 'k', 0o640), put('users/u/k', 'k', 0o600)] }],
      });
    } finally {
      process.umask(umask);
    }
    const modes = ['', 'nodes', 'nodes/a/pki', 'users', 'users/u', CRT, KEY, 'users/u/k', 'journal'].map(
      mode,
    );
    expect(modes).toEqual(['700', '755', '755', '700', '700', '644', '640', '600', '600']);
    expect(fs.existsSync(at('lock'))).toBe(false);
  });

  it('a backup keeps bytes and mode, and is nobody else’s to read', async () => {
    await write();
    await write({ run: 'r2', sets: [{ id: 'a', changes: [put(KEY, 'k2', 0o400)] }] });
    expect(fs.readFileSync(at(`backups/r2/${KEY}`), 'utf8')).toBe('k1');
    expect([mode(`backups/r2/${KEY}`), mode('backups'), mode(KEY)]).toEqual(['600', '700', '400']);
  });

  it.skipIf(!isRoot)('the owner of what stood there stays, also of its backup (needs root)', async () => {
    await write();
    fs.chownSync(at(KEY), 1234, 2345);
    await write({ run: 'r2', sets: [{ id: 'a', changes: [put(KEY, 'k2', 0o640)] }] });
    const owners = [KEY, `backups/r2/${KEY}`]
      .map((path) => fs.lstatSync(at(path)))
      .map(({ uid, gid }) => [uid, gid]);
    expect(owners).toEqual([
      [1234, 2345],
      [1234, 2345],
    ]);
    expect(mode(KEY)).toBe('640');
  });

  it('backups may go to another directory, also on another device', async () => {
    const backupDirectory = fs.mkdtempSync(
      join(fs.existsSync('/dev/shm') ? '/dev/shm' : base, 'kubetls-backups-'),
    );
    try {
      store = directoryStore(root, { backupDirectory });
      await write();
      await write({ run: 'r2', sets: [{ id: 'a', changes: [put(KEY, 'k2', 0o400)] }] });
      expect(fs.readFileSync(join(backupDirectory, 'r2', KEY), 'utf8')).toBe('k1');
      expect((fs.lstatSync(join(backupDirectory, 'r2', KEY)).mode & 0o777).toString(8)).toBe('600');
      expect(fs.existsSync(at('backups'))).toBe(false);
    } finally {
      fs.rmSync(backupDirectory, { recursive: true });
    }
  });
});

describe('running twice', () => {
  it('writes nothing: no file, journal or backup changes', async () => {
    await write();
    const look = (): unknown[] =>
      fs
        .readdirSync(root, { recursive: true, encoding: 'utf8' })
        .map((path) => [path, fs.lstatSync(at(path)).ino, fs.lstatSync(at(path)).mtimeMs]);
    const before = look();
    await write({ ...pair, run: 'r2' });
    await write({
      run: 'r3',
      sets: [{ id: 'a', changes: [{ path: CRT, remove: true }, ...(pair.sets[0]?.changes ?? [])] }],
    });
    expect(look()).toEqual(before);
  });

  it('takes as written what stood there with these very bytes, made by somebody else', async () => {
    fs.mkdirSync(at('nodes/a/pki'), { recursive: true });
    fs.writeFileSync(at(CRT), 'c1', { mode: 0o644 });
    await write({ run: 'r1', sets: [{ id: 'a', changes: [put(CRT, 'c1')] }] });
    expect([...(await store.written()).keys()]).toEqual([CRT]);
    expect(fs.existsSync(at('backups'))).toBe(false);
  });

  it('keeps every version of a file that one run writes more than once', async () => {
    await write();
    await write({
      run: 'r2',
      sets: ['2', '3', '4'].map((text) => ({ id: text, changes: [put(CRT, text)] })),
    });
    const kept = ['', '.~2~', '.~3~'].map((end) => fs.readFileSync(at(`backups/r2/${CRT}${end}`), 'utf8'));
    expect([...kept, fs.readFileSync(at(CRT), 'utf8')]).toEqual(['c1', '2', '3', '4']);
  });
});

describe('the journal', () => {
  it('stays proportional to the number of files, over many runs', async () => {
    for (let i = 0; i < 20; i++)
      await write({ run: `r${i}`, sets: [{ id: 'a', changes: [put(CRT, `${i}`)] }] });
    expect(fs.statSync(at('journal')).size).toBeLessThan(200);
    expect(fs.readFileSync(at('journal'), 'utf8').split('\n')).toHaveLength(2);
  });

  it.each([
    ['half a line', '{"event":"beg'],
    ['NULs, as after a power cut', '\0'.repeat(4096)],
    ['NULs and a line feed', `${'\0'.repeat(100)}\n`],
  ])('heals a tail of %s', async (_, tail) => {
    await write();
    fs.appendFileSync(at('journal'), tail);
    expect((await store.written()).size).toBe(2);
    expect(await store.recover()).toBeUndefined();
    await write({ run: 'r2', sets: [{ id: 'a', changes: [put(CRT, 'c2')] }] });
    expect((await store.written()).size).toBe(2);
    expect(fs.readFileSync(at('journal'), 'utf8')).not.toContain('\0');
  });

  it.each([
    ['garbage between good lines', 'garbage\n{"event":"begin","run":"r9"}\n', 2],
    ['a line of a newer kubetls', '{"event":"checkpoint","version":2,"written":{}}\n', 2],
    ['a path that leads out', '{"event":"staged","seq":1,"set":"a","steps":[{"path":"../x"}]}\n', 2],
    [
      'a temporary elsewhere',
      '{"event":"staged","seq":1,"set":"a","steps":[{"path":"nodes/a","put":{"temporary":".kubetls-/../../x","sha256":""}}]}\n',
      2,
    ],
    [
      'a backup that leads out',
      '{"event":"staged","seq":1,"set":"a","steps":[{"path":"nodes/a","backup":"r/../../x"}]}\n',
      2,
    ],
  ])('refuses %s, names the line, and writes nothing', async (_, lines, line) => {
    await write();
    fs.appendFileSync(at('journal'), lines);
    const before = fs.readFileSync(at('journal'), 'utf8');
    for (const operation of [store.recover(), store.written(), store.commit({ ...pair, run: 'r2' })]) {
      const error = await failure(operation);
      expect([error.code, error.where?.line]).toEqual(['stores/journal-damaged', line]);
    }
    expect(fs.readFileSync(at('journal'), 'utf8')).toBe(before);
  });

  it('holds no content', async () => {
    await store.commit({ run: 'r1', sets: [{ id: 'a', changes: [put(KEY, 'PRIVATE-BYTES', 0o600)] }] });
    const journal = fs.readFileSync(at('journal'), 'utf8');
    expect(journal).toContain(KEY);
    expect(journal).not.toContain('PRIVATE-BYTES');
    await store.finish('r1');
  });
});

describe('the ledger', () => {
  it('drops a last line that was cut off, and goes on behind the whole ones', async () => {
    await store.appendLedger(['one', 'two']);
    fs.appendFileSync(at('ledger'), 'thr');
    expect(await store.readLedger()).toEqual(['one', 'two']);
    await store.appendLedger(['four']);
    expect(fs.readFileSync(at('ledger'), 'utf8')).toBe('one\ntwo\nfour\n');
    expect(mode('ledger')).toBe('600');
  });

  it('heals a long tail too', async () => {
    await store.appendLedger(['one']);
    fs.appendFileSync(at('ledger'), 'x'.repeat(200_000));
    await store.appendLedger(['two']);
    expect(await store.readLedger()).toEqual(['one', 'two']);
  });

  it('can be written during a run', async () => {
    await store.commit(pair);
    await store.appendLedger(['issued']);
    await store.finish('r1');
    expect(await store.readLedger()).toEqual(['issued']);
  });
});

describe('the lock', () => {
  it('refuses a second writer while a run is open, names its process, and lets readers read', async () => {
    await store.commit(pair);
    const other = directoryStore(root);
    for (const operation of [
      other.commit({ ...pair, run: 'r2' }),
      other.recover(),
      other.appendLedger(['x']),
    ]) {
      const error = await failure(operation);
      expect(error.code).toBe('stores/locked');
      expect(error.message).toContain(`process ${process.pid}`);
      expect(error.hint).toContain(`${process.pid}`);
    }
    expect(await other.read()).toHaveLength(2);
    expect((await other.written()).size).toBe(2);
    await store.finish('r1');
    await other.commit({ ...pair, run: 'r2' });
    await other.finish('r2');
  });

  it('is taken from a process that is gone, and from one whose number is another’s by now', async () => {
    await write();
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    for (const pid of [gone.pid, process.pid]) {
      fs.writeFileSync(
        at('lock'),
        `${JSON.stringify({ pid, started: 'another boot/1', host: hostname() })}\n`,
      );
      await write({ run: 'r2', sets: [{ id: 'a', changes: [put(CRT, `${pid}`)] }] });
      expect(fs.existsSync(at('lock'))).toBe(false);
    }
    expect(fs.readdirSync(root).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each([
    ['of another host', JSON.stringify({ pid: 1, started: '', host: 'elsewhere.invalid' })],
    ['that cannot be read', 'what is this'],
    ['that is empty', ''],
  ])('is not taken when it is one %s', async (_, text) => {
    await write();
    fs.writeFileSync(at('lock'), text);
    const error = await failure(store.commit({ run: 'r2', sets: [{ id: 'a', changes: [put(CRT, 'x')] }] }));
    expect(error.code).toBe('stores/locked');
    expect(error.hint).toContain(`remove ${at('lock')}`);
    expect(fs.readFileSync(at('lock'), 'utf8')).toBe(text);
  });

  it('is given back after a failure', async () => {
    await write();
    fs.mkdirSync(at('nodes/a/pki/dir'));
    const bad = { run: 'r2', sets: [{ id: 'a', changes: [put('nodes/a/pki/dir', 'x')] }] };
    await failure(store.commit(bad));
    expect(fs.existsSync(at('lock'))).toBe(false);
  });

  it('lets one of many that start at once through at a time', async () => {
    const stores = Array.from({ length: 8 }, () => directoryStore(root));
    const results = await Promise.allSettled(
      stores.map((one, i) => one.commit({ run: `r${i}`, sets: [{ id: 'a', changes: [put(CRT, `${i}`)] }] })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [winner] = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
    await stores[winner ?? 0]?.finish(`r${winner}`);
    expect(fs.readFileSync(at(CRT), 'utf8')).toBe(`${winner}`);
  });
});

describe('without rights', () => {
  /** Root may read everything, so it steps down for the while. */
  async function asNobody<T>(work: () => Promise<T>): Promise<T> {
    if (!isRoot) return work();
    for (const path of [base, join(root, '..')]) fs.chmodSync(path, 0o755);
    process.seteuid?.(65_534);
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
    }
  }

  it('an unreadable file or directory is a coded failure with its path and a hint', async () => {
    await write();
    fs.chmodSync(root, 0o755);
    fs.chmodSync(at(KEY), 0);
    const error = await failure(asNobody(() => store.read()));
    expect([error.code, error.where?.file]).toEqual(['stores/permission', at(KEY)]);
    expect(error.hint).toContain('owner');
    fs.chmodSync(at('nodes/a/pki'), 0);
    expect((await failure(asNobody(() => store.read()))).where?.file).toBe(at('nodes/a/pki'));
  });

  it('a directory that cannot be written is a coded failure, and nothing is written', async () => {
    await write();
    for (const path of ['', 'nodes', 'nodes/a', 'nodes/a/pki']) fs.chmodSync(at(path), 0o555);
    const batch = { run: 'r2', sets: [{ id: 'a', changes: [put(CRT, 'c2')] }] };
    const error = await failure(asNobody(() => store.commit(batch)));
    expect(error.code).toBe('stores/permission');
    expect(error.where?.file).toContain(root);
    expect(fs.readFileSync(at(CRT), 'utf8')).toBe('c1');
    expect(fs.readdirSync(root).toSorted()).toEqual(['journal', 'nodes']);
    for (const path of ['', 'nodes', 'nodes/a', 'nodes/a/pki']) fs.chmodSync(at(path), 0o755);
  });
});

it('refuses to write what it would refuse to read', async () => {
  const big = { path: CRT, mode: 0o644, bytes: Buffer.alloc((1 << 20) + 1) };
  expect((await failure(store.commit({ run: 'r1', sets: [{ id: 'a', changes: [big] }] }))).code).toBe(
    'stores/too-large',
  );
  expect(fs.existsSync(root)).toBe(false);
});
