import { describe, expect, it } from 'vitest';
import { applied, clusterOf, NOW, THREE_OF_EACH } from '../../test/support/small-cluster.ts';
import { DAY, YEAR } from '../base/index.ts';
import type { Cluster, StatePath } from '../cluster/index.ts';
import { type Entry, readInventory } from '../inventory/index.ts';
import type { Kubeconfig } from '../kubeconfig/index.ts';
import { isLeaf } from '../plan/index.ts';
import { type DeadPlace, deadIn } from './dead.ts';
import { planRescue, type RescueRolloutInput } from './plan-rescue.ts';
import type { Owed, Step } from './types.ts';

const kubeadm = await applied(clusterOf({ ...THREE_OF_EACH, profile: 'kubeadm' }));
const flat = await applied(clusterOf(THREE_OF_EACH));
const EXPIRED = NOW + YEAR + DAY;

const places = (dead: readonly DeadPlace[]): string[] =>
  dead.map(({ component, node, waitsFor }) => `${component}@${node}${waitsFor ? ` for ${waitsFor}` : ''}`);

/** The cluster of a moment when of all its leaves only these have ended. */
async function only(...ended: StatePath[]) {
  const old = await applied(kubeadm.cluster, NOW - 2 * YEAR);
  const mixed = [...old.inventory.entries.values()].map((entry) => entry);
  const files = mixed.filter(({ path }) => ended.includes(path));
  return readInventory([...kubeadm.inventory.entries.values()]).withFiles(files);
}

function configOf(entry: Entry | undefined): Kubeconfig {
  if (entry?.content.kind !== 'kubeconfig') throw new Error('no kubeconfig');
  return entry.content.config;
}

describe('what is dead', () => {
  it('nothing while all holds', () => {
    expect(deadIn(kubeadm.cluster, kubeadm.inventory, NOW)).toEqual({ files: [], places: [], edges: [] });
  });

  it('every program, in the order in which they start, and since when', () => {
    const { places: dead, files, edges } = deadIn(kubeadm.cluster, kubeadm.inventory, EXPIRED);
    const all = (component: string) => ['a', 'b', 'c'].map((node) => `${component}@${node}`);
    expect(places(dead)).toEqual([
      ...all('etcd'),
      ...all('kube-apiserver'),
      ...all('kube-controller-manager'),
      ...all('kube-scheduler'),
      ...all('kubelet'),
      'kubelet@w',
    ]);
    expect(new Set(dead.map(({ since }) => since))).toEqual(new Set([NOW + YEAR]));
    expect(files).toHaveLength(kubeadm.cluster.items.filter(isLeaf).length);
    expect(edges.length).toBeGreaterThan(50);
  });

  it('nothing where an authority that has ended is left beside one that holds, whichever comes first', async () => {
    const old = await applied(kubeadm.cluster, NOW - 11 * YEAR);
    const ca = 'nodes/a/etc/kubernetes/pki/ca.crt';
    const [ended, holding] = [old, kubeadm].map(({ inventory }) => inventory.get(ca)!.bytes);
    const beside = (...parts: readonly Uint8Array[]) =>
      deadIn(
        kubeadm.cluster,
        kubeadm.inventory.withFiles([{ path: ca, mode: 0o644, bytes: Buffer.concat(parts) }]),
        NOW,
      );
    expect(beside(holding!, ended!)).toEqual({ files: [], places: [], edges: [] });
    expect(beside(ended!, holding!)).toEqual({ files: [], places: [], edges: [] });
    // Nor does one that holds help, when it is that of the cluster that has ended.
    const later = NOW + 11 * YEAR;
    const stranger = (await applied(kubeadm.cluster, later)).inventory.get(ca)!.bytes;
    const bytes = Buffer.concat([holding!, stranger]);
    const both = kubeadm.inventory.withFiles([{ path: ca, mode: 0o644, bytes }]);
    const dead = deadIn(kubeadm.cluster, both, later);
    expect(dead.files).toContainEqual({ path: ca, since: NOW + 10 * YEAR });
  });

  it('not by what else is in a kubeconfig', async () => {
    const path = 'nodes/a/etc/kubernetes/admin.conf';
    const old = await applied(kubeadm.cluster, NOW - 2 * YEAR);
    const [was, is] = [old, kubeadm].map(({ inventory }) => configOf(inventory.get(path)));
    const users = [...was!.users.map(({ user }) => ({ name: 'somebody', user })), ...is!.users];
    const content = { kind: 'kubeconfig', config: { ...is!, users } } as const;
    const found = kubeadm.inventory.withFiles([{ path, mode: 0o600, bytes: new Uint8Array(), content }]);
    expect(configOf(found.get(path)).users).toHaveLength(2);
    expect(deadIn(kubeadm.cluster, found, NOW).files).toEqual([]);
    expect(deadIn(kubeadm.cluster, old.inventory, NOW).files.map((file) => file.path)).toContain(path);
  });

  it('not a program whose other work goes on: what it shows to kubelets alone', async () => {
    const path = 'nodes/a/etc/kubernetes/pki/apiserver-kubelet-client.crt';
    const dead = deadIn(kubeadm.cluster, await only(path), NOW);
    expect(dead.files.map((file) => file.path)).toEqual([path]);
    expect(dead.places).toEqual([]);
  });

  it('one member of three, and nobody who waits; two of them, and all who do', async () => {
    const peer = (node: string) => `nodes/${node}/etc/kubernetes/pki/etcd/peer.crt`;
    expect(places(deadIn(kubeadm.cluster, await only(peer('a')), NOW).places)).toEqual(['etcd@a']);
    const two = places(deadIn(kubeadm.cluster, await only(peer('a'), peer('c')), NOW).places);
    expect(two.slice(0, 3)).toEqual(['etcd@a', 'etcd@c', 'kube-apiserver@a for etcd']);
    expect(two).toContain('kube-scheduler@b for kube-apiserver');
    expect(two.filter((place) => place.startsWith('kubelet'))).toEqual([]);
  });
});

