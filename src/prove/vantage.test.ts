import { describe, expect, it } from 'vitest';
import { type Cluster, describeCluster, type Endpoint, parseSpec } from '../cluster/index.ts';
import { outOfSight, sourceFor, vantageFrom } from './vantage.ts';

const YAML = `
metadata: { name: demo }
spec:
  profile: kubeadm
  nodes:
    - { name: cp1, roles: [control-plane, etcd], addresses: [10.0.0.11] }
    - { name: cp2, roles: [control-plane, etcd], addresses: ["fd00:0::12"] }
    - { name: cp3, roles: [control-plane, etcd], addresses: [10.0.0.13] }
`;
const cluster: Cluster = describeCluster(parseSpec(YAML, 'kubetls.yaml'));
const endpoint = (id: string): Endpoint => {
  const found = cluster.endpoints.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
};
const from = (...names: string[]) => vantageFrom(cluster.spec.nodes, names);

describe('a vantage', () => {
  it.each([
    [[], []],
    [['127.0.0.1', '::1'], []],
    [['127.0.0.1', '10.0.0.13'], ['cp3']],
    [['fd00::12'], ['cp2']],
    [['cp1'], ['cp1']],
    [
      ['10.0.0.11', '10.0.0.13'],
      ['cp1', 'cp3'],
    ],
  ])('%j is %j', (names, nodes) => {
    expect([...from(...names).nodes]).toEqual(nodes);
  });

  it("sees another node's sockets, but not what listens on its loopback address", () => {
    const vantage = from('127.0.0.1', '10.0.0.11');
    const hidden = cluster.endpoints.filter((one) => outOfSight(one, one.address, vantage) !== undefined);
    expect(hidden.map(({ id }) => id).sort()).toEqual([
      'kube-controller-manager@cp2',
      'kube-controller-manager@cp3',
      'kube-scheduler@cp2',
      'kube-scheduler@cp3',
    ]);
    const scheduler = endpoint('kube-scheduler@cp3');
    expect(outOfSight(scheduler, scheduler.address, vantage)).toBe(
      "it listens on cp3's loopback address only: prove it there, or reach it with --connect",
    );
    expect(outOfSight(scheduler, { host: '127.0.0.1', port: 30_259 }, vantage)).toBeUndefined();
  });

  it("dials etcd's peers as the member that it stands for, where it is that member", () => {
    const source = (id: string, client: string | undefined, target = endpoint(id).address) =>
      sourceFor(endpoint(id), target, client, from('10.0.0.11'));
    expect(source('etcd-peer@cp3', '10.0.0.11')).toBe('10.0.0.11');
    expect(source('etcd-peer@cp3', '10.0.0.12')).toBeUndefined();
    expect(source('etcd-peer@cp3', undefined)).toBeUndefined();
    // Through a tunnel it is another that dials; and no address of one family reaches one of the other.
    expect(source('etcd-peer@cp3', '10.0.0.11', { host: '127.0.0.1', port: 2380 })).toBeUndefined();
    expect(source('etcd-peer@cp2', '10.0.0.11')).toBeUndefined();
    expect(source('etcd@cp3', '10.0.0.11')).toBeUndefined();
  });

  it('of a cluster on loopback addresses is all of it', () => {
    const spec = 'nodes: [{ name: a, roles: [control-plane, etcd], addresses: [127.0.0.12] }]';
    const { nodes } = parseSpec(`metadata: { name: demo }\nspec: { ${spec} }\n`, 'kubetls.yaml');
    expect([...vantageFrom(nodes, ['10.0.0.11']).nodes]).toEqual(['a']);
  });
});
