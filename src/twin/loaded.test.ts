import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KubetlsError } from '../base/index.ts';
import { Loaded } from './loaded.ts';
import type { Reload } from '../cluster/index.ts';

describe('a value that is loaded from files', () => {
  let directory: string;
  let refused: string[];
  let loads: number;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'kubetls-loaded-'));
    refused = [];
    loads = 0;
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const at = (name: string): string => path.join(directory, name);

  function loaded(reload: Reload): Loaded<string> {
    const load = (contents: readonly Buffer[]): string => {
      loads += 1;
      const text = contents.join('+');
      if (text.includes('bad'))
        throw new KubetlsError({ code: 'twin/material', message: `no good: ${text}` });
      return text;
    };
    return new Loaded([at('a'), at('b')], load, reload, (reason) => refused.push(reason));
  }

  function write(name: string, text: string): void {
    writeFileSync(at(name), text);
  }

  it('hot: new content counts at once, bad content is kept out and told once', () => {
    write('a', 'one');
    write('b', 'two');
    const value = loaded('hot');
    expect(value.get()).toBe('one+two');
    write('a', 'bad');
    expect([value.get(), value.get(), value.get()]).toEqual(['one+two', 'one+two', 'one+two']);
    expect(refused).toEqual(['no good: bad+two']);
    write('a', 'six');
    expect(value.get()).toBe('six+two');
    rmSync(at('b'));
    expect(value.get()).toBe('six+two');
    expect(refused.at(-1)).toBe(`open ${at('b')}: no such file or directory`);
  });

  it('hot: a change of the same length within a tick of the clock is seen', () => {
    write('a', 'one');
    write('b', 'two');
    const value = loaded('hot');
    for (const text of ['six', 'ten', 'one', 'ten']) {
      write('a', text);
      expect(value.get()).toBe(`${text}+two`);
    }
  });

  it('hot: settled files are not read again, and the same content is not loaded again', async () => {
    write('a', 'one');
    write('b', 'two');
    await new Promise((resolve) => setTimeout(resolve, 80));
    const value = loaded('hot');
    for (let i = 0; i < 10; i++) value.get();
    write('a.new', 'one');
    renameSync(at('a.new'), at('a'));
    utimesSync(at('a'), 1, 1);
    expect(value.get()).toBe('one+two');
    expect(loads).toBe(1);
  });

  it('start: nothing counts until the next start', () => {
    write('a', 'one');
    write('b', 'two');
    const value = loaded('start');
    write('a', 'six');
    expect(value.get()).toBe('one+two');
    expect(loaded('start').get()).toBe('six+two');
  });

  it('always: what is no good is an error for whoever needs it now', () => {
    write('a', 'one');
    write('b', 'two');
    const value = loaded('always');
    write('a', 'bad');
    expect(() => value.get()).toThrow('no good: bad+two');
    write('a', 'six');
    expect(value.get()).toBe('six+two');
    expect(refused).toEqual([]);
  });

  it('what is missing or no good at the start is an error with the file', () => {
    write('a', 'one');
    expect(() => loaded('hot')).toThrow(`open ${at('b')}: no such file or directory`);
  });
});