function leaves({ items }: Cluster): Map<string, StatePath[]> {
  const changed = new Map<string, StatePath[]>();
  for (const item of items.filter(isLeaf)) {
    if (item.owner?.kind !== 'node') continue;
    const path = item.kind === 'pair' ? item.certificate.path : item.file.path;
    changed.set(item.owner.name, [...(changed.get(item.owner.name) ?? []), path]);
  }
  return changed;
}

function stepsFor(
  { cluster, inventory }: typeof flat,
  more: Partial<RescueRolloutInput> = {},
): readonly Step[] {
  return planRescue({
    cluster,
    changed: leaves(cluster),
    owed: [],
    dead: deadIn(cluster, inventory, EXPIRED).places,
    whole: new Set(cluster.edges.map(({ id }) => id)),
    hostOf: (node) => `/hosts/${node}`,
    restartOf: ({ component }) => `systemctl restart ${component}`,
    ...more,
  }).steps;
}

const ids = (steps: readonly Step[]): string[] => steps.map(({ id }) => id);
const of = (kind: string, component: string, nodes = ['a', 'b', 'c']) =>
  nodes.map((node) => `${kind} ${component}@${node}`);

describe('the order of a rescue', () => {
  it('files to all, the kubelets that run pods, etcd as one, and then who needs whom', () => {
    expect(ids(stepsFor(kubeadm))).toEqual([
      ...['a', 'b', 'c', 'w'].map((node) => `deliver ${node}`),
      ...of('restart', 'kubelet'),
      ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].flatMap((component) => [
        ...of('restart', component),
        ...of('gate', component),
      ]),
      'restart kubelet@w',
      ...of('gate', 'kubelet', ['a', 'b', 'c', 'w']),
    ]);
  });

  it('flat: kubelets run no pods, and come after the control plane; what reloads by itself is restarted too', () => {
    const steps = ids(stepsFor(flat));
    expect(steps.slice(4, 7)).toEqual(of('restart', 'etcd'));
    expect(steps.slice(-8)).toEqual([
      ...of('restart', 'kube-proxy', ['a', 'b', 'c', 'w']),
      ...of('gate', 'kube-proxy', ['a', 'b', 'c', 'w']),
    ]);
    expect(steps.filter((id) => id.startsWith('reload'))).toEqual([]);
  });

  it('nobody is asked to be well before one that is dead, nor to dial what is still to come', () => {
    const steps = stepsFor(kubeadm);
    for (const step of steps)
      if (step.kind === 'gate') expect(step).toMatchObject({ when: 'after', dialled: [] });
  });

  it('a gate waits for no edge that its files will not mend', () => {
    const edge = 'kubelet@w/kube-apiserver@a';
    const gates = (whole: ReadonlySet<string>) =>
      stepsFor(kubeadm, { whole }).flatMap((step) => (step.kind === 'gate' ? step.proven : []));
    const all = new Set(kubeadm.cluster.edges.map(({ id }) => id));
    expect(gates(all)).toContain(edge);
    expect(gates(new Set([...all].filter((id) => id !== edge)))).not.toContain(edge);
  });

  it('one dead member of three is restarted alone, and the living are left alone', async () => {
    const path = 'nodes/a/etc/kubernetes/pki/etcd/peer.crt';
    const dead = deadIn(kubeadm.cluster, await only(path), NOW).places;
    const steps = stepsFor(kubeadm, { dead, changed: new Map([['a', [path]]]) });
    expect(ids(steps)).toEqual(['deliver a', 'restart etcd@a', 'gate etcd@a']);
  });

  it('members that are not reached are missed by a quorum too: those that are come back together', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const nodes = names.map((name, i) => ({
      name,
      roles: ['control-plane', 'etcd'],
      addresses: [`10.0.0.1${i}`],
    }));
    const five = await applied(clusterOf({ endpoint: 'api.example:6443', nodes, profile: 'kubeadm' }));
    const peer = (node: string) => `nodes/${node}/etc/kubernetes/pki/etcd/peer.crt`;
    const dead = ['a', 'b', 'c', 'd'].map(
      (node): DeadPlace => ({ node, component: 'etcd', path: peer(node), since: NOW, waitsFor: undefined }),
    );
    const steps = (reached: string) =>
      ids(stepsFor(five, { dead, hostOf: (node) => (reached.includes(node) ? node : undefined) }));
    expect(steps('ab').filter((id) => /(restart|gate) etcd/.test(id))).toEqual([
      'restart etcd@a',
      'restart etcd@b',
      'gate etcd@a',
      'gate etcd@b',
    ]);
  });

  it('who still works is treated as by a renewal: alone, when the others are well', async () => {
    const path = 'nodes/a/etc/kubernetes/pki/etcd/peer.crt';
    const dead = deadIn(kubeadm.cluster, await only(path), NOW).places;
    const changed = new Map(
      ['a', 'b'].map((node) => [node, [`nodes/${node}/etc/kubernetes/pki/etcd/ca.crt`]]),
    );
    const steps = ids(stepsFor(kubeadm, { dead, changed }));
    expect(steps.filter((id) => /etcd/.test(id))).toEqual([
      'restart etcd@a',
      'gate etcd@a',
      'before etcd@b',
      'restart etcd@b',
      'gate etcd@b',
    ]);
  });
});

