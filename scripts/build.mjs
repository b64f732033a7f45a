/** Builds the one-file bin (esbuild), and with `--library` the ES modules and types (tsc). */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, ensureInstalled, root } from './setup.mjs';

export async function buildBundle() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const program = await compile('run.ts', {});
  const entry = await compile('main.ts', {
    banner: { js: '#!/usr/bin/env node\nrequire("node:module").enableCompileCache?.();' },
    define: { KUBETLS_VERSION: JSON.stringify(version) },
    plugins: [programApart],
  });
  if (program.includes(BROKEN_END)) throw new Error('the program holds what stands for the end of a comment');
  // Written aside and renamed: a kubetls that starts meanwhile reads a whole file.
  const aside = `${bundle}.${process.pid}`;
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(aside, `${entry}${START}${program.replaceAll('*/', BROKEN_END)}*/\n`);
  chmodSync(aside, 0o755);
  renameSync(aside, bundle);
}

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

/**
 * V8 reads a script to its end before it runs the first line, which for the whole program takes as long as
 * to start Node. So the program stands in a comment behind the entry, which compiles it when it is needed:
 * `--version` does not. It has a name of its own, since Node's compile cache goes by names.
 */
const START = '/*program:\n';
const BROKEN_END = '*\u0001/';

const programApart = {
  name: 'program-apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/run\.ts$/ }, () => ({ path: 'program', namespace: 'apart' }));
    onLoad({ filter: /./, namespace: 'apart' }, () => ({
      contents: `
        const text = require('node:fs').readFileSync(__filename, 'latin1');
        const Module = require('node:module');
        const program = new Module(__filename + '#program', module);
        const source = text.slice(text.lastIndexOf(${JSON.stringify(START)}) + ${START.length}, -3);
        program._compile(source.replaceAll(${JSON.stringify(BROKEN_END)}, '*/'), program.id);
        module.exports = program.exports;
      `,
    }));
  },
};

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
