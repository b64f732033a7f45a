/** Builds the one-file bin (esbuild), and with `--library` the ES modules and types (tsc). */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, ensureInstalled, root } from './setup.mjs';

export async function buildBundle() {
  const { build } = await import('esbuild');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // Written aside and renamed: a kubetls that starts meanwhile reads a whole file.
  const aside = `${bundle}.${process.pid}`;
  mkdirSync(join(root, 'dist'), { recursive: true });
  await build({
    entryPoints: [join(root, 'src', 'cli', 'main.ts')],
    outfile: aside,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: '#!/usr/bin/env node\nrequire("node:module").enableCompileCache?.();' },
    define: { KUBETLS_VERSION: JSON.stringify(version) },
  });
  chmodSync(aside, 0o755);
  renameSync(aside, bundle);
}

function buildLibrary() {
  rmSync(join(root, 'dist', 'lib'), { recursive: true, force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
  });
  if (run.status !== 0) process.exit(1);
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  await buildBundle();
  if (process.argv.includes('--library')) buildLibrary();
}
