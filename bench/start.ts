/**
 * What is felt at every call: the start of the program, and the whole way for one node, against the real
 * kubeadm where it is built. Whole processes on both sides.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeadmConfig } from '../test/real/kubeadm-config.ts';
import { clusterFile } from './support/clusters.ts';
import { bin, measured, measuredNode, together } from './support/programs.ts';
import { type Cost, costText, inTurns, medianOf, medianRatio } from './support/rounds.ts';
import type { Row } from './support/row.ts';

export async function bench(): Promise<Row[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'kubetls-bench-'));
  try {
    const kubeadm = builtKubeadm();
    return [await version(), ...(kubeadm === undefined ? [] : [await oneNode(kubeadm, scratch)])];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function version(): Promise<Row> {
  const { kubetls, node } = await inTurns(31, {
    node: () => measured(process.execPath, ['-e', '0']),
    kubetls: () => measured(process.execPath, [bin, '--version']),
  });
  return {
    name: 'start: kubetls --version',
    ratio: medianRatio(kubetls, node, 'wall'),
    unit: 'times node -e 0',
    detail: `${costText(kubetls)} against ${costText(node)}; ${medianRatio(kubetls, node, 'cpu').toFixed(2)} by processor time`,
    atMost: 1.6,
  };
}

/** Undefined where there is none and none can be built. */
function builtKubeadm(): string | undefined {
  const script = join(import.meta.dirname, '..', 'scripts', 'real-tools.mjs');
  const run = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const tools = JSON.parse(run.stdout) as { kubeadm: string } | { missing: string };
  if ('kubeadm' in tools) return tools.kubeadm;
  console.error(`no comparison with kubeadm: ${tools.missing}`);
  return undefined;
}

/** kubeadm makes all of it with two phases; kubetls with plan and apply, and makes it durable. */
async function oneNode(kubeadm: string, scratch: string): Promise<Row> {
  const file = join(scratch, 'kubetls.yaml');
  writeFileSync(file, clusterFile({ profile: 'kubeadm', workers: 0 }));
  let round = 0;
  const theirs = (): Cost => {
    const root = join(scratch, `kubeadm-${round++}`, 'etc', 'kubernetes');
    mkdirSync(root, { recursive: true });
    const config = join(root, '..', 'kubeadm.yaml');
    const settings = { controlPlaneEndpoint: 'api.example.test:6443', algorithm: 'ECDSA-P256' } as const;
    const node = { name: 'master', address: '10.0.0.10' };
    writeFileSync(config, kubeadmConfig(settings, node, join(root, 'pki')));
    const phase = (what: string, ...more: string[]) =>
      measured(kubeadm, ['init', 'phase', what, 'all', '--config', config, ...more]);
    return together(phase('certs'), phase('kubeconfig', '--kubeconfig-dir', root));
  };
  const ours = (): Cost => {
    const where = ['-f', file, '--state', join(scratch, `state-${round++}`)];
    return together(
      measuredNode(scratch, [bin, 'plan', ...where]),
      measuredNode(scratch, [bin, 'apply', '-y', ...where]),
    );
  };
  const { kubetls, reference } = await inTurns(15, { reference: theirs, kubetls: ours });
  return {
    name: 'start: plan and apply for one node, kubeadm profile',
    ratio: medianRatio(kubetls, reference, 'wall'),
    unit: 'times kubeadm init phase certs all + kubeconfig all',
    detail: `${costText(kubetls)} against ${costText(reference)}; ${medianRatio(kubetls, reference, 'cpu').toFixed(2)} by processor time; ${medianOf(kubetls, 'memory').toFixed(0)} MiB`,
    atMost: 4,
  };
}
