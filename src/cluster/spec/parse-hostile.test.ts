// Files that nobody would write, refused quickly and by name.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSpecText } from './default-text.ts';
import { parseSpec } from './parse.ts';
import { SpecError } from './problems.ts';
import { file, problemsOf } from './parse.fixture.ts';

describe('hostile files are refused, quickly and by name', () => {
  const files: readonly (readonly [string, string, string])[] = [
    ['empty', '', 'missing'],
    ['text', 'hello', 'type'],
    ['a list', '- a', 'type'],
    ['two documents', `${file()}\n---\n${file()}`, 'yaml'],
    ['deep flow', '['.repeat(100_000), 'yaml'],
    ['deep blocks', '- '.repeat(100_000), 'yaml'],
    ['deep keys', '? '.repeat(100_000), 'yaml'],
    ['many unknown keys', Array.from({ length: 50_000 }, (_, i) => `k${i}: v\n`).join(''), 'unknown-key'],
    ['an alias in itself', 'metadata: &a { name: *a }', 'yaml'],
    ['many nodes', `spec: { nodes: [${'{},'.repeat(10_001)}] }`, 'too-many'],
    ['many SANs', `spec: { sans: { etcd: [${'a,'.repeat(1_001)}] } }`, 'too-many'],
    ['many addresses', `spec: { nodes: [{ addresses: [${'a,'.repeat(1_001)}] }] }`, 'too-many'],
    ['blank lines', '\n'.repeat(1024 * 1024), 'too-large'],
    ['commas without values', `[${','.repeat(200_000)}`, 'yaml'],
    ['5 MiB', ' '.repeat(5 * 1024 * 1024), 'too-large'],
    ['a control character in a name', 'metadata: { name: "\\u001b[2J" }', 'value'],
  ];
  for (const [name, text, code] of files) {
    it(name, () => {
      const problems = problemsOf(text);
      expect(problems.length).toBeLessThanOrEqual(100);
      expect(problems.some((problem) => problem.includes(` ${code}: `))).toBe(true);
    });
  }

  it('keys that each stand twice, and aliases to nothing: some are reported, since each is looked for', () => {
    const lines = (line: (i: number) => string) =>
      Array.from({ length: 1_000 }, (_, i) => line(i)).join('\n');
    for (const [code, text] of [
      ['duplicate-key', lines((i) => `k${i}: v\nk${i}: v`)],
      ['yaml', lines((i) => `k${i}: *a`)],
    ] as const) {
      const told = problemsOf(text).filter((problem) => problem.includes(` ${code}: `));
      expect(told).toHaveLength(20);
    }
  });

  it('ten thousand nodes with a line for each value and a comment are read', () => {
    const node = (i: number) =>
      `# rack ${i}\n- name: worker-${i}\n  roles:\n  - ${i === 0 ? 'control-plane\n  - etcd' : 'worker'}\n` +
      `  addresses:\n  - 10.0.${i >> 8}.${i & 255}\n  - "fd00::${(i + 1).toString(16)}"\n\n`;
    const nodes = Array.from({ length: 10_000 }, (_, i) => node(i))
      .join('')
      .replace(/^(?=.)/gm, '  ');
    const text = `apiVersion: kubetls/v1\nkind: Cluster\nmetadata: { name: big }\nspec:\n  nodes:\n${nodes}`;
    expect(parseSpec(text, 'kubetls.yaml').nodes).toHaveLength(10_000);
  });

  it('an alias bomb', () => {
    const lines = ['a: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++)
      lines.push(
        `b${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(problemsOf(lines.join('\n')).join()).toContain('aliases stand for too much');
  });

  it('what is quoted cannot steer a terminal', () => {
    expect(problemsOf(file('dnsDomain: "\\u001b[2J\\u202e"')).join()).toContain('"\\u001b[2J\\u{202e}"');
  });

  it('any text at all is understood or refused', () => {
    const sample = defaultSpecText();
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '\n',
        ': ',
        '- ',
        '[',
        '{',
        '}',
        ']',
        '&a ',
        '*a',
        '"',
        "'",
        '|',
        '!!map ',
        '? ',
        '#',
        '\0',
        '---',
      ),
    );
    const cut = fc.nat({ max: sample.length });
    const spoilt = fc
      .tuple(cut, cut, piece)
      .map(([from, length, text]) => sample.slice(0, from) + text + sample.slice(from + (length % 9)));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          spoilt,
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            expect(parseSpec(text, 'f').nodes.length).toBeGreaterThan(0);
          } catch (error) {
            if (!(error instanceof SpecError)) throw error;
            const places = error.problems.map(({ where }) => [where?.line ?? 0, where?.column ?? 0]);
            expect(places.flat().filter((at) => at < 1)).toEqual([]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
