/** Builds the one-file bin (esbuild), and with `--library` the ES modules and types (tsc). */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asComment } from './program.cjs';
import { bundle, ensureInstalled, root } from './setup.mjs';

export async function buildBundle() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const program = await compile('run.ts', { plugins: [withoutChildProcess] });
  const id = createHash('sha256').update(program).digest('hex');
  const entry = await compile('main.ts', {
    banner: { js: '#!/usr/bin/env node' },
    define: { KUBETLS_VERSION: JSON.stringify(version) },
    plugins: [programApart(id)],
  });
  // Written aside and renamed: a kubetls that starts meanwhile reads a whole file.
  const aside = `${bundle}.${process.pid}`;
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(aside, entry + asComment(program));
  chmodSync(aside, 0o755);
  renameSync(aside, bundle);
  // It goes without, only slower.
  spawnSync(process.execPath, [join(root, 'scripts', 'code-cache.cjs'), bundle, id], { stdio: 'ignore' });
}

/**
 * commander starts programs of other files for those who have them. We have none, and Node takes 3 ms to load what
 * it would do that with: a twentieth of a small run.
 */
const withoutChildProcess = {
  name: 'without-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('/node_modules/commander/') ? { path: 'none', namespace: 'none' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'none' }, () => ({ contents: 'module.exports = {};' }));
  },
};

async function compile(file, options) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src', 'cli', file)],
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    legalComments: 'none',
    logLevel: 'warning',
    ...options,
  });
  return outputFiles[0].text;
}

/** The entry imports the program as if it were a file beside it. */
function programApart(id) {
  const loader = JSON.stringify(join(root, 'scripts', 'program.cjs'));
  const contents = `module.exports = require(${loader}).load(__filename, '${id}').exports;`;
  return {
    name: 'program-apart',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/run\.ts$/ }, () => ({ path: 'program', namespace: 'apart' }));
      onLoad({ filter: /./, namespace: 'apart' }, () => ({ contents, resolveDir: root }));
    },
  };
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
