import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { put } from '../contract.ts';
import { directoryStore } from './index.ts';
import { CRT, freshState, isRoot, KEY, pair } from './state.fixture.ts';

const state = freshState();

describe('modes and owners', () => {
  it('what is private is closed; what goes to a node has the modes of a node, whatever the umask', async () => {
    const umask = process.umask(0o077);
    try {
      await state.write({
        run: 'r1',
        sets: [{ id: 'a', changes: [put(CRT, 'c'), put(KEY, 'k', 0o640), put('users/u/k', 'k', 0o600)] }],
      });
    } finally {
      process.umask(umask);
    }
    const modes = ['', 'nodes', 'nodes/a/pki', 'users', 'users/u', CRT, KEY, 'users/u/k', 'journal'].map(
      (path) => state.mode(path),
    );
    expect(modes).toEqual(['700', '755', '755', '700', '700', '644', '640', '600', '600']);
    expect(fs.existsSync(state.at('lock'))).toBe(false);
  });

  it('a backup keeps bytes and mode, and is nobody else’s to read', async () => {
    await state.write();
    await state.write({ run: 'r2', sets: [{ id: 'a', changes: [put(KEY, 'k2', 0o400)] }] });
    expect(fs.readFileSync(state.at(`backups/r2/${KEY}`), 'utf8')).toBe('k1');
    expect([state.mode(`backups/r2/${KEY}`), state.mode('backups'), state.mode(KEY)]).toEqual([
      '600',
      '700',
      '400',
    ]);
  });

  it.skipIf(!isRoot)(
    'the owner of what stood there stays, also of its backup (needs state.root)',
    async () => {
      await state.write();
      fs.chownSync(state.at(KEY), 1234, 2345);
      await state.write({ run: 'r2', sets: [{ id: 'a', changes: [put(KEY, 'k2', 0o640)] }] });
      const owners = [KEY, `backups/r2/${KEY}`]
        .map((path) => fs.lstatSync(state.at(path)))
        .map(({ uid, gid }) => [uid, gid]);
      expect(owners).toEqual([
        [1234, 2345],
        [1234, 2345],
      ]);
      expect(state.mode(KEY)).toBe('640');
    },
  );

  it('backups may go to another directory, also on another device', async () => {
    const backupDirectory = fs.mkdtempSync(
      join(fs.existsSync('/dev/shm') ? '/dev/shm' : state.base, 'kubetls-backups-'),
    );
    try {
      state.store = directoryStore(state.root, { backupDirectory });
      await state.write();
      await state.write({ run: 'r2', sets: [{ id: 'a', changes: [put(KEY, 'k2', 0o400)] }] });
      expect(fs.readFileSync(join(backupDirectory, 'r2', KEY), 'utf8')).toBe('k1');
      expect((fs.lstatSync(join(backupDirectory, 'r2', KEY)).mode & 0o777).toString(8)).toBe('600');
      expect(fs.existsSync(state.at('backups'))).toBe(false);
    } finally {
      fs.rmSync(backupDirectory, { recursive: true });
    }
  });
});

describe('running twice', () => {
  it('writes nothing: no file, journal or backup changes', async () => {
    await state.write();
    const look = (): unknown[] =>
      fs
        .readdirSync(state.root, { recursive: true, encoding: 'utf8' })
        .map((path) => [path, fs.lstatSync(state.at(path)).ino, fs.lstatSync(state.at(path)).mtimeMs]);
    const before = look();
    await state.write({ ...pair, run: 'r2' });
    await state.write({
      run: 'r3',
      sets: [{ id: 'a', changes: [{ path: CRT, remove: true }, ...(pair.sets[0]?.changes ?? [])] }],
    });
    expect(look()).toEqual(before);
  });

  it('takes as written what stood there with these very bytes, made by somebody else', async () => {
    fs.mkdirSync(state.at('nodes/a/pki'), { recursive: true });
    fs.writeFileSync(state.at(CRT), 'c1', { mode: 0o644 });
    await state.write({ run: 'r1', sets: [{ id: 'a', changes: [put(CRT, 'c1')] }] });
    expect([...(await state.store.written()).keys()]).toEqual([CRT]);
    expect(fs.existsSync(state.at('backups'))).toBe(false);
  });

  it('keeps every version of a file that one run writes more than once', async () => {
    await state.write();
    await state.write({
      run: 'r2',
      sets: ['2', '3', '4'].map((text) => ({ id: text, changes: [put(CRT, text)] })),
    });
    const kept = ['', '.~2~', '.~3~'].map((end) =>
      fs.readFileSync(state.at(`backups/r2/${CRT}${end}`), 'utf8'),
    );
    expect([...kept, fs.readFileSync(state.at(CRT), 'utf8')]).toEqual(['c1', '2', '3', '4']);
  });
});
