import { describe, expect, it } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../base/index.ts';
import { memoryHost } from '../../hosts/index.ts';
import { type Clocks, wrongClocks } from './clocks.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const saying = (stdout: string, status = 0) => ({
  host: memoryHost(new Map(), { answer: () => ({ status, stdout, stderr: '' }) }),
});
const at = (instant: number) => saying(`${instant / SECOND}\n`);

async function clocks(machines: Record<string, ReturnType<typeof saying>>): Promise<Clocks> {
  return wrongClocks(new Map(Object.entries(machines)), { now: () => NOW });
}
async function wrong(machines: Record<string, ReturnType<typeof saying>>): Promise<readonly string[]> {
  return (await clocks(machines)).texts;
}

describe('clocks of nodes', () => {
  it('that differ by more than certificates are dated back are named, in the order of the nodes', async () => {
    const machines = { a: at(NOW), b: at(NOW - DAY), c: at(NOW + 5 * MINUTE), d: at(NOW + 6 * MINUTE) };
    expect(await wrong(machines)).toEqual([
      'the clock of b says 2026-11-27T12:00:00Z, 1440 minutes behind: set it first (timedatectl set-ntp true), or what is issued now does not hold there',
      'the clock of d says 2026-11-28T12:06:00Z, 6 minutes ahead: set it first (timedatectl set-ntp true), or what is issued now does not hold there',
    ]);
  });

  it('that cannot be asked, or answer something else, keep nobody', async () => {
    const silent = { host: memoryHost() };
    const answers = ['', 'x', '-1', '9'.repeat(20), '\u001b[2J'].map((text) => saying(text));
    expect(await wrong({ silent, failed: saying('0', 1), ...Object.fromEntries(answers.entries()) })).toEqual(
      [],
    );
    expect(await wrong({})).toEqual([]);
  });

  it('that differ on most nodes say that the clock here is wrong', async () => {
    const silent = { host: memoryHost() };
    const most = async (machines: Parameters<typeof clocks>[0]) => (await clocks(machines)).mostDiffer;
    expect(await most({ a: at(NOW - DAY), b: at(NOW - DAY), c: at(NOW), silent })).toBe(true);
    expect(await most({ a: at(NOW - DAY), b: at(NOW) })).toBe(false);
    expect(await most({ a: at(NOW - DAY), silent })).toBe(true);
    expect(await most({ silent })).toBe(false);
    expect(await most({})).toBe(false);
  });

  it('of many nodes are all asked', async () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`w${i}`, at(NOW - DAY)]));
    expect(await wrong(many)).toHaveLength(100);
  });
});