describe('a rescue that was killed', () => {
  const because = 'nodes/a/etc/kubernetes/pki/etcd/server.crt';
  const owes = (component: 'etcd' | 'kube-scheduler', node: string, stage: Owed['stage']): Owed => ({
    node,
    component,
    stage,
    because,
    down: true,
  });

  it('goes on in its own order: nothing is dead by its files any more, and yet it was', () => {
    const owed = [
      ...['a', 'b'].map((node) => owes('etcd', node, 'restart')),
      owes('etcd', 'c', 'restarted'),
      owes('kube-scheduler', 'b', 'restart'),
    ];
    const steps = stepsFor(kubeadm, { dead: [], changed: new Map(), owed });
    expect(ids(steps).filter((id) => /etcd/.test(id))).toEqual([
      ...of('restart', 'etcd', ['a', 'b']),
      ...of('gate', 'etcd'),
    ]);
    expect(ids(steps).slice(-2)).toEqual(['restart kube-scheduler@b', 'gate kube-scheduler@b']);
  });

  it('has noted whoever waits, also on nodes that are given nothing', async () => {
    const external = clusterOf({
      profile: 'kubeadm',
      endpoint: 'api.example:6443',
      nodes: [
        { name: 'cp', roles: ['control-plane'], addresses: ['10.0.0.1'] },
        { name: 'e', roles: ['etcd'], addresses: ['10.0.0.2'] },
      ],
    });
    const { inventory } = await applied(external);
    const changed = new Map([['e', ['nodes/e/etc/kubernetes/pki/etcd/server.crt']]]);
    const dead = deadIn(external, inventory, EXPIRED).places.map(
      (place): DeadPlace => (place.component === 'etcd' ? place : { ...place, waitsFor: 'etcd' }),
    );
    const [deliver] = planRescue({
      cluster: external,
      changed,
      owed: [],
      dead,
      whole: new Set<string>(),
      hostOf: (node) => node,
      restartOf: ({ component }) => component,
    }).steps;
    if (deliver?.kind !== 'deliver') throw new Error('nothing is delivered');
    expect(
      deliver.owes.map(({ component, node, stage, down }) => `${component}@${node} ${stage} ${down}`),
    ).toContain('kube-scheduler@cp restart true');
  });
});
