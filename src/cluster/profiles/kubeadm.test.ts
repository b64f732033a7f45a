import { describe, expect, it } from 'vitest';
import { describeCluster, parseSpec } from '../index.ts';
import type { Cluster, Item } from '../types.ts';

function cluster(spec: string): Cluster {
  return describeCluster(
    parseSpec(`metadata: { name: demo }\nspec:\n  profile: kubeadm\n${spec}`, 'kubetls.yaml'),
  );
}

function filesOf(item: Item) {
  if (item.kind === 'pair' || item.kind === 'authority') return [item.certificate, item.key];
  return item.kind === 'key-pair' ? [item.privateKey, item.publicKey] : [item.file];
}

/** Paths below a directory of the state; a pair once, as `apiserver.*`. */
function tree({ items }: Cluster, directory: string): string[] {
  return items
    .flatMap((item) =>
      item.kind === 'pair'
        ? [item.certificate.path.replace(/crt$/, '*')]
        : filesOf(item).map(({ path }) => path),
    )
    .filter((path) => path.startsWith(directory))
    .map((path) => path.slice(directory.length))
    .sort();
}

const CONTROL_PLANE = [
  'etc/kubernetes/admin.conf',
  'etc/kubernetes/controller-manager.conf',
  'etc/kubernetes/kubelet.conf',
  'etc/kubernetes/pki/apiserver-etcd-client.*',
  'etc/kubernetes/pki/apiserver-kubelet-client.*',
  'etc/kubernetes/pki/apiserver.*',
  'etc/kubernetes/pki/ca.crt',
  'etc/kubernetes/pki/ca.key',
  'etc/kubernetes/pki/etcd/ca.crt',
  'etc/kubernetes/pki/front-proxy-ca.crt',
  'etc/kubernetes/pki/front-proxy-ca.key',
  'etc/kubernetes/pki/front-proxy-client.*',
  'etc/kubernetes/pki/sa.key',
  'etc/kubernetes/pki/sa.pub',
  'etc/kubernetes/scheduler.conf',
  'var/lib/kubelet/pki/kubelet.*',
];
const MEMBER = ['server', 'peer', 'healthcheck-client'].map((name) => `etc/kubernetes/pki/etcd/${name}.*`);
const WORKER = ['etc/kubernetes/kubelet.conf', 'etc/kubernetes/pki/ca.crt', 'var/lib/kubelet/pki/kubelet.*'];
const SUPER_ADMIN = 'etc/kubernetes/super-admin.conf';
const ETCD_KEY = 'etc/kubernetes/pki/etcd/ca.key';

