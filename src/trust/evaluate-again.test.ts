import { describe, expect, it } from 'vitest';
import { applied, clusterOf, NOW } from '../../test/support/small-cluster.ts';
import { edgeIndex, evaluate, evaluateAll, nodeAddresses } from './index.ts';

const WORKERS = 40;

describe('evaluation after one action', () => {
  it('touches only the edges of what changed, however large the cluster is', async () => {
    const planes = [1, 2].map((i) => ({
      name: `cp${i}`,
      roles: ['control-plane', 'etcd'],
      addresses: [`10.0.0.1${i}`],
    }));
    const workers = Array.from({ length: WORKERS }, (_, i) => ({
      name: `w${i}`,
      roles: ['worker'],
      addresses: [`10.0.1.${i + 1}`],
    }));
    const { cluster, inventory } = await applied(clusterOf({ nodes: [...planes, ...workers] }));
    const { edges } = cluster;
    expect(edges.length).toBeGreaterThan(6 * WORKERS);
    const before = evaluateAll(edges, inventory, NOW);
    const index = edgeIndex(edges, inventory);
    const options = { addresses: nodeAddresses(edges) };
    const again = (path: string) => {
      const after = inventory.withFiles([{ path, remove: true }]);
      const touched = index.touchedBy([path], after);
      const verdicts = new Map(touched.map((edge) => [edge.id, evaluate(edge, after, NOW, options)]));
      // The others are as they were: it would have been in vain.
      const all = evaluateAll(edges, after, NOW);
      for (const { id } of edges)
        expect((verdicts.get(id) ?? before.get(id))?.error, id).toBe(all.get(id)?.error);
      return touched.length;
    };
    const pki = (node: string) => `nodes/${node}/etc/kubernetes/pki`;
    // To each of the two replicas; from each of them; all of one replica's.
    expect(again(`${pki('w7')}/kubelet-client.crt`)).toBe(2);
    expect(again(`${pki('w7')}/kubelet.crt`)).toBe(2);
    const ofReplica = edges.filter(({ endpoint }) => endpoint.id === 'kube-apiserver@cp1').length;
    expect(again(`${pki('cp1')}/apiserver.crt`)).toBe(ofReplica);
    expect(ofReplica).toBeLessThan(edges.length / 2);
  });
});
