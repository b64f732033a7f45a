// Builds the real programs that tests judge kubetls by (etcd, etcdctl, kubeadm, kubectl, and Go's own
// crypto/x509 as `oracle`), once per set of versions, into a cache outside the repository.
//
//   node scripts/real-tools.mjs        build if need be, print the paths as JSON
//   KUBETLS_REAL=skip                  never build: every test that needs them skips, with this reason
//
// Built from source because Go's module proxy checks every byte against go.sum; there is no such
// record for a download of the binaries.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { homedir, setPriority } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withLock } from './build-lock.mjs';

const MODULE = fileURLToPath(new URL('../test/real', import.meta.url));
const version = 'k8s.io/component-base/version';
// kubeadm reads its own version at run time and looks on the internet for one when it has none.
const KUBERNETES = `-X ${version}.gitVersion=v1.37.2 -X ${version}.gitMajor=1 -X ${version}.gitMinor=37`;
const LDFLAGS = `-s -w ${KUBERNETES}`;
const PACKAGES = {
  etcd: 'go.etcd.io/etcd/server/v3',
  etcdctl: 'go.etcd.io/etcd/etcdctl/v3',
  kubeadm: 'k8s.io/kubernetes/cmd/kubeadm',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  oracle: './oracle',
};
// GOFLAGS and GOWORK of the person's machine would change what is built.
const ENV = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' };

let once;

/**
 * Absolute paths of the built programs, or `{ missing: reason }`. Takes milliseconds when they stand in
 * the cache and minutes when they do not. A module that does not compile is thrown, not skipped.
 * `log` gets progress lines; they go to standard error when it is absent.
 */
export function realTools({ log = (line) => process.stderr.write(`${line}\n`) } = {}) {
  once ??= find(log);
  return once;
}

async function find(log) {
  if (process.env.KUBETLS_REAL === 'skip') return { missing: 'KUBETLS_REAL=skip' };
  const go = await run('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH']);
  if (go.code !== 0) return { missing: `no usable Go on this machine: ${lastLine(go.stderr)}` };
  const home = path.join(cacheRoot(), await cacheKey(go.stdout));
  const tools = pathsIn(home);
  if (existsSync(home)) return tools;
  const bury = (pid) => rm(draftOf(home, pid), { recursive: true, force: true });
  const refused = await withLock(`${home}.lock`, { log, bury }, () =>
    existsSync(home) ? undefined : build(home, log),
  );
  return refused ?? tools;
}

function cacheRoot() {
  const base = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(base, 'kubetls', 'real');
}

function pathsIn(home) {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = (name) => path.join(home, 'bin', name + suffix);
  return {
    etcd: bin('etcd'),
    etcdctl: bin('etcdctl'),
    kubeadm: bin('kubeadm'),
    kubectl: bin('kubectl'),
    oracle: bin('oracle'),
  };
}

const draftOf = (home, pid) => `${home}.draft-${pid}`;

/** Everything that decides the bytes of the programs. */
async function cacheKey(goVersion) {
  const hash = createHash('sha256').update(JSON.stringify([goVersion, LDFLAGS, PACKAGES]));
  const oracle = (await readdir(path.join(MODULE, 'oracle'))).filter((name) => name.endsWith('.go')).sort();
  for (const name of ['go.mod', 'go.sum', ...oracle.map((file) => `oracle/${file}`)]) {
    hash.update(`\0${name}\0`).update(await readFile(path.join(MODULE, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Fills a directory of its own and renames it, so that a cache directory is whole or absent. */
async function build(home, log) {
  const draft = draftOf(home, process.pid);
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const ticker = setInterval(() => log(`real tools: still at it, ${seconds()}`), 30_000);
  try {
    log('real tools: fetching the modules of etcd and Kubernetes');
    const sources = Object.values(PACKAGES);
    const fetched = await run('go', ['list', '-deps', '-f', '{{.ImportPath}}', ...sources]);
    if (fetched.code !== 0) return { missing: `Go's modules cannot be fetched: ${lastLine(fetched.stderr)}` };
    log('real tools: compiling etcd, etcdctl, kubeadm, kubectl (once, some minutes)');
    const flags = ['-trimpath', '-buildvcs=false', '-ldflags', LDFLAGS];
    await mkdir(draft, { recursive: true });
    const built = await run('go', [
      'build',
      ...flags,
      '-o',
      `${path.join(draft, 'bin')}${path.sep}`,
      ...sources,
    ]);
    if (built.code !== 0) throw new Error(`go build of the real tools failed:\n${built.stderr}`);
    // Go names a program by the path's last element that is no version: etcd's is `server`.
    const { etcd } = pathsIn(draft);
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

/** Never rejects; `code` is null when the program did not start. */
function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: MODULE, env: ENV, stdio: ['ignore', 'pipe', 'pipe'] });
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
  const found = await realTools();
  console.log(JSON.stringify(found, null, 2));
  process.exitCode = 'missing' in found ? 1 : 0;
}
