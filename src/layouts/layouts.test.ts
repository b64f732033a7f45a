import { describe, expect, it } from 'vitest';
import { applied } from '../../test/support/small-cluster.ts';
import { Surveyor } from '../survey/index.ts';
import { LAYOUTS, recogniseLayouts } from './index.ts';

const world = await applied();
const bytesAt = (path: string) => world.inventory.get(path)?.bytes ?? new Uint8Array();
const ca = bytesAt('nodes/master/etc/kubernetes/pki/ca.crt');
const key = bytesAt('users/kube-admin/admin.key');

/** What a tree of these paths is taken for; what stands in its files says nothing about its layout. */
function recognised(paths: readonly string[], bytes = ca) {
  const surveyor = new Surveyor();
  for (const path of paths) surveyor.add({ root: 'n', path, mode: 0o600, owner: undefined, bytes });
  return recogniseLayouts(surveyor.done().files);
}

const names = (paths: readonly string[]) => recognised(paths).map(({ layout, base }) => [layout.name, base]);

const pathsIn = (name: string) =>
  (LAYOUTS.find((layout) => layout.name === name)?.rows ?? []).flatMap((row) =>
    [row.certificate, row.key, row.publicKey, row.kubeconfig].flatMap((path) =>
      path === undefined ? [] : [path.replace('*', 'one')],
    ),
  );

describe('a layout is recognised', () => {
  it.each(LAYOUTS.map(({ name }) => name).filter((name) => name !== 'talos'))('%s, whole', (name) => {
    expect(names(pathsIn(name))[0]).toEqual([name, '']);
  });

  it.each([
    ['kubeadm', 'etc/kubernetes'],
    ['kubeadm', 'etc/kubernetes/pki'],
    ['flat', 'etc/kubernetes/pki'],
    ['k3s', 'var/lib/rancher/k3s/server/tls'],
    ['kubespray-etcd', 'etc/ssl/etcd/ssl'],
    ['hard-way', 'var/lib/kubernetes'],
    ['hard-way-cfssl', 'var/lib/kubernetes'],
  ])('%s from %s on', (name, base) => {
    const below = pathsIn(name)
      .filter((path) => path.startsWith(`${base}/`))
      .map((path) => path.slice(base.length + 1));
    expect(names(below)[0]).toEqual([name, base]);
  });

  it('kubeadm with an etcd that kubespray made: both', () => {
    const external = pathsIn('kubeadm').filter((path) => !path.includes('/etcd/'));
    expect(names([...external, ...pathsIn('kubespray-etcd')]).map(([name]) => name)).toEqual([
      'kubeadm',
      'kubespray-etcd',
    ]);
  });

  it('a worker of kubeadm, of flat, of k3s', () => {
    const worker = ['etc/kubernetes/pki/ca.crt', 'etc/kubernetes/kubelet.conf'];
    expect(names(worker)).toEqual([['kubeadm', '']]);
    expect(names(['etc/kubernetes/pki/ca.crt', 'etc/kubernetes/pki/kube-proxy.crt'])).toEqual([['flat', '']]);
    const agent = ['client-kubelet.crt', 'serving-kubelet.crt', 'server-ca.crt'];
    expect(names(agent.map((file) => `var/lib/rancher/k3s/agent/${file}`))[0]).toEqual(['k3s', '']);
  });

  it("Talos' secrets, by their fields, whatever the file is called", () => {
    const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
    const text = `certs:\n  etcd: { crt: ${b64(ca)}, key: ${b64(key)} }\n  k8s: { crt: ${b64(ca)} }\n`;
    const [found] = recognised(['my.yaml'], Buffer.from(text));
    expect(found?.layout.name).toBe('talos');
    expect(found?.files.map(({ role }) => role)).toEqual(['cluster-ca', 'etcd-ca', 'etcd-ca']);
  });

  it('and one that nobody knows is not', () => {
    expect(names(['certs/root.pem', 'certs/a.pem', 'ca.crt'])).toEqual([]);
  });
});
