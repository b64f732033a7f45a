/**
 * The long run: random cases of every family, asked of Go and of us, in batches. Each disagreement is printed
 * once for each pair of texts, with the question itself. `npm run hunt -- --cases 100000 --seed 1 --family hosts`.
 * Or public suites: `--pkits "$(go env GOROOT)"`, `--bettertls FILE`, `--limbo FILE`.
 */
import { parseArgs } from 'node:util';
import { casesFrom, FAMILIES } from './case-families.ts';
import { divergences, unexplained } from '../vectors/divergences.ts';
import { type Answer, type Case, differences, goAnswers, shapeOf } from './differential.ts';
import { betterTlsCases, limboCases, pkitsCases } from './outside-suites.ts';

const { values } = parseArgs({
  options: {
    oracle: { type: 'string', default: '' },
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    pkits: { type: 'string' },
    bettertls: { type: 'string' },
    limbo: { type: 'string' },
    family: { type: 'string', multiple: true, default: Object.keys(FAMILIES) },
  },
});
const BATCH = 400;
const known = divergences();
const total = Number(values.cases);
const seed = Number(values.seed);
const say = (text: string) => process.stderr.write(`hunt: ${text}\n`);

const kind = ({ ok, stage, error, rootErrors }: Answer) =>
  [ok, stage, shapeOf(error), ...rootErrors.map(shapeOf)].join(' ');

const kinds = new Map<string, number>();
const texts = new Set<string>();
let different = 0;

async function compare(batch: readonly Case[]): Promise<void> {
  const answers = await goAnswers(values.oracle, batch);
  for (const { error } of answers) texts.add(shapeOf(error));
  for (const difference of unexplained(differences(batch, answers), known)) {
    different++;
    const pair = `${kind(difference.ours)} | ${kind(difference.go)}`;
    const times = (kinds.get(pair) ?? 0) + 1;
    kinds.set(pair, times);
    if (times <= 2) console.log(JSON.stringify(difference));
  }
}

/** Suites that were named on the command line; else the random families. */
function* batches(): Generator<Case[]> {
  const { pkits, bettertls, limbo } = values;
  const at = Date.now();
  if (pkits !== undefined) yield pkitsCases(pkits, at);
  if (bettertls !== undefined) yield betterTlsCases(bettertls, at);
  if (limbo !== undefined) yield limboCases(limbo, at);
  if (pkits ?? bettertls ?? limbo) return;
  say(`${total} cases of ${values.family.join(', ')}, seed ${seed}`);
  for (let from = 0; from < total; from += BATCH) {
    yield casesFrom(seed, from, Math.min(BATCH, total - from), values.family);
  }
}

let asked = 0;
for (const batch of batches()) {
  for (let from = 0; from < batch.length; from += BATCH) await compare(batch.slice(from, from + BATCH));
  asked += batch.length;
  if (asked % (BATCH * 25) < batch.length) say(`${asked} asked, ${different} differ`);
}
say(`${asked} asked, ${different} differ in ${kinds.size} ways; ${texts.size} texts of Go`);
for (const [pair, times] of kinds) say(`${times} x ${pair}`);
process.exitCode = different > 0 ? 1 : 0;
