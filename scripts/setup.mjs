/**
 * Set-up for a checkout: installs from the lock file and builds, each only when needed.
 * Plain Node without dependencies, since it runs before there are any.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');
export const bundle = join(root, 'dist', 'kubetls.cjs');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error: kubetls needs Node 20.19 or later; this is ${process.version}`);
  process.exit(2);
}

/** Runs npm ci unless node_modules holds exactly what the lock file says. */
export function ensureInstalled() {
  if (installedAsLocked()) return;
  console.error('kubetls: installing dependencies from package-lock.json ...');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const run = spawnSync(npm, ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (run.status !== 0) {
    console.error('error: npm ci failed\nhint: see its output above; it needs the npm registry once');
    process.exit(2);
  }
}

function installedAsLocked() {
  // npm writes what it installed to node_modules/.package-lock.json, in the lock file's own format.
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || found[path]?.version === entry.version || entry.optional === true,
  );
}

/** Builds the bundle when a source is newer. */
export async function ensureBuilt() {
  if (builtAfterSources()) return;
  ensureInstalled();
  const { buildBundle } = await import('./build.mjs');
  await buildBundle();
}

function builtAfterSources() {
  if (!existsSync(bundle)) return false;
  const built = statSync(bundle).mtimeMs;
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((name) => join(root, 'src', name));
  const builders = ['build.mjs', 'program.cjs', 'code-cache.cjs'].map((name) => join(root, 'scripts', name));
  return [...sources, ...builders, join(root, 'package-lock.json')].every(
    (file) => statSync(file).mtimeMs <= built,
  );
}
