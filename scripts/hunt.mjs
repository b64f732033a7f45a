/**
 * Programs that ask Go and us the same, bundled and run with the oracle's path:
 *
 *   npm run hunt -- --cases 100000 --seed 1 [--family NAME]    test/real/hunt.ts: what differs
 *   npm run hunt -- --record                                   test/real/record-own.ts: test/vectors/own.json
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { realTools } from './real-tools.mjs';
import { ensureInstalled, root } from './setup.mjs';

ensureInstalled();
const tools = await realTools();
if ('missing' in tools) throw new Error(tools.missing);
const { build } = await import('esbuild');
const words = process.argv.slice(2);
const record = words.includes('--record');
const go = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim();
const out = join(root, 'test', 'vectors', 'own.json');
const options = record ? ['--go', go, '--out', out] : [];
// Inside node_modules, so that nothing else of the repository sees it.
const scratch = mkdtempSync(join(root, 'node_modules', '.hunt-'));
try {
  const outfile = join(scratch, 'main.mjs');
  await build({
    entryPoints: [join(root, 'test', 'real', record ? 'record-own.ts' : 'hunt.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    // Files that stand beside their reader are read from here.
    define: { 'import.meta.dirname': JSON.stringify(join(root, 'test', 'vectors')) },
  });
  const rest = words.filter((word) => word !== '--record');
  const run = spawnSync(process.execPath, [outfile, '--oracle', tools.oracle, ...options, ...rest], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
