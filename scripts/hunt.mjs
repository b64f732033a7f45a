/** `npm run hunt -- --cases 100000 --seed 1 [--family NAME]`: runs test/real/hunt.ts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { realTools } from './real-tools.mjs';
import { ensureInstalled, root } from './setup.mjs';

ensureInstalled();
const tools = await realTools();
if ('missing' in tools) throw new Error(tools.missing);
const { build } = await import('esbuild');
// Inside node_modules, so that nothing else of the repository sees it.
const scratch = mkdtempSync(join(root, 'node_modules', '.hunt-'));
try {
  const outfile = join(scratch, 'hunt.mjs');
  await build({
    entryPoints: [join(root, 'test', 'real', 'hunt.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const run = spawnSync(process.execPath, [outfile, '--oracle', tools.oracle, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
