import { describe, expect, it } from 'vitest';
import { clusterOf, THREE_OF_EACH } from '../../test/support/small-cluster.ts';
import type { Cluster, StatePath } from '../cluster/index.ts';
import { isLeaf } from '../plan/index.ts';
import { planRollout } from './plan-rollout.ts';
import type { RolloutInput } from './steps.ts';
import type { Owed, Step } from './types.ts';

/** Every leaf certificate of every node, as a renewal replaces it: the key stays. */
function leaves({ items }: Cluster): Map<string, StatePath[]> {
  const changed = new Map<string, StatePath[]>();
  for (const item of items.filter(isLeaf)) {
    if (item.owner?.kind !== 'node') continue;
    const path = item.kind === 'pair' ? item.certificate.path : item.file.path;
    changed.set(item.owner.name, [...(changed.get(item.owner.name) ?? []), path]);
  }
  return changed;
}

function stepsFor(cluster: Cluster, more: Partial<RolloutInput> = {}): readonly Step[] {
  return planRollout({
    cluster,
    changed: leaves(cluster),
    owed: [],
    hostOf: (node) => `/hosts/${node}`,
    restartOf: ({ component }) => `systemctl restart ${component}`,
    ...more,
  }).steps;
}

const ids = (steps: readonly Step[]): string[] => steps.map(({ id }) => id);
const restarts = (steps: readonly Step[]): string[] => ids(steps.filter(({ kind }) => kind === 'restart'));

describe('a renewal of every leaf', () => {
  it.each([{}, THREE_OF_EACH])('flat: nothing is restarted', (extra) => {
    const steps = stepsFor(clusterOf(extra));
    expect(restarts(steps)).toEqual([]);
    expect(steps.filter(({ kind }) => kind === 'deliver')).toHaveLength(extra === THREE_OF_EACH ? 4 : 2);
  });

  it('flat, one control plane: from the store to the proxy, each proven before the next', () => {
    expect(ids(stepsFor(clusterOf()))).toEqual([
      'deliver master',
      ...[
        'etcd',
        'kube-apiserver',
        'kube-controller-manager',
        'kube-scheduler',
        'kubelet',
        'kube-proxy',
      ].flatMap((component) => [`reload ${component}@master`, `gate ${component}@master`]),
      'deliver worker-1',
      ...['kubelet', 'kube-proxy'].flatMap((component) => [
        `reload ${component}@worker-1`,
        `gate ${component}@worker-1`,
      ]),
    ]);
  });

  it('kubeadm: what embeds its certificate is restarted, one at a time, behind its kube-apiserver', () => {
    const steps = stepsFor(clusterOf({ ...THREE_OF_EACH, profile: 'kubeadm' }));
    expect(restarts(steps)).toEqual([
      ...['a', 'b', 'c'].flatMap((node) =>
        ['kube-controller-manager', 'kube-scheduler', 'kubelet'].map((one) => `restart ${one}@${node}`),
      ),
      'restart kubelet@w',
    ]);
    for (const [i, step] of steps.entries()) {
      if (step.kind !== 'restart') continue;
      expect(steps[i + 1]?.id).toBe(`gate ${step.component}@${step.node}`);
    }
    expect(ids(steps).indexOf('gate kube-apiserver@b')).toBeLessThan(
      ids(steps).indexOf('restart kube-controller-manager@b'),
    );
  });

  it('the gate of a component holds each edge that it is an end of, and its health', () => {
    const cluster = clusterOf({ ...THREE_OF_EACH, profile: 'kubeadm' });
    const gate = stepsFor(cluster).find(({ id }) => id === 'gate kube-apiserver@b');
    if (gate?.kind !== 'gate') throw new Error('no gate');
    expect(gate.healthy).toEqual(['kube-apiserver@b']);
    expect(gate.proven).toContain('kube-scheduler@b/kube-apiserver@b');
    expect(gate.dialled).toEqual(
      expect.arrayContaining(['kube-apiserver@b/etcd@b', 'kube-apiserver@b/kubelet@w']),
    );
    expect(gate.dialled).toContain('front-proxy@b/aggregated-apiserver@a');
  });

  it('says what is done and why', () => {
    const steps = stepsFor(clusterOf({ profile: 'kubeadm' }));
    const text = (id: string) => steps.find((step) => step.id === id)?.text;
    expect(text('restart kube-scheduler@master')).toBe(
      'systemctl restart kube-scheduler: scheduler.conf is read at its start only',
    );
    expect(text('reload kube-apiserver@master')).toBe(
      'takes up by itself: apiserver.crt, front-proxy-client.crt, apiserver-etcd-client.crt at once, apiserver-kubelet-client.crt within 5 minutes',
    );
    expect(text('deliver worker-1')).toBe('2 files to /hosts/worker-1: kubelet.conf, kubelet.crt');
  });

  it('the release decides: before 1.36 a kube-apiserver does not read its trust of kubelets again', () => {
    const changed = new Map([['master', ['nodes/master/etc/kubernetes/pki/ca.crt']]]);
    const of = (kubernetes: string) => restarts(stepsFor(clusterOf({ kubernetes }), { changed }));
    expect(of('1.36')).not.toContain('restart kube-apiserver@master');
    expect(of('1.35')).toContain('restart kube-apiserver@master');
  });
});

