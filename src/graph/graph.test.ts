import { beforeAll, describe, expect, it } from 'vitest';
import { YEAR } from '../base/index.ts';
import { evaluateAll } from '../trust/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { applied, NOW, type World } from '../../test/support/small-cluster.ts';
import { type DialLink, drawingOf, graphJson, narrowGraph, type TrustGraph, trustGraph } from './index.ts';

const PKI = 'nodes/worker-1/etc/kubernetes/pki';

let world: World;
let other: World;
beforeAll(async () => {
  world = await applied();
  other = await applied();
});

function graphOf(inventory: Inventory = world.inventory, at = NOW): TrustGraph {
  const { cluster } = world;
  return trustGraph({ cluster, inventory, at, verdicts: evaluateAll(cluster.edges, inventory, at) });
}

const nodeOf = ({ nodes }: TrustGraph, id: string) => nodes.find((node) => node.id === id);
const dialsOf = ({ links }: TrustGraph) => links.filter((link): link is DialLink => link.kind === 'dials');
const copied = (path: string, from: Inventory, source = path) => ({
  path,
  mode: 0o644,
  bytes: from.get(source)?.bytes ?? new Uint8Array(),
});

describe('the trust graph of a small cluster', () => {
  it('has each edge once, with its verdict, and each endpoint', () => {
    const graph = graphOf();
    expect(dialsOf(graph).map(({ edge }) => edge)).toEqual(world.cluster.edges.map(({ id }) => id));
    expect(new Set(dialsOf(graph).map(({ state }) => state))).toEqual(new Set(['ok']));
    const endpoints = graph.nodes.filter(({ kind }) => kind === 'endpoint').map(({ name }) => name);
    expect(endpoints).toEqual(world.cluster.endpoints.map(({ id }) => id));
  });

  it('says who signs, presents and trusts what', () => {
    const { nodes, links } = graphOf();
    const name = (id: string) => nodes.find((node) => node.id === id)?.name;
    const said = links.map(({ kind, from, to }) => `${name(from)} ${kind} ${name(to)}`);
    expect(said).toEqual(
      expect.arrayContaining([
        'KUBERNETES-CA signs kube-apiserver',
        'ETCD-CA signs kube-apiserver-etcd-client',
        'kube-apiserver@master presents kube-apiserver',
        'kube-apiserver@master presents kube-apiserver-etcd-client',
        'kubelet@worker-1 presents system:node:worker-1',
        'kubelet@worker-1 trusts KUBERNETES-CA',
        'etcd@master trusts ETCD-CA',
        'kube-apiserver@master trusts FRONT-PROXY-CA',
      ]),
    );
    expect(said).not.toContain('ETCD-CA signs kube-apiserver');
    const signed = links.filter(({ kind }) => kind === 'signs').map(({ to }) => to);
    const leaves = nodes.filter(({ kind }) => kind === 'certificate').map(({ id }) => id);
    expect(signed.toSorted()).toEqual(leaves.toSorted());
  });

  it('has no link to what is not there', () => {
    const { nodes, links } = graphOf();
    const ids = new Set(nodes.map(({ id }) => id));
    expect(ids.size).toBe(nodes.length);
    expect(links.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
  });

  it('an edge without a verdict is unknown, never green', () => {
    const { cluster, inventory } = world;
    const graph = trustGraph({ cluster, inventory, at: NOW, verdicts: new Map() });
    expect(new Set(dialsOf(graph).map(({ state }) => state))).toEqual(new Set(['unknown']));
    const parties = graph.nodes.filter(({ kind }) => kind === 'client' || kind === 'endpoint');
    expect(new Set(parties.map(({ state }) => state))).toEqual(new Set(['unknown']));
    expect(drawingOf(graph).summary).toContain('0 ok, 17 unknown');
  });

  it('without a cluster: who signed what, and of edges that nobody knows them', () => {
    const { inventory } = world;
    const graph = trustGraph({ name: 'backup', cluster: undefined, inventory, at: NOW, verdicts: new Map() });
    expect(new Set(graph.links.map(({ kind }) => kind))).toEqual(new Set(['signs']));
    expect(graph.nodes.filter(({ kind }) => kind === 'certificate').length).toBeGreaterThan(8);
    expect(drawingOf(graph)).toMatchObject({ title: 'Trust graph of backup' });
    expect(drawingOf(graph).summary).toMatch(/ · edges unknown · predicted/);
    expect(graphJson(graph)).toMatchObject({ cluster: 'backup', edgesFrom: null });
  });

  it('a lost certificate is the fault of its endpoint, in Go’s words, and not of who dials it', () => {
    const graph = graphOf(world.inventory.withFiles([{ path: `${PKI}/kubelet.crt`, remove: true }]));
    const problem = 'open /etc/kubernetes/pki/kubelet.crt: no such file or directory';
    expect(nodeOf(graph, 'endpoint:kubelet@worker-1')).toMatchObject({ state: 'refused', problem });
    expect(nodeOf(graph, 'client:kube-apiserver@master')).toMatchObject({ state: 'ok' });
    expect(drawingOf(graph).refusals).toMatchObject([
      { count: 1, who: 'kube-apiserver@master → kubelet@worker-1', error: problem },
    ]);
  });

  it('two keys under one name are told apart', () => {
    const graph = graphOf(world.inventory.withFiles([copied(`${PKI}/ca.crt`, other.inventory)]));
    const names = graph.nodes.filter(({ kind }) => kind === 'authority').map(({ name }) => name);
    const namesakes = names.filter((name) => /^KUBERNETES-CA \([0-9a-f]{8}\)$/.test(name));
    expect(new Set(namesakes).size).toBe(2);
    expect(nodeOf(graph, 'client:kubelet@worker-1')).toMatchObject({ state: 'refused' });
  });

  it('who signed it is told by the signature, not by the name', () => {
    const stray = copied(`${PKI}/stray.crt`, other.inventory, `${PKI}/kubelet.crt`);
    const graph = graphOf(world.inventory.withFiles([stray]));
    const missing = graph.nodes.filter(({ problem }) => problem?.startsWith('not found'));
    expect(missing).toMatchObject([
      { kind: 'authority', state: 'unknown', problem: 'not found: only another key of this name' },
    ]);
    const leaf = graph.links.find(({ kind, from }) => kind === 'signs' && from === missing[0]?.id)?.to ?? '';
    expect(nodeOf(graph, leaf)).toMatchObject({ role: 'not presented' });
  });

  it('what has ended at the instant asked about says so', () => {
    const graph = graphOf(world.inventory, NOW + 2 * YEAR);
    const leaves = graph.nodes.filter(({ kind }) => kind === 'certificate');
    expect(new Set(leaves.map(({ state }) => state))).toEqual(new Set(['refused']));
    expect(leaves[0]?.problem).toMatch(/^ended 2027-/);
    expect(graph.nodes.filter(({ kind, state }) => kind === 'authority' && state === 'ok')).toHaveLength(3);
  });

  it('with nothing issued there are still the endpoints, and why nothing holds', () => {
    const empty = world.inventory.withFiles(
      [...world.inventory.entries.keys()].map((path) => ({ path, remove: true as const })),
    );
    const graph = graphOf(empty);
    expect(graph.nodes.some(({ kind }) => kind === 'authority' || kind === 'certificate')).toBe(false);
    expect(dialsOf(graph).some(({ error }) => error?.includes('no such file or directory'))).toBe(true);
  });

  it('is the same each time', () => {
    expect(JSON.stringify(graphJson(graphOf()))).toBe(JSON.stringify(graphJson(graphOf())));
  });
});

describe('narrowed', () => {
  it('to edges: those, and what they rest on', () => {
    const graph = narrowGraph(graphOf(), ({ edge }) => edge === 'kube-apiserver@master/etcd@master');
    expect(graph.nodes.map(({ name }) => name).toSorted()).toEqual([
      'ETCD-CA',
      'KUBERNETES-CA',
      'etcd',
      'etcd@master',
      'kube-apiserver-etcd-client',
      'kube-apiserver@master',
    ]);
    expect(dialsOf(graph)).toHaveLength(1);
  });

  it('to nothing, when none is such', () => {
    const graph = narrowGraph(graphOf(), () => false);
    expect([graph.nodes, graph.links]).toEqual([[], []]);
  });
});