describe('three stacked control planes', () => {
  const stacked = cluster(`
  endpoint: api.example.test:6443
  nodes:
    - { name: cp1, roles: [control-plane], addresses: [10.0.0.11] }
    - { name: cp2, roles: [control-plane], addresses: [10.0.0.12] }
    - { name: cp3, roles: [control-plane], addresses: [10.0.0.13] }
    - { name: w1, addresses: [10.0.0.21] }
`);

  it("have kubeadm's files, super-admin.conf on the first only", () => {
    const each = [...CONTROL_PLANE, ...MEMBER, ETCD_KEY];
    expect(tree(stacked, 'nodes/cp1/')).toEqual([...each, SUPER_ADMIN].sort());
    expect(tree(stacked, 'nodes/cp2/')).toEqual([...each].sort());
    expect(tree(stacked, 'nodes/cp3/')).toEqual([...each].sort());
    expect(tree(stacked, 'nodes/w1/')).toEqual(WORKER);
    expect(tree(stacked, 'users/')).toEqual(
      ['ca.crt', 'kube-admin.*', 'kube-admin.conf'].map((name) => `kube-admin/${name}`),
    );
  });

  it('sa.pub is 0600 where it was made and 0644 where it was copied to', () => {
    const modes = stacked.items.flatMap(filesOf).filter(({ path }) => /nodes.*sa\.pub/.test(path));
    expect(modes.map(({ mode }) => mode.toString(8))).toEqual(['600', '644', '644']);
  });

  it('scheduler, controller manager and kubelet dial what stands beside them, the others the endpoint', () => {
    const dialled = (id: string) =>
      stacked.edges
        .filter((edge) => edge.id.startsWith(`${id}/kube-apiserver`))
        .map(({ endpoint, name }) => `${endpoint.node} as ${name}`);
    for (const component of ['kube-scheduler', 'kube-controller-manager', 'kubelet']) {
      expect(dialled(`${component}@cp2`)).toEqual(['cp2 as 10.0.0.12']);
    }
    const any = ['cp1', 'cp2', 'cp3'].map((node) => `${node} as api.example.test`);
    for (const client of [
      'kubelet@w1',
      'kube-proxy@cp2',
      'kube-proxy@w1',
      'kube-admin',
      'kubernetes-admin@cp3',
      'kubernetes-super-admin@cp1',
    ]) {
      expect(dialled(client)).toEqual(any);
    }
  });

  it('each kube-apiserver dials its own etcd on loopback; healthchecks ask every member', () => {
    const toEtcd = stacked.edges.filter(({ endpoint }) => endpoint.id.startsWith('etcd@'));
    const dialled = (client: string) =>
      toEtcd
        .filter(({ id }) => id.startsWith(`${client}/`))
        .map(({ endpoint, name }) => `${endpoint.node} as ${name}`);
    expect(dialled('kube-apiserver@cp2')).toEqual(['cp2 as 127.0.0.1']);
    expect(dialled('healthcheck@cp2')).toEqual(['cp1 as 10.0.0.11', 'cp2 as 10.0.0.12', 'cp3 as 10.0.0.13']);
  });

  it('kube-proxy shows a token, and trusts the cluster', () => {
    expect(stacked.edges.find(({ id }) => id === 'kube-proxy@w1/kube-apiserver@cp1')).toMatchObject({
      presents: { kind: 'none' },
      trusts: { kind: 'anchors', file: 'nodes/w1/etc/kubernetes/pki/ca.crt' },
    });
  });

  it('the controllers listen on loopback, where admin.conf reaches them', () => {
    const ports = stacked.edges.filter(({ endpoint }) => endpoint.id === 'kube-scheduler@cp2');
    expect(ports.map(({ id, name, presents }) => [id, name, presents.kind])).toEqual([
      ['kubelet@cp2/kube-scheduler@cp2', '127.0.0.1', 'none'],
      ['kubernetes-admin@cp2/kube-scheduler@cp2', '127.0.0.1', 'kubeconfig'],
    ]);
  });
});

describe('external etcd', () => {
  const external = cluster(`
  nodes:
    - { name: cp1, roles: [control-plane], addresses: [10.0.0.1] }
    - { name: e1, roles: [etcd], addresses: [10.0.0.11] }
    - { name: e2, roles: [etcd], addresses: [10.0.0.12] }
`);

  it('leaves control planes a client and the authority, without its key', () => {
    expect(tree(external, 'nodes/cp1/')).toEqual([...CONTROL_PLANE, SUPER_ADMIN].sort());
    expect(tree(external, 'nodes/e1/')).toEqual(['etc/kubernetes/pki/etcd/ca.crt', ...MEMBER].sort());
  });

  it('is dialled by address, each member', () => {
    const dialled = external.edges.filter(({ id }) => id.startsWith('kube-apiserver@cp1/etcd@'));
    expect(dialled.map(({ name }) => name)).toEqual(['10.0.0.11', '10.0.0.12']);
  });
});

describe('older versions', () => {
  const at = (minor: number) =>
    cluster(`
  kubernetes: "1.${minor}"
  endpoint: api.example.test:6443
  nodes: [{ name: cp1, roles: [control-plane], addresses: [10.0.0.1] }]
`);
  const kubeletClient = ({ items }: Cluster) =>
    items.find(({ id }) => id === 'node/cp1/apiserver-kubelet-client');

  it("kube-apiserver's client to kubelets was an administrator until 1.32", () => {
    const group = { type: 'O', value: 'kubeadm:cluster-admins' };
    const name = { type: 'CN', value: 'kube-apiserver-kubelet-client' };
    expect(kubeletClient(at(32))).toMatchObject({ profile: { subject: [group, name] } });
    expect(kubeletClient(at(33))).toMatchObject({ profile: { subject: [name] } });
  });

  it("a control plane's kubelet dialled the endpoint until 1.32", () => {
    const dialled = ({ edges }: Cluster) =>
      edges.find(({ id }) => id === 'kubelet@cp1/kube-apiserver@cp1')?.name;
    expect(dialled(at(32))).toBe('api.example.test');
    expect(dialled(at(33))).toBe('10.0.0.1');
  });
});
