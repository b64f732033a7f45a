/** `npm run check`: types, lint, format, layers, dead code, fast tests. Each by name; all are run. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, root } from './setup.mjs';

ensureInstalled();
const bin = (name) => join(root, 'node_modules', '.bin', name);
// What starts programs or hundreds of sockets is left to `npm test`.
const slow = [
  'src/{twin,probe,stores,hosts}/**',
  'src/cli/openssl/**',
  'src/**/{keys,chains,describe,carry}.test.ts',
];
const steps = [
  ['types', bin('tsc'), ['-p', root]],
  ['lint', bin('oxlint'), ['--type-aware', '--deny-warnings', 'src', 'test', 'bench', 'examples']],
  ['format', bin('biome'), ['format', '.']],
  ['layers', bin('depcruise'), ['--config', '.dependency-cruiser.mjs', '--output-type', 'err', 'src']],
  ['dead code', bin('knip'), []],
  [
    'fast tests',
    bin('vitest'),
    ['run', '--reporter=dot', 'src', ...slow.flatMap((glob) => ['--exclude', glob])],
  ],
];

let failed = 0;
for (const [name, command, arguments_] of steps) {
  const started = performance.now();
  const run = spawnSync(command, arguments_, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, KUBETLS_REAL: 'skip' },
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${run.status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (run.status !== 0) {
    failed++;
    console.log(run.stdout, run.stderr);
  }
}
process.exitCode = failed > 0 ? 1 : 0;
