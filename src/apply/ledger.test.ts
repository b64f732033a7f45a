import { describe, expect, it } from 'vitest';
import { serialsByAuthority } from './ledger.ts';

describe('the serials in a ledger', () => {
  it('are those of lines that name an authority; what is no JSON is passed over', () => {
    const lines = [
      '{"authority":"a","serial":"01"}',
      '{"sha256":"01"}',
      'null',
      '{"authority":"a"',
      '{"authority":1}',
    ];
    expect(serialsByAuthority([...lines, '{"serial":"02","authority":"a"}'])).toEqual(
      new Map([['a', new Set(['01', '02'])]]),
    );
  });

  it('cost no more than the size of a line, whatever it holds', () => {
    const started = process.cpuUsage();
    expect(serialsByAuthority(['"authority":"a"'.repeat(30_000)]).size).toBe(0);
    // A search that began anew at each of them took seven seconds.
    expect(process.cpuUsage(started).user).toBeLessThan(1e6);
  });
});
