/**
 * A small coverage-guided fuzzer: an input that takes an edge no other has taken is kept, and later ones are
 * made from it. The same seed and the same corpus give the same inputs, on every machine.
 *
 * Started by scripts/fuzz.mjs with a job as its argument; says what it did as JSON lines. Each input is in
 * the job's `current` file before it runs, for the case that this process does not survive it.
 */
import { openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readCorpus, writeInput } from './corpus.ts';
import { Coverage, forgetRun } from './coverage.ts';
import { execute, type Finding, shrunk } from './execute.ts';
import { mutated } from './mutate.ts';
import { inflated } from './mutate-structure.ts';
import { type Below, belowFrom, oneOf } from './random.ts';
import type { Target } from './target.ts';

/** What scripts/fuzz.mjs asks for. */
interface Job {
  readonly target: string;
  readonly seed: number;
  /** Times the target's pace. */
  readonly executions: number;
  /** What comes first ends it. */
  readonly seconds: number;
  readonly corpus: string;
  /** Inputs that cover something new are written to the corpus. */
  readonly grow: boolean;
  /** The corpus is reduced to inputs that each cover what no smaller one does. */
  readonly minimise: boolean;
  readonly current: string;
  /** The bundle of targets.ts. */
  readonly bundle: string;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own caller
const job = JSON.parse(process.argv[2] ?? '') as Job;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what targets.ts exports
const { targets } = createRequire(__filename)(job.bundle) as { targets: Readonly<Record<string, Target>> };
const current = openSync(job.current, 'w');

/** Now and then a piece of an input is repeated to a size at which more than linear work is seen. */
const INFLATE_EVERY = 400;
const LARGEST_INPUT = 1 << 14;
const LOOK_AT_CLOCK_EVERY = 64;
const OCTETS_PER_EDGE = 300;
let executions = 0;

async function fuzz(name: string, target: Target): Promise<void> {
  const started = Date.now();
  const below = belowFrom(job.seed);
  const coverage = new Coverage();
  // What loading the bundle has counted is no input's.
  forgetRun();
  const known = new Set<string>();
  const stored = readCorpus(job.corpus, name);
  const corpus: Buffer[] = [];
  for (const input of stored) {
    if ((await run(input)) >= worth(input) || !job.minimise) corpus.push(input);
  }
  const wanted = job.minimise ? 0 : Math.ceil(job.executions * target.pace);
  let kept = 0;
  for (let count = 1; count <= wanted; count++) {
    if (count % LOOK_AT_CLOCK_EVERY === 0 && Date.now() - started > 1000 * job.seconds) break;
    const chosen = choose(corpus, below);
    if (count % INFLATE_EVERY === 0) {
      await run(inflated(chosen, target.language, 1 << (14 + below(5)), below), false);
      continue;
    }
    const input = mutated(chosen, choose(corpus, below), target, below);
    if (input.length > LARGEST_INPUT || (await run(input)) === 0) continue;
    corpus.push(input);
    kept++;
    say('kept', { input: input.toString('base64'), answer: target.answer?.(input) });
    forgetRun();
    if (job.grow) writeInput(job.corpus, name, input);
  }
  if (job.minimise) say('minimal', { inputs: corpus.map((input) => input.toString('base64')) });
  say('done', { executions, stored: stored.length, kept, edges: coverage.edges, ms: Date.now() - started });

  /** How much it covers that nothing before it covered. */
  async function run(input: Buffer, counts = true): Promise<number> {
    executions++;
    writeCurrent(input);
    const finding = await execute(target, input);
    if (finding && !known.has(finding.key)) {
      known.add(finding.key);
      await report(target, finding, input);
    }
    if (counts && !finding) {
      const before = coverage.edges;
      const fresh = coverage.take();
      // A small corpus covers every edge, not every count of it.
      return job.minimise ? coverage.edges - before : fresh;
    }
    forgetRun();
    return 0;
  }
}

/** How many new edges make an input worth its place in the corpus: it is small, and is there to begin with. */
function worth({ length }: Buffer): number {
  return Math.max(2, length / OCTETS_PER_EDGE);
}

/** What is new is looked at as often as all that is old. */
function choose(corpus: readonly Buffer[], below: Below): Buffer {
  if (corpus.length === 0) return Buffer.alloc(1);
  const recent = Math.ceil(corpus.length / 4);
  return below(2) === 0 ? oneOf(corpus, below) : corpus[corpus.length - 1 - below(recent)]!;
}

async function report(target: Target, { kind, message, key }: Finding, input: Buffer): Promise<void> {
  forgetRun();
  const smaller = await shrunk(target, input, key);
  say('finding', { kind, message, input: smaller.toString('base64') });
}

function writeCurrent(input: Buffer): void {
  const head = Buffer.from(`${JSON.stringify({ length: input.length })}\n`);
  writeSync(current, Buffer.concat([head, input]), 0, head.length + input.length, 0);
}

function say(event: string, facts: object): void {
  writeSync(1, `${JSON.stringify({ event, target: job.target, ...facts })}\n`);
}

const wanted = targets[job.target];
if (!wanted) throw new Error(`no such target: ${job.target}`);
void fuzz(job.target, wanted);
