// The command line as a person runs it, over a tree of a test.
import path from 'node:path';
import { ensureBuilt, root } from '../../scripts/setup.mjs';
import type { ClusterTree } from './cluster-tree.ts';
import { type Outcome, runProgram } from './run-program.ts';

/** `kubetls -f FILE --state DIR ARGS`; built first when a source is newer. */
export async function kubetls(tree: ClusterTree, args: readonly string[]): Promise<Outcome> {
  const [node, ...rest] = await kubetlsCommand(tree, args);
  return runProgram(node, rest);
}

/** For those who run it elsewhere. */
export async function kubetlsCommand(
  tree: Pick<ClusterTree, 'yaml' | 'state'>,
  args: readonly string[],
): Promise<[string, ...string[]]> {
  await ensureBuilt();
  return [process.execPath, path.join(root, 'kubetls'), '-f', tree.yaml, '--state', tree.state, ...args];
}

/** What `kubetls/prove/v1` says of one edge. */
export interface ProvenEdge {
  id: string;
  state: 'ok' | 'failed' | 'unknown';
  predicted: ProvenVerdict;
  observed: ProvenVerdict | null;
  /** Why nothing was observed. */
  unknown: string | null;
}

export interface ProvenVerdict {
  ok: boolean;
  error?: string;
  server: { ok: boolean; error?: string };
  client: { ok: boolean; error?: string };
}

/** What it says of a file that a program holds in memory. */
export interface HeldFile {
  process: string;
  role: string;
  files: readonly string[];
  state: 'fresh' | 'stale' | 'unknown';
  by: string | null;
  text: string;
  onDisk: boolean;
  remedy: { kind: 'restart' | 'wait'; commands: readonly string[] } | null;
}

export interface ProveAnswer {
  code: number | null;
  stderr: string;
  edges: readonly ProvenEdge[];
  refusals: readonly { id: string; state: 'ok' | 'failed' | 'unknown' }[];
  inMemory: readonly HeldFile[];
}

/** `kubetls prove ARGS -o json` */
export async function kubetlsProve(tree: ClusterTree, args: readonly string[]): Promise<ProveAnswer> {
  return proveAnswer(await kubetls(tree, ['prove', ...args, '-o', 'json']));
}

/** What `kubetls prove -o json` printed. */
export function proveAnswer({ code, stdout, stderr }: Outcome): ProveAnswer {
  if (!stdout.startsWith('{')) throw new Error(`kubetls prove ended with ${code}\n${stdout}${stderr}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape that docs promise
  const { edges, refusals, inMemory } = JSON.parse(stdout) as Omit<ProveAnswer, 'code' | 'stderr'>;
  return { code, stderr, edges, refusals, inMemory };
}

/** What `kubetls/check/v1` says of one fault. */
export interface Finding {
  readonly id: string;
  readonly severity: string;
  readonly places: readonly string[];
}

export interface CheckAnswer {
  code: number | null;
  stderr: string;
  findings: readonly Finding[];
}

/** What `kubetls check -o json` printed. */
export function checkAnswer({ code, stdout, stderr }: Outcome): CheckAnswer {
  if (!stdout.startsWith('{')) throw new Error(`kubetls check ended with ${code}\n${stdout}${stderr}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape that docs promise
  const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] };
  return { code, stderr, findings };
}

/** Each in a line, sorted: `error expired at nodes/cp1/etc/kubernetes/pki/apiserver.crt and 2 more`. */
export function told({ findings }: Pick<CheckAnswer, 'findings'>): string[] {
  const places = ([first = '', ...others]: readonly string[]) =>
    [ofState(first), ...(others.length > 0 ? [`${others.length} more`] : [])].join(' and ');
  return findings.map((one) => `${one.severity} ${one.id} at ${places(one.places)}`).sort();
}

const ofState = (place: string) => place.replace(/^.*\/(?:kubetls-state\/|(?=kubetls\.yaml$))/, '');
