/**
 * `npm run bench [NAME...]`: each file of bench/ in a process of its own, as ratios against a reference that
 * runs side by side. Prints a table against the last recorded one; `--record` records this one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './setup.mjs';

ensureInstalled();
await ensureBuilt();
const { build } = await import('esbuild');

const recordFile = join(root, 'bench', 'last.json');
const last = existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, 'utf8')) : {};
const words = process.argv.slice(2);
const record = words.includes('--record');
const wanted = words.filter((word) => !word.startsWith('--'));
const files = readdirSync(join(root, 'bench')).filter(
  (name) => name.endsWith('.ts') && (wanted.length === 0 || wanted.includes(name.slice(0, -3))),
);

// Inside node_modules, so that what is bundled finds the packages that are left outside.
const scratch = mkdtempSync(join(root, 'node_modules', '.bench-'));
// An extra CA bundle costs 70 ms at every start of Node 20 and would hide what is measured.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const rows = [];
try {
  for (const file of files) {
    const outfile = join(scratch, file.replace(/ts$/, 'mjs'));
    await build({
      stdin: {
        contents: `import { bench } from './bench/${file}';\nconsole.log('\\n' + JSON.stringify(await bench()));`,
        resolveDir: root,
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      define: { 'import.meta.dirname': JSON.stringify(join(root, 'bench')) },
    });
    const run = spawnSync(process.execPath, ['--expose-gc', outfile], {
      cwd: root,
      env: { ...env, NODE_PATH: join(root, 'node_modules') },
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
console.log(`${'name'.padEnd(width)}  ratio   last    unit`);
for (const { name, ratio, unit, detail } of rows) {
  const before = last[name] === undefined ? '-' : last[name].toFixed(2);
  console.log(
    `${name.padEnd(width)}  ${ratio.toFixed(2).padEnd(6)}  ${before.padEnd(6)}  ${unit}${detail ? ` (${detail})` : ''}`,
  );
}
if (record) {
  const table = {
    ...last,
    ...Object.fromEntries(rows.map(({ name, ratio }) => [name, Number(ratio.toFixed(3))])),
  };
  writeFileSync(recordFile, `${JSON.stringify(table, undefined, 2)}\n`);
}
