/**
 * The long run: random cases of every family, asked of Go and of us, in batches. Each disagreement is printed
 * once for each pair of texts, with what makes it again. `npm run hunt -- --cases 100000 --seed 1 --family hosts`
 */
import { parseArgs } from 'node:util';
import { casesFrom, FAMILIES } from './case-families.ts';
import { type Answer, differences, goAnswers, shapeOf } from './differential.ts';

const { values } = parseArgs({
  options: {
    oracle: { type: 'string', default: '' },
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    family: { type: 'string', multiple: true, default: Object.keys(FAMILIES) },
  },
});
const BATCH = 400;
const total = Number(values.cases);
const seed = Number(values.seed);
const say = (text: string) => process.stderr.write(`hunt: ${text}\n`);

const kind = ({ ok, stage, error, rootErrors }: Answer) =>
  [ok, stage, shapeOf(error), ...rootErrors.map(shapeOf)].join(' ');

say(`${total} cases of ${values.family.join(', ')}, seed ${seed}`);
const kinds = new Map<string, number>();
const texts = new Set<string>();
let different = 0;
for (let from = 0; from < total; from += BATCH) {
  const batch = casesFrom(seed, from, Math.min(BATCH, total - from), values.family);
  const answers = await goAnswers(values.oracle, batch);
  for (const { error } of answers) texts.add(shapeOf(error));
  for (const difference of differences(batch, answers)) {
    different++;
    const pair = `${kind(difference.ours)} | ${kind(difference.go)}`;
    const times = (kinds.get(pair) ?? 0) + 1;
    kinds.set(pair, times);
    if (times <= 2) console.log(JSON.stringify(difference));
  }
  if (from % (BATCH * 25) === 0) say(`${from + batch.length} asked, ${different} differ`);
}
say(`${total} asked, ${different} differ in ${kinds.size} ways; ${texts.size} texts of Go`);
for (const [pair, times] of kinds) say(`${times} x ${pair}`);
process.exitCode = different > 0 ? 1 : 0;
