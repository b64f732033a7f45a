import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { put } from '../contract.ts';
import { nodeFs } from './fs-ops.ts';
import { thisProcess } from './holder.ts';
import { directoryStore } from './index.ts';
import { acquireLock, type Lock } from './lock.ts';
import { CRT, failure, freshState, pair } from './state.fixture.ts';

const state = freshState();

describe('the lock', () => {
  it('refuses a second writer while a run is open, names its process, and lets readers read', async () => {
    await state.store.commit(pair);
    const other = directoryStore(state.root);
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
    await state.store.finish('r1');
    await other.commit({ ...pair, run: 'r2' });
    await other.finish('r2');
  });

  it('is taken from a process that is gone, and from one whose number is another’s by now', async () => {
    await state.write();
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    for (const pid of [gone.pid, process.pid]) {
      fs.writeFileSync(
        state.at('lock'),
        `${JSON.stringify({ pid, started: 'another boot/1', host: hostname() })}\n`,
      );
      await state.write({ run: 'r2', sets: [{ id: 'a', changes: [put(CRT, `${pid}`)] }] });
      expect(fs.existsSync(state.at('lock'))).toBe(false);
    }
    expect(fs.readdirSync(state.root).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each([
    ['of another host', JSON.stringify({ pid: 1, started: '', host: 'elsewhere.invalid' })],
    ['that cannot be read', 'what is this'],
    ['that is empty', ''],
  ])('is not taken when it is one %s', async (_, text) => {
    await state.write();
    fs.writeFileSync(state.at('lock'), text);
    const error = await failure(
      state.store.commit({ run: 'r2', sets: [{ id: 'a', changes: [put(CRT, 'x')] }] }),
    );
    expect(error.code).toBe('stores/locked');
    expect(error.hint).toContain(`remove ${state.at('lock')}`);
    expect(fs.readFileSync(state.at('lock'), 'utf8')).toBe(text);
  });

  it('is given back after a failure', async () => {
    await state.write();
    fs.mkdirSync(state.at('nodes/a/pki/dir'));
    const bad = { run: 'r2', sets: [{ id: 'a', changes: [put('nodes/a/pki/dir', 'x')] }] };
    await failure(state.store.commit(bad));
    expect(fs.existsSync(state.at('lock'))).toBe(false);
  });

  it('lets one of many that start at once through at a time', async () => {
    const stores = Array.from({ length: 8 }, () => directoryStore(state.root));
    const results = await Promise.allSettled(
      stores.map((one, i) => one.commit({ run: `r${i}`, sets: [{ id: 'a', changes: [put(CRT, `${i}`)] }] })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [winner] = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
    await stores[winner ?? 0]?.finish(`r${winner}`);
    expect(fs.readFileSync(state.at(CRT), 'utf8')).toBe(`${winner}`);
  });

  it('is never held by two: one whose fresh lock was taken away as a stale one finds out before it writes', async () => {
    await state.write();
    const stale = JSON.stringify({ pid: process.pid, started: 'another boot/1', host: hostname() });
    fs.writeFileSync(state.at('lock'), stale);
    const holder = thisProcess();
    const place = { root: state.root, backups: state.at('backups'), ops: nodeFs };
    const held: Lock[] = [];
    // The slow one has seen the stale lock; before and after its rename, others take theirs.
    const slow = {
      ...nodeFs,
      rename: (from: string, to: string) => {
        held.push(acquireLock(place, holder));
        nodeFs.rename(from, to);
        held.push(acquireLock(place, holder));
      },
    };
    expect(() => acquireLock({ ...place, ops: slow }, holder)).toThrow(/another kubetls writes here/);
    const [first, second] = held;
    expect(() => first?.refuseLost()).toThrow(/lock/);
    expect(() => second?.refuseLost()).not.toThrow();
    first?.release();
    expect(() => second?.refuseLost()).not.toThrow();
    second?.release();
    expect(fs.readdirSync(state.root).filter((name) => /lock|stale/.test(name))).toEqual([]);
  });

  it('that somebody replaced in the midst of a run stops the run before its next write', async () => {
    await state.write();
    for (const work of [
      () => state.store.commit({ run: 'r2', sets: [{ id: 'a', changes: [put(CRT, 'c2')] }] }),
      () => state.store.appendLedger(['issued']),
    ]) {
      await state.store.begin('r2');
      const theirs = JSON.stringify({ ...thisProcess(), pid: process.ppid });
      fs.rmSync(state.at('lock'));
      fs.writeFileSync(state.at('lock'), theirs);
      expect((await failure(work())).code).toBe('stores/locked');
      expect(fs.readFileSync(state.at('lock'), 'utf8')).toBe(theirs);
      fs.rmSync(state.at('lock'));
      await state.store.recover();
    }
    expect(fs.readFileSync(state.at(CRT), 'utf8')).toBe('c1');
    expect(fs.readFileSync(state.at('journal'), 'utf8').split('\n')).toHaveLength(2);
    expect(await state.store.readLedger()).toEqual([]);
  });

  it('leaves no temporaries of those who were killed while they took it', async () => {
    await state.write();
    for (const name of ['.kubetls-lock-1', '.kubetls-stale-1']) fs.writeFileSync(state.at(name), 'x');
    await state.write({ run: 'r2', sets: [{ id: 'a', changes: [put(CRT, 'c2')] }] });
    expect(fs.readdirSync(state.root).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('a reader', () => {
  it('is told of an interrupted run, not of one that is under way, and changes nothing', async () => {
    expect(await state.store.interrupted()).toBeUndefined();
    expect(fs.existsSync(state.root)).toBe(false);
    await state.store.commit(pair);
    const other = directoryStore(state.root);
    expect(await other.interrupted()).toBeUndefined();
    expect(await state.store.interrupted()).toBeUndefined();
    fs.writeFileSync(
      state.at('lock'),
      JSON.stringify({ pid: process.pid, started: 'another boot/1', host: hostname() }),
    );
    const before = fs.readFileSync(state.at('journal'), 'utf8');
    expect(await other.interrupted()).toBe('r1');
    expect(fs.readFileSync(state.at('journal'), 'utf8')).toBe(before);
    await other.recover();
    expect(await other.interrupted()).toBeUndefined();
  });
});
