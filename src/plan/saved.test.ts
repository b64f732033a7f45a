import { describe, expect, it } from 'vitest';
import { applied, planOf } from '../../test/support/small-cluster.ts';
import { codeOf } from '../../test/judges/code-of.ts';
import { planView, requireSamePlan, savedInstant } from './index.ts';

const plan = await planOf(await applied());
const text = JSON.stringify(planView(plan));

describe('a saved plan', () => {
  it('is what it was made from, however it is laid out', () => {
    expect(savedInstant(text, 'f')).toBe(plan.at);
    expect(codeOf(() => requireSamePlan(text, 'f', plan))).toBe('none');
    const spread = JSON.stringify(planView(plan), undefined, 2);
    expect(codeOf(() => requireSamePlan(spread, 'f', plan))).toBe('none');
  });

  it('with a value more, less or changed is another one', () => {
    const others = [
      text.replace('"verb":"keep"', '"verb":"replace"'),
      text.replace('"world":', '"more":1,"world":'),
      text.replace('"world":', '"__proto__":null,"world":'),
      text.replace(/"cluster":"[^"]*",/, ''),
      'null',
      'no JSON',
    ];
    for (const other of others)
      expect(codeOf(() => requireSamePlan(other, 'f', plan))).toBe('plan/world-moved');
  });

  it('that is nested ever so deep is refused with a code', () => {
    const deep = text.replace('"world":', `"more":${'['.repeat(200_000)}${']'.repeat(200_000)},"world":`);
    expect(savedInstant(deep, 'f')).toBe(plan.at);
    expect(codeOf(() => requireSamePlan(deep, 'f', plan))).toBe('plan/world-moved');
  });
});
