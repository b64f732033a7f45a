import { describe, expect, it } from 'vitest';
import { displayWidth, renderTable } from './table.ts';

const columns = [{ title: 'WHO', flexible: true }, { title: 'WHOM', flexible: true }, { title: 'VERDICT' }];
const rows = [
  ['kubelet@worker-1', 'kube-apiserver@master', 'proven'],
  ['kubelet@worker-2', 'kube-apiserver@master', 'failed'],
];

describe('a table', () => {
  it('has aligned columns and no trailing blanks', () => {
    expect(renderTable(columns, rows, 80)).toEqual([
      'WHO               WHOM                   VERDICT',
      'kubelet@worker-1  kube-apiserver@master  proven',
      'kubelet@worker-2  kube-apiserver@master  failed',
    ]);
  });

  it('is cut in the middle of its widest columns when the terminal is narrow', () => {
    const lines = renderTable(columns, rows, 40);
    expect(lines.map((line) => line.length)).toEqual([40, 39, 39]);
    expect(lines[1]).toMatch(/^kubelet…rker-1 +kube-ap…@master +proven$/);
    expect(lines[1]).not.toBe(lines[2]?.replace('failed', 'proven'));
  });

  it.each([0, 1, 20])('stays readable, if broken, at %i columns', (width) => {
    for (const line of renderTable(columns, rows, width).slice(1)) expect(line).toMatch(/(proven|failed)$/);
  });

  it('counts what a terminal shows: wide and combining characters, no colours', () => {
    expect(displayWidth('日本')).toBe(4);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('\u001b[31mred\u001b[39m')).toBe(3);
    const [, line = ''] = renderTable(columns, [['節点'.repeat(8), 'b', '\u001b[32mok\u001b[39m']], 30);
    expect(displayWidth(line)).toBeLessThanOrEqual(30);
    expect(line).toContain('\u001b[32mok\u001b[39m');
  });

  it('with no rows is its titles', () => {
    expect(renderTable(columns, [], 80)).toEqual(['WHO  WHOM  VERDICT']);
  });
});
