import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { systemKeys } from '../../src/apply/index.ts';
import type { Cluster } from '../../src/cluster/index.ts';
import type { Inventory } from '../../src/inventory/index.ts';
import { evaluate } from '../../src/trust/index.ts';
import { writePrivateKey } from '../../src/x509/index.ts';
import { type ClusterTree, clusterTree } from './cluster-tree.ts';
import { goVerdicts, type Scene } from './go-edges.ts';
import { goKeyPair } from './oracle.ts';
import { FAULTS, type Others, type Places } from './planted-faults.ts';

const real = await realTools();

const NODES = `
    - { name: m1, roles: [control-plane, etcd], addresses: [10.0.0.11] }
    - { name: m2, roles: [control-plane, etcd], addresses: [10.0.0.12, 'fd00::12'] }
    - { name: worker-1, addresses: [10.0.0.21, worker-1.example.test] }
`;
const M1 = 'nodes/m1/etc/kubernetes/pki';

const PROFILES: readonly (readonly [string, string, Places])[] = [
  [
    'flat',
    'profile: flat',
    {
      apiserver: `${M1}/apiserver`,
      etcd: `${M1}/etcdserver`,
      client: `${M1}/scheduler`,
      clusterCa: `${M1}/ca.crt`,
      etcdCa: `${M1}/etcd-ca.crt`,
      frontProxyCa: `${M1}/front-proxy-ca.crt`,
    },
  ],
  [
    'kubeadm',
    'profile: kubeadm',
    {
      apiserver: `${M1}/apiserver`,
      etcd: `${M1}/etcd/peer`,
      client: `${M1}/apiserver-kubelet-client`,
      clusterCa: `${M1}/ca.crt`,
      etcdCa: `${M1}/etcd/ca.crt`,
      frontProxyCa: `${M1}/front-proxy-ca.crt`,
    },
  ],
];

describe.skipIf('missing' in real).each(PROFILES)('Go about %s (needs Go)', (_, profile, places) => {
  const oracle = 'missing' in real ? '' : real.oracle;
  const trees: ClusterTree[] = [];
  let cluster: Cluster;
  let inventory: Inventory;
  let others: Others;
  beforeAll(async () => {
    const tree = async () => {
      const made = await clusterTree(`metadata: { name: demo }\nspec:\n  ${profile}\n  nodes:${NODES}`);
      trees.push(made);
      return made;
    };
    const first = await tree();
    cluster = first.cluster();
    inventory = await first.inventory();
    const rsa = writePrivateKey(systemKeys().generate('rsa-2048'), 'traditional').reveal();
    others = { twin: await (await tree()).inventory(), rsa };
  });
  afterAll(() => Promise.all(trees.map((tree) => tree.remove())));

  it('tls.X509KeyPair takes every pair', async () => {
    const text = (file: string) => Buffer.from(inventory.get(file)?.bytes ?? []).toString();
    const files = [...inventory.entries.keys()].filter((file) => file.endsWith('.crt'));
    const pairs = files
      .map((cert) => ({ cert, key: cert.replace(/crt$/, 'key') }))
      .filter(({ key }) => inventory.get(key));
    expect(pairs.length).toBeGreaterThan(20);
    const answers = await goKeyPair(
      oracle,
      pairs.map(({ cert, key }) => ({ cert: text(cert), key: text(key) })),
    );
    expect(pairs.filter((_pair, i) => !answers[i]?.ok)).toEqual([]);
  });

  it(`x509.Verify says of every edge what evaluate says, healthy and with ${Object.keys(FAULTS).length - 1} faults`, async () => {
    const healthy: Scene = { edges: cluster.edges, inventory, at: Date.now() };
    const scenes = Object.entries(FAULTS).map(([fault, change]) => ({
      fault,
      scene: change(healthy, places, others),
    }));
    const answers = await goVerdicts(
      oracle,
      scenes.map(({ scene }) => scene),
    );
    const differing = scenes.flatMap(({ fault, scene }, i) =>
      (answers[i] ?? []).flatMap(({ edge, side, error }) => {
        const ours = evaluate(edge, scene.inventory, scene.at)[side].error;
        return ours === error ? [] : [{ fault, edge: edge.id, side, ours, go: error }];
      }),
    );
    expect(differing).toEqual([]);

    const judged = answers.map((list) => list.length);
    expect(Math.min(...judged)).toBe(Math.max(...judged));
    expect(Math.min(...judged)).toBeGreaterThan(cluster.edges.length);
    expect(answers[0]?.filter(({ error }) => error !== undefined)).toEqual([]);
    // The faults reached Go: four are none, and nearly each of the others shows another picture.
    const outcomes = answers.map((list) => JSON.stringify(list.map(({ error }) => error)));
    expect(new Set(outcomes).size).toBeGreaterThanOrEqual(scenes.length - 5);
    expect(new Set(answers.flat().map(({ error }) => error)).size).toBeGreaterThan(25);
  });
});
