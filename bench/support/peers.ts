/**
 * Others who do the same work, each a process of its own that answers a line of JSON with a line of JSON:
 * how many seconds of processor time so many rounds took. They are asked in turn with us.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export type Work = 'issue' | 'sign' | 'parse' | 'verify';

/** What a peer is given besides the number of rounds: PEM texts, an instant of RFC 3339. */
export type Material = Readonly<Record<string, string | readonly string[]>>;

export interface Peer {
  readonly name: string;
  /** Seconds of processor time. */
  seconds(bench: Work, count: number, material: Material): Promise<number>;
  close(): void;
}

/** Go's crypto/x509 on one core; undefined, with its reason told, where it cannot be built. */
export function goPeer(): Peer | undefined {
  const script = join(import.meta.dirname, '..', 'scripts', 'real-tools.mjs');
  const run = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const tools = JSON.parse(run.stdout) as { oracle: string } | { missing: string };
  if ('oracle' in tools) return peer('Go', tools.oracle, [], { GOMAXPROCS: '1' });
  return without('Go', tools.missing);
}

/** pyca/cryptography, which is OpenSSL behind Rust; undefined where Python has it not. */
export function pycaPeer(): Peer | undefined {
  const run = spawnSync('python3', ['-c', 'import cryptography; print(cryptography.__version__)'], {
    encoding: 'utf8',
  });
  if (run.status !== 0) return without('pyca', 'python3 has no package cryptography');
  return peer(`pyca ${run.stdout.trim()}`, 'python3', [join(import.meta.dirname, 'support', 'pyca.py')], {});
}

function without(name: string, reason: string): undefined {
  console.error(`no comparison with ${name}: ${reason}`);
}

function peer(name: string, program: string, words: readonly string[], settings: NodeJS.ProcessEnv): Peer {
  const child = spawn(program, words, { env: { ...process.env, ...settings } });
  child.stderr.pipe(process.stderr);
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    name,
    async seconds(bench, count, material) {
      child.stdin.write(`${JSON.stringify({ bench, count, ...material })}\n`);
      return secondsIn(name, await answers.next(), child);
    },
    close: () => child.stdin.end(),
  };
}

function secondsIn(
  name: string,
  { done, value }: IteratorResult<string>,
  { exitCode }: ChildProcessWithoutNullStreams,
): number {
  if (done) throw new Error(`${name} ended with ${exitCode}`);
  const answer = JSON.parse(value) as { ok: boolean; error: string; seconds: number };
  if (!answer.ok) throw new Error(`${name}: ${answer.error}`);
  return answer.seconds;
}
