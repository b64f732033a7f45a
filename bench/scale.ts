/**
 * A thousand workers: applying them against the bare cryptography and the bare file writes; a plan that has
 * nothing to do against reading and parsing the same files. Whole processes on both sides.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueAndWrite, manifestOf, readAndParse } from './support/bare.ts';
import { clusterFile, type ClusterSize } from './support/clusters.ts';
import { bin, measuredNode, measuredRole } from './support/programs.ts';
import { type Cost, costText, inTurns, medianOf, medianRatio } from './support/rounds.ts';
import type { Row } from './support/row.ts';

export const roles = { issueAndWrite, readAndParse };

const WORKERS = 1_000;
const APPLY_ROUNDS = 5;
const PLAN_ROUNDS = 9;

export async function bench(): Promise<Row[]> {
  return [
    ...(await rowsOf({ profile: 'flat', workers: WORKERS })),
    ...(await rowsOf({ profile: 'kubeadm', workers: WORKERS })),
  ];
}

async function rowsOf(size: ClusterSize): Promise<Row[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'kubetls-bench-'));
  try {
    const file = join(scratch, 'kubetls.yaml');
    writeFileSync(file, clusterFile(size));
    const state = join(scratch, 'state');
    return [await applying(size, scratch, file, state), await planning(size, scratch, file, state)];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Leaves an applied state behind. */
async function applying(
  { profile }: ClusterSize,
  scratch: string,
  file: string,
  state: string,
): Promise<Row> {
  const apply = (): Cost => {
    rmSync(state, { recursive: true, force: true });
    return measuredNode(scratch, [bin, 'apply', '-y', '-f', file, '--state', state]);
  };
  // Once before it counts: it says what is to be written.
  apply();
  const manifest = manifestOf(state);
  const manifestFile = join(scratch, 'manifest.json');
  writeFileSync(manifestFile, JSON.stringify(manifest));
  const bare = (): Cost => {
    const root = join(scratch, 'bare');
    rmSync(root, { recursive: true, force: true });
    return measuredRole(scratch, 'issueAndWrite', manifestFile, root);
  };
  const { kubetls, reference } = await inTurns(APPLY_ROUNDS, { reference: bare, kubetls: apply });
  const [certificates, files] = [manifest.certificates, manifest.files.length].map((n) =>
    n.toLocaleString('en'),
  );
  return {
    name: `scale: apply 1,000 workers, ${profile}`,
    ratio: medianRatio(reference, kubetls, 'wall'),
    unit: 'of the speed of bare keys, signatures and durable writes',
    detail: `${certificates} certificates, ${files} files: ${costText(kubetls)} against ${costText(reference)}; ${medianRatio(reference, kubetls, 'cpu').toFixed(2)} by processor time; ${medianOf(kubetls, 'memory').toFixed(0)} MiB`,
    atLeast: 0.5,
  };
}

async function planning(
  { profile }: ClusterSize,
  scratch: string,
  file: string,
  state: string,
): Promise<Row> {
  const { kubetls, reference } = await inTurns(PLAN_ROUNDS, {
    reference: () => measuredRole(scratch, 'readAndParse', state),
    kubetls: () => measuredNode(scratch, [bin, 'plan', '--detailed-exitcode', '-f', file, '--state', state]),
  });
  return {
    name: `scale: plan with nothing to do, 1,000 workers, ${profile}`,
    ratio: medianRatio(kubetls, reference, 'wall'),
    unit: 'times reading every file and parsing each content once',
    detail: `${costText(kubetls)} against ${costText(reference)}; ${medianRatio(kubetls, reference, 'cpu').toFixed(2)} by processor time; ${medianOf(kubetls, 'memory').toFixed(0)} MiB`,
    atMost: 1.5,
  };
}
