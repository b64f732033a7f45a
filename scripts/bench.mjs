/**
 * `npm run bench [NAME...]`: each file of bench/ in a process of its own, as ratios against a reference that
 * runs side by side. Prints a table against the last recorded one; `--record` records this one. Ends with 1
 * when a limit does not hold.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { asModule } from './as-module.mjs';
import { benchPage, holds, limitText, slipText } from './bench-page.mjs';
import { ensureBuilt, ensureInstalled, root } from './setup.mjs';

ensureInstalled();
await ensureBuilt();
const { build } = await import('esbuild');

const recordFile = join(root, 'bench', 'last.json');
const last = existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, 'utf8')).rows : [];
const words = process.argv.slice(2);
const record = words.includes('--record');
const wanted = words.filter((word) => !word.startsWith('--'));
const files = readdirSync(join(root, 'bench')).filter(
  (name) => name.endsWith('.ts') && (wanted.length === 0 || wanted.includes(name.slice(0, -3))),
);
const unknown = wanted.filter((word) => !files.includes(`${word}.ts`));
if (unknown.length > 0) {
  console.error(`error: there is no bench/${unknown.join('.ts, bench/')}.ts`);
  process.exit(2);
}

/** A benchmark starts itself again in a role: a reference, a server, one round. */
const main = (file) => `
  import * as file from './bench/${file}';
  const [role, ...words] = process.argv.slice(2);
  const work = role === undefined ? file.bench() : file.roles[role](...words);
  work.then((result) => role === undefined && console.log('\\n' + JSON.stringify(result)));
`;

/** Those that boot a real cluster. */
const MODULES = new Set(['api.ts', 'real.ts']);
const asScript = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' };

/** What another process of room bulk runs, beside what asks for it. */
const bulkProcess = join(root, 'src', 'bulk', 'process.ts');

// Inside node_modules, so that nothing else of the repository sees it.
const scratch = mkdtempSync(join(root, 'node_modules', '.bench-'));
// An extra CA bundle costs 70 ms at every start of Node 20 and would hide what is measured.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const rows = [];
try {
  await build({
    entryPoints: [bulkProcess],
    outfile: join(scratch, 'process.js'),
    bundle: true,
    platform: 'node',
    format: 'esm',
  });
  for (const file of files) {
    const modular = MODULES.has(file);
    const outfile = join(scratch, file.replace(/ts$/, modular ? 'mjs' : 'cjs'));
    await build({
      stdin: { contents: main(file), resolveDir: root },
      outfile,
      ...(modular ? asModule : asScript),
      define: {
        'import.meta.dirname': JSON.stringify(join(root, 'bench')),
        'import.meta.url': JSON.stringify(pathToFileURL(outfile).href),
      },
    });
    const run = spawnSync(process.execPath, ['--expose-gc', outfile], {
      cwd: root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 1 << 26,
    });
    if (run.status !== 0) {
      console.error(`error: bench/${file} failed`);
      process.exitCode = 1;
      continue;
    }
    rows.push(...JSON.parse(run.stdout.trim().split('\n').at(-1)));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const width = Math.max(...rows.map(({ name }) => name.length), 4);
console.log(`${'name'.padEnd(width)}  ratio   last    limit`);
for (const row of rows) {
  const { name, ratio, unit, detail } = row;
  const before = last.find((recorded) => recorded.name === name)?.ratio;
  const told = [limitText(row), holds(row) ? undefined : 'DOES NOT HOLD', slipText(row, before)];
  const columns = [name.padEnd(width), ratio.toFixed(2).padEnd(6), (before?.toFixed(2) ?? '-').padEnd(6)];
  console.log([...columns, told.filter(Boolean).join(': ')].join('  '));
  console.log(`${''.padEnd(width)}  ${unit}${detail ? ` (${detail})` : ''}`);
  if (!holds(row)) process.exitCode = 1;
}
if (record) {
  const measured = new Map(rows.map((row) => [row.name, { ...row, ratio: Number(row.ratio.toFixed(3)) }]));
  // A run of some files replaces their rows only.
  const kept = last.map((row) => measured.get(row.name) ?? row);
  const added = [...measured.values()].filter(({ name }) => kept.every((row) => row.name !== name));
  const machine = {
    node: process.versions.node,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
  };
  const recorded = { machine, rows: [...kept, ...added] };
  writeFileSync(recordFile, `${JSON.stringify(recorded, undefined, 2)}\n`);
  writeFileSync(join(root, 'docs', 'benchmarks.md'), benchPage(recorded));
}
