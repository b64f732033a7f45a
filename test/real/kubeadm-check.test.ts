// What the real kubeadm leaves, judged by `check`: nothing is wrong but what is truly so.
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { auditTree } from '../../src/audit/index.ts';
import { DAY } from '../../src/base/index.ts';
import { readInventory } from '../../src/inventory/index.ts';
import type { SharedSettings } from './kubeadm-spec.ts';
import { kubeadmTrees } from './kubeadm-trees.ts';

const real = await realTools();

const cp = (i: number) => ({ name: `cp${i}`, address: `10.0.0.1${i}` });
const SETTINGS: readonly (readonly [string, SharedSettings])[] = [
  ['one control plane, all defaults (RSA-2048)', { nodes: [cp(1)] }],
  [
    'three control planes behind a name',
    { algorithm: 'ECDSA-P256', nodes: [cp(1), cp(2), cp(3)], controlPlaneEndpoint: 'api.example.test:8443' },
  ],
  [
    'etcd on nodes of its own',
    {
      algorithm: 'ECDSA-P256',
      nodes: [cp(1)],
      etcdNodes: [
        { name: 'etcd-1', address: '10.0.0.31' },
        { name: 'etcd-2', address: '10.0.0.32' },
      ],
    },
  ],
];

describe.skipIf('missing' in real).each(SETTINGS)('check of a kubeadm tree: %s (needs Go)', (_, settings) => {
  const kubeadm = 'missing' in real ? '' : real.kubeadm;

  it('by its files alone: the one member of system:masters', async () => {
    const inventory = await inventoryOf(kubeadm, settings);
    expect(bad(inventory, Date.now())).toEqual(['masters-member nodes/cp1/etc/kubernetes/super-admin.conf']);
    const late = bad(inventory, Date.now() + 400 * DAY);
    expect(late.filter((one) => one.startsWith('expired ')).length).toBeGreaterThan(8);
    expect(new Set(late.map((one) => one.split(' ')[0]))).toEqual(new Set(['expired', 'masters-member']));
  });
});

async function inventoryOf(kubeadm: string, settings: SharedSettings) {
  const trees = await kubeadmTrees(kubeadm, settings);
  return readInventory(
    [...trees].flatMap(([node, { files }]) =>
      files.map(({ path, mode, bytes }) => ({ path: `nodes/${node}${path}`, mode, bytes })),
    ),
  );
}

function bad(inventory: ReturnType<typeof readInventory>, at: number): string[] {
  return auditTree({ inventory, at })
    .filter(({ severity }) => severity !== 'info')
    .map(({ id, where }) => `${id} ${where.file}`);
}
