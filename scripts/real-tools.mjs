// Builds the real programs that tests judge kubetls by (real-programs.mjs), each set once per set of
// versions, into a cache outside the repository.
//
//   node scripts/real-tools.mjs        build what is not there yet, print the paths as JSON
//   KUBETLS_REAL=skip                  never build: every test that needs them skips, with this reason
//   KUBETLS_KUBERNETES=1.35            clusters of another release than the newest (kubectl and kubeadm stay)
//
// Built from source because Go's module proxy checks every byte against go.sum; there is no such
// record for a download of the binaries.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { homedir, setPriority } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { withLock } from './build-lock.mjs';
import { SETS } from './real-programs.mjs';

// GOFLAGS and GOWORK of the person's machine would change what is built.
const ENV = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' };

const found = new Map();

/**
 * Absolute paths of the built programs, or `{ missing: reason }`. Takes milliseconds when they stand in
 * the cache and minutes when they do not. A module that does not compile is thrown, not skipped.
 * `log` gets progress lines; they go to standard error when it is absent.
 */
export const realTools = (options) => toolsOf(SETS.judges, options);

/** As realTools: kube-apiserver and its like, the kubelet, the container runtime for it, and the hammer. */
export async function controlPlaneTools(options) {
  const tools = {};
  for (const set of [SETS.runtime, SETS.hammer, SETS.controlPlane]) {
    const built = await toolsOf(set, options);
    if ('missing' in built) return built;
    Object.assign(tools, built);
  }
  return tools;
}

function toolsOf(set, { log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  if (!found.has(set)) found.set(set, find(set, log));
  return found.get(set);
}

async function find(set, log) {
  if (process.env.KUBETLS_REAL === 'skip') return { missing: 'KUBETLS_REAL=skip' };
  const go = await run(set, ['env', 'GOVERSION', 'GOOS', 'GOARCH']);
  if (go.code !== 0) return { missing: `no usable Go on this machine: ${lastLine(go.stderr)}` };
  const home = path.join(cacheRoot(), await cacheKey(set, go.stdout));
  const tools = pathsIn(home, set);
  if (existsSync(home)) return tools;
  const bury = (pid) => rm(draftOf(home, pid), { recursive: true, force: true });
  const refused = await withLock(`${home}.lock`, { log, bury }, () =>
    existsSync(home) ? undefined : build(set, home, log),
  );
  return refused ?? tools;
}

function cacheRoot() {
  const base = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(base, 'kubetls', 'real');
}

function pathsIn(home, { programs }) {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return Object.fromEntries(
    Object.keys(programs).map((name) => [name, path.join(home, 'bin', name + suffix)]),
  );
}

const draftOf = (home, pid) => `${home}.draft-${pid}`;

/** Everything that decides the bytes of the programs. */
async function cacheKey({ module, sums, ldflags, programs, own }, goVersion) {
  const hash = createHash('sha256').update(JSON.stringify([goVersion, ldflags, programs]));
  const sources = (await readdir(path.join(module, own))).filter((name) => name.endsWith('.go')).sort();
  for (const name of [...sums, ...sources.map((file) => `${own}/${file}`)]) {
    hash.update(`\0${name}\0`).update(await readFile(path.join(module, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Fills a directory of its own and renames it, so that a cache directory is whole or absent. */
async function build(set, home, log) {
  const draft = draftOf(home, process.pid);
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const ticker = setInterval(() => log(`real tools: still at it, ${seconds()}`), 30_000);
  try {
    const names = Object.keys(set.programs).join(', ');
    const sources = Object.values(set.programs);
    log(`real tools: fetching the modules of ${names}`);
    const fetched = await run(set, ['list', '-deps', '-f', '{{.ImportPath}}', ...sources]);
    if (fetched.code !== 0) return { missing: `Go's modules cannot be fetched: ${lastLine(fetched.stderr)}` };
    log(`real tools: compiling ${names} (once, some minutes)`);
    const flags = ['-trimpath', '-buildvcs=false', '-ldflags', set.ldflags];
    await mkdir(draft, { recursive: true });
    const built = await run(set, [
      'build',
      ...flags,
      '-o',
      `${path.join(draft, 'bin')}${path.sep}`,
      ...sources,
    ]);
    if (built.code !== 0) throw new Error(`go build of the real tools failed:\n${built.stderr}`);
    // Go names a program by the path's last element that is no version: etcd's is `server`.
    const { etcd } = pathsIn(draft, set);
    if (etcd)
      await rename(path.join(path.dirname(etcd), path.basename(etcd).replace('etcd', 'server')), etcd);
    // Somebody may have built the same at the same time (build-lock.mjs says when): theirs is as good.
    await rename(draft, home).catch((error) => {
      if (!existsSync(home)) throw error;
    });
    log(`real tools: built in ${seconds()}`);
    return undefined;
  } finally {
    clearInterval(ticker);
    await rm(draft, { recursive: true, force: true });
  }
}

/** `go`, in the module. Never rejects; `code` is null when the program did not start. */
function run({ module }, args) {
  return new Promise((resolve) => {
    const child = spawn('go', args, { cwd: module, env: ENV, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (output.stdout += chunk));
    child.stderr.on('data', (chunk) => (output.stderr += chunk));
    child.on('spawn', () => setPriority(child.pid ?? 0, 10)); // whoever waits for the build also works
    child.on('error', (error) => resolve({ code: null, stdout: '', stderr: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, ...output }));
  });
}

function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? '';
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [judges, controlPlane] = [await realTools(), await controlPlaneTools()];
  const tools = { ...judges, ...controlPlane };
  console.log(JSON.stringify(tools, null, 2));
  process.exitCode = 'missing' in tools ? 1 : 0;
}
