import { describe, expect, it } from 'vitest';
import { LineCounter } from 'yaml';
import { composeYaml, type YamlProblem } from './index.ts';

class Refused extends Error {}

/** What was refused, each time that the refusal was asked for. */
function refusals(text: string, bounds: { tokens?: number; depth?: number; knownOnly?: boolean } = {}) {
  const told: YamlProblem[] = [];
  const refuse = (problem: YamlProblem): never => {
    told.push(problem);
    throw new Refused();
  };
  const all = { tokens: 1_000_000, depth: 10, knownOnly: false, refuse, ...bounds };
  try {
    for (const document of composeYaml(text, new LineCounter(), all, {})) document.toJS();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  return told;
}

describe('the cost of a YAML text', () => {
  it('is that of its first error', () => {
    const told = refusals(`[${','.repeat(10_000)}`);
    expect(told.length).toBeLessThan(4);
    expect(new Set(told)).toHaveLength(1);
    expect(told[0]).toMatchObject({ code: 'UNEXPECTED_TOKEN', offset: 2 });
  });

  it('is that of the first error, however deep it stands and whatever follows', () => {
    const told = refusals(`[[[${'"\\q", '.repeat(10_000)}`);
    expect(new Set(told)).toHaveLength(1);
    expect(told[0]).toMatchObject({ code: 'BAD_DQ_ESCAPE' });
  });

  it('ends at the bound on tokens, far before the end of the text', () => {
    for (const piece of ['\n', '- ', '#\n', 'a: b\n', '---\n', '[']) {
      const [problem] = refusals(piece.repeat(100_000), { tokens: 500, depth: 1_000 });
      expect(problem?.offset).toBeLessThan(5_000);
    }
  });

  it.each(['[', '{', '- ', '? ', 'a: '])('ends at the bound on depth: %s', (open) => {
    const [problem] = refusals(open.repeat(100_000));
    expect(problem?.code).toMatch(/TOO_DEEP|BLOCK_AS_IMPLICIT_KEY/);
    expect(problem?.offset).toBeLessThan(100);
  });
});

describe('what is within the bounds', () => {
  it('is read to the last level', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}x${']'.repeat(depth)}`;
    expect(refusals(nested(10))).toEqual([]);
    expect(refusals(nested(13))).toMatchObject([{ code: 'TOO_DEEP' }]);
  });

  it('may have tags and directives that nobody knows, if it may', () => {
    for (const text of ['a: !!thing b', '%THING\n---\na']) {
      expect(refusals(text)).toEqual([]);
      expect(refusals(text, { knownOnly: true })).not.toEqual([]);
    }
  });
});
