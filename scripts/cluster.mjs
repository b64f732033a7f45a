/**
 * A real Kubernetes cluster on kubetls' PKI, to try things on (docs/real-cluster.md):
 *
 *   npm run cluster -- up [single|ha|two|externalEtcd] [flat|kubeadm]
 *   npm run cluster -- down
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { asModule } from './as-module.mjs';
import { ensureInstalled, root } from './setup.mjs';

ensureInstalled();
const { build } = await import('esbuild');

// Inside node_modules, so that nothing else of the repository sees it.
const scratch = mkdtempSync(join(root, 'node_modules', '.cluster-'));
let child;
// A terminal interrupts both: the program that is run ends, and then so does this.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child?.kill('SIGTERM'));
try {
  const outfile = join(scratch, 'main.mjs');
  await build({
    entryPoints: [join(root, 'test', 'real', 'cluster', 'by-hand.ts')],
    outfile,
    ...asModule,
  });
  child = spawn(process.execPath, [outfile, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  process.exitCode = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
