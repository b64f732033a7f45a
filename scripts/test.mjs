/**
 * `npm test`: all set-up, then every test that this machine can run. Ends with `N passed, N failed`;
 * what was skipped is named. With KUBETLS_SKIP_NOTHING=1 (CI) a skipped test is a failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './setup.mjs';

ensureInstalled();
await ensureBuilt();

const scratch = mkdtempSync(join(tmpdir(), 'kubetls-test-'));
const report = join(scratch, 'report.json');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const arguments_ = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const run = spawnSync(process.execPath, [vitest, ...arguments_, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});

const tests = readTests();
const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
const skipIsFailure = process.env.KUBETLS_SKIP_NOTHING === '1';
for (const test of skipped) console.log(`skipped: ${test.fullName}`);
const passed = tests.filter(({ status }) => status === 'passed').length;
const failed = tests.length - passed - (skipIsFailure ? 0 : skipped.length);
// A file that does not even load has no test that could fail: the runner's own verdict counts too.
const broken = run.status !== 0 && failed === 0 ? 1 : 0;
const counts = [`${passed} passed`, `${failed + broken} failed`];
if (skipped.length > 0 && !skipIsFailure) counts.push(`${skipped.length} skipped`);
console.log(counts.join(', '));
process.exitCode = failed + broken > 0 || passed === 0 ? 1 : 0;

function readTests() {
  try {
    return JSON.parse(readFileSync(report, 'utf8')).testResults.flatMap((file) => file.assertionResults);
  } catch {
    return [];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
