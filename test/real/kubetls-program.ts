// The command line as a person runs it, over a tree of a test.
import path from 'node:path';
import { ensureBuilt, root } from '../../scripts/setup.mjs';
import type { ClusterTree } from './cluster-tree.ts';
import { type Outcome, runProgram } from './run-program.ts';

/** `kubetls -f FILE --state DIR ARGS`; built first when a source is newer. */
export async function kubetls(tree: ClusterTree, args: readonly string[]): Promise<Outcome> {
  await ensureBuilt();
  const where = ['-f', tree.yaml, '--state', tree.state];
  return runProgram(process.execPath, [path.join(root, 'kubetls'), ...where, ...args]);
}

/** What `kubetls/prove/v1` says of one edge. */
export interface ProvenEdge {
  id: string;
  state: 'ok' | 'failed' | 'unknown';
  predicted: ProvenVerdict;
  observed: ProvenVerdict | null;
}

export interface ProvenVerdict {
  ok: boolean;
  error?: string;
  server: { ok: boolean; error?: string };
  client: { ok: boolean; error?: string };
}

export interface ProveAnswer {
  code: number | null;
  stderr: string;
  edges: readonly ProvenEdge[];
  refusals: readonly { id: string; state: 'ok' | 'failed' | 'unknown' }[];
}

/** `kubetls prove ARGS -o json` */
export async function kubetlsProve(tree: ClusterTree, args: readonly string[]): Promise<ProveAnswer> {
  const { code, stdout, stderr } = await kubetls(tree, ['prove', ...args, '-o', 'json']);
  if (!stdout.startsWith('{')) throw new Error(`kubetls prove ended with ${code}\n${stdout}${stderr}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape that docs promise
  const { edges, refusals } = JSON.parse(stdout) as Pick<ProveAnswer, 'edges' | 'refusals'>;
  return { code, stderr, edges, refusals };
}
