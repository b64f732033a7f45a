/**
 * `node scripts/fuzz.mjs [TARGET...]`: looks for inputs that a parser does not survive (docs/fuzzing.md).
 *
 *   --seconds N      for so long, over all targets (default 60)
 *   --executions N   instead: so many of each quick target, fewer of slow ones
 *   --seed S         the inputs of that run again; without it a new seed, which is printed
 *   --grow           what covers something new is added to the corpus
 *   --minimise       only reduces the corpus to inputs that each cover what no smaller one does
 *   --oracle         what covers something new is read by Go too (needs Go)
 *
 * Ends with 1 when there is a finding; each is written to fuzz-findings/ with its input.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { ensureInstalled, root } from './setup.mjs';

ensureInstalled();
const { buildFuzzer } = await import('./fuzz-bundle.mjs');

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    executions: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    grow: { type: 'boolean', default: false },
    minimise: { type: 'boolean', default: false },
    oracle: { type: 'boolean', default: false },
  },
});

const corpus = join(root, 'test', 'fuzz', 'corpus');
const findings = join(root, 'fuzz-findings');
/** Wall time without a new input: a hang, even on a machine with a lot to do. */
const HANG_MS = 30_000;
/** What Go says of a date as the value of a name: not re-created (src/verify/parse-messages-request.ts). */
const OF_A_DATE = /^parsing time|^asn1: time/;

// Inside node_modules, so that nothing else of the repository sees it.
const scratch = mkdtempSync(join(root, 'node_modules', '.fuzz-'));
const current = join(scratch, 'current');
const questions = [];
let found = 0;
try {
  await buildFuzzer(scratch);
  const all = positionals.length > 0 ? positionals : readdirSync(corpus).sort();
  const seconds = Number(options.seconds ?? (options.executions || options.minimise ? 1e6 : 60));
  const executions = Number(options.executions ?? 1e12);
  console.log(`seed ${options.seed}`);
  for (const target of all) await fuzz(target, executions, seconds / all.length);
  if (options.oracle) await compareWithGo();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(found === 0 ? 'no findings' : `${found} findings, in ${findings}`);
process.exitCode = found === 0 ? 0 : 1;

/** A target in a process of its own: one that hangs or dies takes no other with it. */
async function fuzz(target, executions, seconds) {
  const { grow, minimise, seed } = options;
  const bundle = join(scratch, 'targets.cjs');
  const job = { target, seed: Number(seed), executions, seconds, corpus, grow, minimise, current, bundle };
  const memory = ['--expose-gc', '--max-old-space-size=512', '--stack-trace-limit=4'];
  const child = spawn(process.execPath, [...memory, join(scratch, 'engine.cjs'), JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let trouble = '';
  child.stderr.on('data', (chunk) => (trouble = (trouble + chunk).slice(-4000)));
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
  const watch = setInterval(() => {
    if (Date.now() - statSync(current).mtimeMs < HANG_MS) return;
    trouble = `no end in ${HANG_MS / 1000} s`;
    child.kill('SIGKILL');
  }, 1000);
  writeFileSync(current, '');
  let done = false;
  for await (const line of createInterface({ input: child.stdout })) done = take(JSON.parse(line)) || done;
  clearInterval(watch);
  const code = await ended;
  if (done && code === 0) return;
  const input = readFileSync(current);
  const head = input.indexOf('\n');
  if (head < 0) throw new Error(`the fuzzer did not start: ${trouble}`);
  const { length } = JSON.parse(input.toString('utf8', 0, head));
  report(
    target,
    { kind: 'death', message: `${code}: ${trouble}` },
    input.subarray(head + 1, head + 1 + length),
  );
}

/** One line of the engine's; true for the last one. */
function take(line) {
  const input = Buffer.from(line.input ?? '', 'base64');
  if (line.event === 'finding') report(line.target, line, input);
  if (line.event === 'kept' && line.answer) questions.push({ ...line, input });
  if (line.event === 'minimal') rewriteCorpus(line.target, line.inputs);
  if (line.event !== 'done') return false;
  const { target, executions, stored, kept, edges, ms } = line;
  const rate = Math.round((1000 * executions) / ms);
  console.log(
    `${target.padEnd(16)} ${executions} inputs (${rate}/s), ${edges} edges, corpus ${stored} + ${kept} new`,
  );
  return true;
}

function report(target, { kind, message }, input) {
  found++;
  mkdirSync(findings, { recursive: true });
  const file = join(findings, `${target}-${kind}-${digest(input)}`);
  writeFileSync(file, input);
  console.log(`FOUND ${target}: ${kind}: ${message}\n  ${file}`);
}

function rewriteCorpus(target, inputs) {
  rmSync(join(corpus, target), { recursive: true });
  mkdirSync(join(corpus, target));
  for (const base64 of inputs) {
    const input = Buffer.from(base64, 'base64');
    writeFileSync(join(corpus, target, digest(input)), input);
  }
}

function digest(input) {
  return createHash('sha256').update(input).digest('hex').slice(0, 16);
}

/**
 * Same verdict, and the same words where ours are Go's. A key whose numbers do not fit each other is taken by Go,
 * and refused by us.
 */
async function compareWithGo() {
  const { realTools } = await import('./real-tools.mjs');
  const tools = await realTools();
  if ('missing' in tools) throw new Error(tools.missing);
  const child = spawn(tools.oracle, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = questions.map(({ answer, input }) => ({
    parse: answer.parse,
    der: input.toString('base64'),
  }));
  child.stdin.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  let index = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const go = JSON.parse(line);
    const { target, answer, input } = questions[index++];
    const stricter = answer.parse === 'key' && answer.error === undefined;
    const own = OF_A_DATE.test(go.error) && answer.error !== '' ? undefined : answer.error;
    const same =
      own === undefined ? stricter || !go.ok : withoutAddresses(own) === withoutAddresses(go.error);
    if (!same) report(target, { kind: 'go', message: `Go: ${go.error}; ours: ${answer.error}` }, input);
  }
  console.log(`${index} inputs compared with Go`);
}

/** Go prints a pointer in one of its texts. */
function withoutAddresses(text) {
  return text.replace(/0x[0-9a-f]+/g, '0x');
}