describe('trust of etcd, which is read at the start only', () => {
  const cluster = clusterOf({ ...THREE_OF_EACH, profile: 'kubeadm' });
  const changed = new Map(
    ['a', 'b', 'c'].map((node) => [node, [`nodes/${node}/etc/kubernetes/pki/etcd/ca.crt`]]),
  );
  const steps = stepsFor(cluster, { changed });

  it('members and then kube-apiservers are restarted, node by node', () => {
    expect(restarts(steps)).toEqual(
      ['a', 'b', 'c'].flatMap((node) => [`restart etcd@${node}`, `restart kube-apiserver@${node}`]),
    );
  });

  it('all others are well before one goes away, so that a quorum is left', () => {
    const before = steps.find(({ id }) => id === 'before etcd@b');
    expect(before).toMatchObject({ kind: 'gate', when: 'before', healthy: ['etcd@a', 'etcd@c'] });
    expect(ids(steps).indexOf('before etcd@b')).toBe(ids(steps).indexOf('restart etcd@b') - 1);
    expect(steps.find(({ id }) => id === 'before kube-apiserver@b')).toMatchObject({
      healthy: ['kube-apiserver@a', 'kube-apiserver@c'],
    });
  });

  it('a single one is told to be away meanwhile', () => {
    const one = clusterOf({ profile: 'kubeadm' });
    const alone = stepsFor(one, {
      changed: new Map([['master', ['nodes/master/etc/kubernetes/pki/etcd/ca.crt']]]),
    });
    expect(alone.find(({ id }) => id === 'restart etcd@master')?.text).toContain('nothing stands in for it');
    expect(ids(alone)).not.toContain('before etcd@master');
  });
});

describe('what an earlier run left', () => {
  const cluster = clusterOf({ profile: 'kubeadm' });
  const because = 'nodes/master/etc/kubernetes/scheduler.conf';
  const owes = (stage: Owed['stage']): Owed[] => [
    { node: 'master', component: 'kube-scheduler', stage, because },
  ];

  it('a restart is made up for behind a kube-apiserver that is well, a gate is passed', () => {
    const changed = new Map<string, StatePath[]>();
    expect(ids(stepsFor(cluster, { changed, owed: owes('restart') }))).toEqual([
      'before kube-scheduler@master',
      'restart kube-scheduler@master',
      'gate kube-scheduler@master',
    ]);
    expect(ids(stepsFor(cluster, { changed, owed: owes('gate') }))).toEqual(['gate kube-scheduler@master']);
  });

  it('nothing changed and nothing owed: nothing to do', () => {
    expect(stepsFor(cluster, { changed: new Map() })).toEqual([]);
  });
});

it('a node that cannot be reached is left to a person, with what to restart there', () => {
  const cluster = clusterOf({ profile: 'kubeadm' });
  const { steps, byHand } = planRollout({
    cluster,
    changed: leaves(cluster),
    owed: [],
    hostOf: (node) => (node === 'master' ? '/' : undefined),
    restartOf: () => undefined,
  });
  expect(new Set(steps.map(({ node }) => node))).toEqual(new Set(['master']));
  expect(byHand).toEqual([
    {
      node: 'worker-1',
      files: ['nodes/worker-1/etc/kubernetes/kubelet.conf', 'nodes/worker-1/var/lib/kubelet/pki/kubelet.crt'],
      restarts: [{ component: 'kubelet', because: 'nodes/worker-1/etc/kubernetes/kubelet.conf' }],
      reloads: [],
    },
  ]);
});

it('1.35: a kubelet that still shows its old certificate keeps no gate shut before its own', () => {
  const gates = (kubernetes: string) => {
    const steps = stepsFor(clusterOf({ kubernetes }));
    const dials = (component: string) =>
      steps.flatMap((step) =>
        step.kind === 'gate' && step.node === 'master' && step.component === component
          ? [...step.proven, ...step.dialled].filter((id) => id === 'kube-apiserver@master/kubelet@master')
          : [],
      );
    return { restarts: restarts(steps), apiserver: dials('kube-apiserver'), kubelet: dials('kubelet') };
  };
  const edge = ['kube-apiserver@master/kubelet@master'];
  expect(gates('1.35')).toEqual({
    restarts: ['restart kubelet@master', 'restart kubelet@worker-1'],
    apiserver: [],
    kubelet: edge,
  });
  expect(gates('1.36')).toEqual({ restarts: [], apiserver: edge, kubelet: edge });
});
