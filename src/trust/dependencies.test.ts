import { describe, expect, it } from 'vitest';
import { keyOf, NOW } from '../../test/judges/mint.ts';
import {
  certificatePem,
  inventoryOf,
  kubeconfig,
  smallDrafts,
  smallEdges,
  smallFiles,
} from '../../test/judges/breakable-cluster.ts';
import type { FileChange } from '../inventory/index.ts';
import { signatureRefusal } from '../verify/index.ts';
import { dependencies } from './dependencies.ts';
import { edgeIndex, evaluate } from './index.ts';

const edges = smallEdges();
const all = Object.values(edges);
const drafts = smallDrafts();
const inventory = inventoryOf(smallFiles(drafts));
const PKI = 'nodes/master/etc/kubernetes/pki';

describe('dependencies', () => {
  it('are the files of both sides, and those that a kubeconfig names', () => {
    expect(dependencies(edges.admin, inventory)).toEqual([
      `${PKI}/apiserver.crt`,
      `${PKI}/apiserver.key`,
      `${PKI}/ca.crt`,
      `${PKI}/front-proxy-ca.crt`,
      'users/kube-admin/admin.kubeconfig',
      'users/kube-admin/admin.crt',
      'users/kube-admin/admin.key',
    ]);
    expect(dependencies(edges.scheduler, inventory)).toContain(`${PKI}/ca.crt`);
    expect(dependencies(edges.probe, inventory)).not.toContain(`${PKI}/apiserver.crt`);
  });

  it('a change of any of them can change the verdict, and of no other file can', () => {
    for (const edge of all) {
      const needed = new Set(dependencies(edge, inventory));
      const before = evaluate(edge, inventory, NOW);
      for (const path of inventory.entries.keys()) {
        const after = evaluate(edge, inventory.withFiles([{ path, remove: true }]), NOW);
        if (!needed.has(path)) expect(after, `${edge.id} without ${path}`).toEqual(before);
      }
    }
  });
});

describe('edgeIndex', () => {
  it('names the edges that a change touches, and only those', () => {
    const index = edgeIndex(all, inventory);
    const touched = (...paths: string[]) => index.touchedBy(paths, inventory);
    expect(touched('users/kube-admin/admin.crt')).toEqual([edges.admin]);
    expect(touched(`${PKI}/etcd/peer.crt`, `${PKI}/etcd/peer.key`)).toEqual([edges.peer, edges.back]);
    expect(touched(`${PKI}/ca.crt`).length).toBe(4);
    expect(touched('nodes/other/x')).toEqual([]);
  });

  it('learns what a changed kubeconfig names', () => {
    const index = edgeIndex(all, inventory);
    const file = 'users/kube-admin/admin.kubeconfig';
    const bytes = kubeconfig(
      'certificate-authority: ca.crt',
      'client-certificate: new.crt, client-key: new.key',
    );
    const changed = inventory.withFiles([{ path: file, mode: 0o600, bytes }]);
    expect(index.touchedBy(['users/kube-admin/new.crt'], inventory)).toEqual([]);
    expect(index.touchedBy([file], changed)).toEqual([edges.admin]);
    expect(index.touchedBy(['users/kube-admin/new.crt'], changed)).toEqual([edges.admin]);
  });
});

describe('evaluation of many edges', () => {
  it('checks no signature twice, whoever asks', () => {
    let checks = 0;
    const checkSignature: typeof signatureRefusal = (child, parent) => {
      checks++;
      return signatureRefusal(child, parent);
    };
    const evaluateEach = (world: typeof inventory) =>
      all.map((edge) => evaluate(edge, world, NOW, { checkSignature }).ok);
    expect(evaluateEach(inventory)).toEqual(all.map(() => true));
    const first = checks;
    expect(evaluateEach(inventory)).toEqual(all.map(() => true));
    expect(checks, 'the same files again').toBe(first);

    const renewed = { ...drafts.etcdClient, key: keyOf('etcd client') };
    const change: FileChange = {
      path: `${PKI}/apiserver-etcd-client.crt`,
      mode: 0o644,
      bytes: certificatePem(renewed),
    };
    expect(evaluateEach(inventory.withFiles([change]))).toEqual(all.map(() => true));
    expect(checks, 'one certificate renewed').toBe(first + 1);
  });
});
