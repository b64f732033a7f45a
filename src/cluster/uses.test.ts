import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/support/small-cluster.ts';
import { type FileRole, reloadFact } from './reload.ts';
import { fileUses } from './uses.ts';

const PKI = 'nodes/master/etc/kubernetes/pki';
const profiles = ['flat', 'kubeadm'] as const;

/** `component: role reload` of each use of a file. */
function usesOf(path: string, extra: Record<string, unknown> = {}, minor = 37): string[] {
  return fileUses(clusterOf(extra))
    .filter((use) => use.path === path)
    .map(({ component, role }) => `${component}: ${role} ${reloadFact(component, role, minor).reload}`)
    .sort();
}

describe('who reads a file, and when again', () => {
  it.each(profiles)('%s: the table has a row with its source for every use', (profile) => {
    for (const { component, role } of fileUses(clusterOf({ profile })))
      expect(reloadFact(component, role, 37).source, `${component} ${role}`).not.toContain('not known');
  });

  it.each(profiles)('%s: every leaf of a node is read by a program, but for what people read', (profile) => {
    const cluster = clusterOf({ profile });
    const read = new Set(fileUses(cluster).map(({ path }) => path));
    const unread = cluster.items
      .filter(({ kind, owner }) => owner?.kind === 'node' && (kind === 'pair' || kind === 'kubeconfig'))
      .filter(
        (item) =>
          !read.has(item.kind === 'pair' ? item.certificate.path : 'file' in item ? item.file.path : ''),
      )
      .map(({ id }) => id);
    expect(unread).toEqual(
      profile === 'flat'
        ? []
        : ['node/master/admin.conf', 'node/master/super-admin.conf', 'node/master/etcd/healthcheck-client'],
    );
  });

  it('flat: kubeconfigs name their pairs, so that a renewed one needs no restart', () => {
    expect(usesOf(`${PKI}/scheduler.crt`)).toEqual(['kube-scheduler: kubeconfig-pair hot']);
    expect(usesOf(`${PKI}/etcdserver.crt`)).toEqual(['etcd: peer-pair always', 'etcd: serving always']);
    expect(usesOf(`${PKI}/apiserver.crt`)).toEqual(['kube-apiserver: serving hot']);
    expect(usesOf(`${PKI}/front-proxy-client.crt`)).toEqual(['kube-apiserver: front-proxy-pair hot']);
    expect(usesOf(`${PKI}/ca.key`)).toEqual(['kube-controller-manager: signing always']);
  });

  it('kubeadm: what is embedded in a kubeconfig is read at the start only', () => {
    const kubeadm = { profile: 'kubeadm' };
    expect(usesOf('nodes/master/etc/kubernetes/scheduler.conf', kubeadm)).toEqual([
      'kube-scheduler: kubeconfig start',
    ]);
    expect(usesOf('nodes/worker-1/etc/kubernetes/kubelet.conf', kubeadm)).toEqual([
      'kubelet: kubeconfig start',
    ]);
    expect(usesOf(`${PKI}/etcd/ca.crt`, kubeadm)).toEqual([
      'etcd: client-anchors start',
      'kube-apiserver: etcd-anchors start',
    ]);
    expect(usesOf(`${PKI}/sa.key`, kubeadm)).toEqual([
      'kube-apiserver: token-keys start',
      'kube-controller-manager: token-keys start',
    ]);
  });

  it('peers of etcd trust by its anchors, once there are peers', () => {
    const nodes = ['a', 'b', 'c'].map((name, i) => ({
      name,
      roles: ['control-plane', 'etcd'],
      addresses: [`10.0.0.1${i}`],
    }));
    const uses = fileUses(clusterOf({ profile: 'kubeadm', nodes }));
    const of = (path: string) => uses.filter((use) => use.path === path).map(({ role }) => role);
    expect(of('nodes/b/etc/kubernetes/pki/etcd/peer.crt').sort()).toEqual(['peer-pair', 'serving']);
    expect(of('nodes/b/etc/kubernetes/pki/etcd/ca.crt').sort()).toEqual([
      'client-anchors',
      'etcd-anchors',
      'peer-anchors',
    ]);
  });

  it.each<[Parameters<typeof reloadFact>[0], FileRole, number, string]>([
    ['kubelet', 'serving', 35, 'start'],
    ['kubelet', 'serving', 36, 'hot'],
    ['kube-apiserver', 'kubelet-anchors', 35, 'start'],
    ['kube-apiserver', 'kubelet-anchors', 36, 'hot'],
    ['kubelet', 'kubeconfig-anchors', 37, 'start'],
    ['kube-proxy', 'signing', 37, 'start'],
  ])('%s, %s, 1.%i: %s', (component, role, minor, reload) => {
    expect(reloadFact(component, role, minor).reload).toBe(reload);
  });
});
