/**
 * Records test/vectors/own.json: of many random cases the smallest that shows each text of Go's, with Go's
 * answer; and the cases that are known to differ. `npm run hunt -- --record` runs it.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { packed } from '../vectors/own-cases.ts';
import { casesFrom, FAMILIES } from './case-families.ts';
import { largeKeyCase } from './large-key.ts';
import { type Answer, type Case, goAnswers, shapeOf } from './differential.ts';

const { values } = parseArgs({
  options: {
    oracle: { type: 'string', default: '' },
    cases: { type: 'string', default: '60000' },
    seed: { type: 'string', default: '1' },
    go: { type: 'string', default: '' },
    out: { type: 'string', default: '' },
  },
});
const BATCH = 400;

interface Found {
  readonly case: Case;
  readonly go: Answer;
  readonly size: number;
}

const sizeOf = ({ leaf, intermediates, roots }: Case) =>
  [leaf, ...intermediates, ...roots].reduce((sum, { length }) => sum + length, 0);

/** What a case shows: its text, and those of roots that were passed over. */
const shows = ({ ok, error, rootErrors }: Answer) => [ok ? 'ok' : shapeOf(error), ...rootErrors.map(shapeOf)];

const smallest = new Map<string, Found>();
for (let from = 0; from < Number(values.cases); from += BATCH) {
  const batch = casesFrom(Number(values.seed), from, BATCH, Object.keys(FAMILIES));
  const answers = await goAnswers(values.oracle, batch);
  for (const [i, each] of batch.entries()) {
    const found = { case: each, go: answers[i]!, size: sizeOf(each) };
    for (const text of shows(found.go)) {
      const known = smallest.get(text);
      if (!known || found.size < known.size) smallest.set(text, found);
    }
  }
}
const known = [largeKeyCase()];
const answers = await goAnswers(values.oracle, known);
const kept: { readonly case: Case; readonly go: Answer }[] = [
  ...known.map((each, i) => ({ case: each, go: answers[i]! })),
  ...[...new Set(smallest.values())].sort((a, b) => (a.case.id < b.case.id ? -1 : 1)),
];
const text = packed(values.go, kept);
writeFileSync(values.out, text);
process.stdout.write(`${kept.length} cases for ${smallest.size} texts, ${text.length} octets\n`);
