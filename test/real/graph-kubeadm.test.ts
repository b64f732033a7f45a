// What the real kubeadm leaves on three control planes, drawn without a kubetls.yaml.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureBuilt, root } from '../../scripts/setup.mjs';
import { realTools } from '../../scripts/real-tools.mjs';
import { kubeadmTrees } from './kubeadm-trees.ts';
import { temporaryDirectory } from './last-rites.ts';
import { runProgram } from './run-program.ts';

const real = await realTools();
const cp = (i: number) => ({ name: `cp${i}`, address: `10.0.0.1${i}` });

interface Graph {
  readonly edgesFrom: string;
  readonly nodes: readonly {
    readonly kind: string;
    readonly name: string;
    readonly places: readonly string[];
  }[];
  readonly links: readonly { readonly edge: string | null; readonly error: string | null }[];
  readonly summary: { readonly edges: number; readonly ok: number };
}

describe.skipIf('missing' in real)('graph of kubeadm trees (needs Go)', () => {
  it('three control planes: every edge holds, every file is told where it stands', async () => {
    const trees = await kubeadmTrees('missing' in real ? '' : real.kubeadm, {
      algorithm: 'ECDSA-P256',
      nodes: [cp(1), cp(2), cp(3)],
      controlPlaneEndpoint: 'api.example.test:8443',
    });
    await ensureBuilt();
    const there = await temporaryDirectory('graph-kubeadm');
    try {
      for (const [node, { files }] of trees) {
        for (const { path: file, mode, bytes } of files) {
          await mkdir(path.dirname(path.join(there.path, node, file)), { recursive: true });
          await writeFile(path.join(there.path, node, file), bytes, { mode });
        }
      }
      const args = [
        'graph',
        ...[...trees.keys()].map((node) => `${node}=${there.path}/${node}`),
        '-o',
        'json',
      ];
      const ran = await runProgram(process.execPath, [path.join(root, 'kubetls'), ...args]);
      expect([ran.code, ran.stderr]).toEqual([0, '']);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape that docs promise
      const { edgesFrom, nodes, links, summary } = JSON.parse(ran.stdout) as Graph;
      expect(edgesFrom).toBe('files');
      expect(links.filter(({ error }) => error !== null)).toEqual([]);
      expect(summary.ok).toBe(summary.edges);
      const edges = links.flatMap(({ edge }) => edge ?? []);
      expect(edges).toContain('etcd@cp1/etcd-peer@cp2');
      expect(edges).toContain('kubelet@cp3/kube-apiserver@cp3');
      const authority = nodes.find(({ kind, name }) => kind === 'authority' && name === 'etcd-ca');
      expect(authority?.places).toEqual(
        [1, 2, 3].map((i) => `${there.path}/cp${i}/etc/kubernetes/pki/etcd/ca.crt`),
      );
    } finally {
      await there.remove();
    }
  }, 60_000);
});
