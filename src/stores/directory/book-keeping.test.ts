import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { put } from '../contract.ts';
import { CRT, failure, freshState, KEY, pair } from './state.fixture.ts';

const state = freshState();

describe('the journal', () => {
  it('stays proportional to the number of files, over many runs', async () => {
    for (let i = 0; i < 20; i++)
      await state.write({ run: `r${i}`, sets: [{ id: 'a', changes: [put(CRT, `${i}`)] }] });
    expect(fs.statSync(state.at('journal')).size).toBeLessThan(200);
    expect(fs.readFileSync(state.at('journal'), 'utf8').split('\n')).toHaveLength(2);
  });

  it.each([
    ['half a line', '{"event":"beg'],
    ['NULs, as after a power cut', '\0'.repeat(4096)],
    ['NULs and a line feed', `${'\0'.repeat(100)}\n`],
  ])('heals a tail of %s', async (_, tail) => {
    await state.write();
    fs.appendFileSync(state.at('journal'), tail);
    expect((await state.store.written()).size).toBe(2);
    expect(await state.store.recover()).toBeUndefined();
    await state.write({ run: 'r2', sets: [{ id: 'a', changes: [put(CRT, 'c2')] }] });
    expect((await state.store.written()).size).toBe(2);
    expect(fs.readFileSync(state.at('journal'), 'utf8')).not.toContain('\0');
  });

  it.each([
    ['garbage between good lines', 'garbage\n{"event":"begin","run":"r9"}\n', 2],
    ['a line of a newer kubetls', '{"event":"checkpoint","version":2,"written":{}}\n', 2],
    ['a path that leads out', '{"event":"staged","seq":1,"set":"a","steps":[{"path":"../x"}]}\n', 2],
    [
      'a temporary elsewhere',
      '{"event":"staged","seq":1,"set":"a","steps":[{"path":"nodes/a","put":{"temporary":".kubetls-/../../x","sha256":"","mode":384}}]}\n',
      2,
    ],
    [
      'a backup that leads out',
      '{"event":"staged","seq":1,"set":"a","steps":[{"path":"nodes/a","stood":"00","backup":"r/../../x"}]}\n',
      2,
    ],
    [
      'a backup of nothing',
      '{"event":"staged","seq":1,"set":"a","steps":[{"path":"nodes/a","backup":"r/nodes/a"}]}\n',
      2,
    ],
  ])('refuses %s, names the line, and writes nothing', async (_, lines, line) => {
    await state.write();
    fs.appendFileSync(state.at('journal'), lines);
    const before = fs.readFileSync(state.at('journal'), 'utf8');
    for (const operation of [
      state.store.recover(),
      state.store.written(),
      state.store.commit({ ...pair, run: 'r2' }),
    ]) {
      const error = await failure(operation);
      expect([error.code, error.where?.line]).toEqual(['stores/journal-damaged', line]);
    }
    expect(fs.readFileSync(state.at('journal'), 'utf8')).toBe(before);
  });

  it('holds no content', async () => {
    await state.store.commit({ run: 'r1', sets: [{ id: 'a', changes: [put(KEY, 'PRIVATE-BYTES', 0o600)] }] });
    const journal = fs.readFileSync(state.at('journal'), 'utf8');
    expect(journal).toContain(KEY);
    expect(journal).not.toContain('PRIVATE-BYTES');
    await state.store.finish('r1');
  });
});

describe('the ledger', () => {
  it('drops a last line that was cut off, and goes on behind the whole ones', async () => {
    await state.store.appendLedger(['one', 'two']);
    fs.appendFileSync(state.at('ledger'), 'thr');
    expect(await state.store.readLedger()).toEqual(['one', 'two']);
    await state.store.appendLedger(['four']);
    expect(fs.readFileSync(state.at('ledger'), 'utf8')).toBe('one\ntwo\nfour\n');
    expect(state.mode('ledger')).toBe('600');
  });

  it('heals a long tail too', async () => {
    await state.store.appendLedger(['one']);
    fs.appendFileSync(state.at('ledger'), 'x'.repeat(200_000));
    await state.store.appendLedger(['two']);
    expect(await state.store.readLedger()).toEqual(['one', 'two']);
  });

  it('can be written during a run', async () => {
    await state.store.commit(pair);
    await state.store.appendLedger(['issued']);
    await state.store.finish('r1');
    expect(await state.store.readLedger()).toEqual(['issued']);
  });
});
