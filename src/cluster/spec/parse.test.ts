import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, YEAR } from '../../base/index.ts';
import { parseSpec } from './parse.ts';
import { file } from './parse.fixture.ts';

describe('a kubetls.yaml', () => {
  it('needs a name and nodes only', () => {
    expect(parseSpec(file(), 'kubetls.yaml')).toEqual({
      name: 'demo',
      profile: 'flat',
      kubernetes: { major: 1, minor: 37 },
      endpoint: { host: 'kube-apiserver', port: 6443 },
      dnsDomain: 'cluster.local',
      serviceSubnets: ['10.96.0.0/12'],
      keys: { algorithm: 'ecdsa-p256' },
      lifetimes: { authority: 10 * YEAR, certificate: YEAR, renewBefore: undefined },
      authorities: { etcd: 'separate' },
      clients: { 'apiserver-etcd': 'own', 'apiserver-kubelet': 'own', 'kubelet-apiserver': 'own' },
      kubelets: { serving: 'issued', client: 'issued' },
      admins: ['kubernetes-admin', 'kubernetes-super-admin'],
      groups: {},
      nodes: [{ name: 'm', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.10'] }],
      sans: { 'kube-apiserver': [], etcd: [], kubelet: [] },
      users: [{ name: 'kube-admin', groups: ['system:masters'] }],
      services: {
        'kube-apiserver': { kind: 'systemd', unit: 'kube-apiserver' },
        etcd: { kind: 'systemd', unit: 'etcd' },
        kubelet: { kind: 'systemd', unit: 'kubelet' },
        'kube-scheduler': { kind: 'systemd', unit: 'kube-scheduler' },
        'kube-controller-manager': { kind: 'systemd', unit: 'kube-controller-manager' },
        'kube-proxy': { kind: 'systemd', unit: 'kube-proxy' },
        'aggregated-apiserver': { kind: 'none' },
      },
    });
  });

  it('may say everything', () => {
    const spec = parseSpec(
      `apiVersion: kubetls/v1
kind: Cluster
metadata: { name: prod }
spec:
  profile: flat
  kubernetes: 1.31
  endpoint: "[FD00:0::1]:443"
  dnsDomain: corp.test
  serviceSubnet: 10.32.0.0/16, fd00:10::/112
  keys: { algorithm: rsa-3072 }
  lifetimes: { authority: 5y, certificate: 1d12h, renewBefore: 10h30m }
  authorities: { etcd: shared }
  clients: { apiserver-etcd: reuse-server, apiserver-kubelet: reuse-server, kubelet-apiserver: reuse-server }
  nodes:
    - name: cp
      roles: [control-plane, etcd, worker]
      addresses: [10.0.0.1, "fd00:0:0::0001", cp.example.test]
    - { name: no, addresses: [10.0.0.2] }
  sans: { kube-apiserver: [api.example.test, "*.api.example.test", 203.0.113.7] }
  users:
    - { name: Jane.Doe@example.test, groups: [dev, "team: blue"] }
    - name: robot
`,
      'kubetls.yaml',
    );
    expect(spec).toMatchObject({
      name: 'prod',
      kubernetes: { major: 1, minor: 31 },
      endpoint: { host: 'fd00::1', port: 443 },
      serviceSubnets: ['10.32.0.0/16', 'fd00:10::/112'],
      lifetimes: { authority: 5 * YEAR, certificate: DAY + 12 * HOUR, renewBefore: 10 * HOUR + 30 * MINUTE },
      users: [
        { name: 'Jane.Doe@example.test', groups: ['dev', 'team: blue'] },
        { name: 'robot', groups: [] },
      ],
    });
    expect(spec.nodes[0]?.addresses).toEqual(['10.0.0.1', 'fd00::1', 'cp.example.test']);
    expect(spec.nodes[1]).toEqual({ name: 'no', roles: ['worker'], addresses: ['10.0.0.2'] });
  });

  it('takes a key without a value for one that is not there', () => {
    expect(parseSpec(file('sans:', 'profile:', 'users: []'), 'f')).toMatchObject({
      profile: 'flat',
      users: [],
    });
  });

  it('is YAML 1.2 without types, whatever it says itself', () => {
    const text = `%YAML 1.1\n---\n${file('kubernetes: 1.31', 'users: [{ name: no }, { name: 0x10 }]')}`;
    expect(parseSpec(text, 'f')).toMatchObject({
      kubernetes: { minor: 31 },
      users: [{ name: 'no' }, { name: '0x10' }],
    });
  });

  it('may use anchors and aliases', () => {
    const text = file('sans: { etcd: &names [a.test, b.test], kubelet: *names }');
    expect(parseSpec(text, 'f').sans).toEqual({
      'kube-apiserver': [],
      etcd: ['a.test', 'b.test'],
      kubelet: ['a.test', 'b.test'],
    });
  });
});

describe('the kubeadm profile', () => {
  const node = (name: string, roles: string, last: number) =>
    `    - { name: ${name}, roles: [${roles}], addresses: [${name}.test, 10.0.0.${last}] }\n`;
  const spec = (nodes: string) =>
    parseSpec(`metadata: { name: demo }\nspec:\n  profile: kubeadm\n  nodes:\n${nodes}`, 'f');

  it('stacks etcd on its control planes when no node is said to be a member', () => {
    const { nodes } = spec(
      node('cp1', 'control-plane', 1) + node('cp2', 'control-plane, worker', 2) + node('w', 'worker', 3),
    );
    expect(nodes.map(({ roles }) => roles)).toEqual([
      ['control-plane', 'etcd'],
      ['control-plane', 'etcd', 'worker'],
      ['worker'],
    ]);
  });

  it('leaves etcd where it is said to be', () => {
    const { nodes } = spec(node('cp1', 'control-plane', 1) + node('e1', 'etcd', 2));
    expect(nodes.map(({ roles }) => roles)).toEqual([['control-plane'], ['etcd']]);
  });

  it('is reached at the first control plane, and its administrator can be unbound', () => {
    const { endpoint, users } = spec(node('w', 'worker', 9) + node('cp1', 'control-plane', 1));
    expect(endpoint).toEqual({ host: '10.0.0.1', port: 6443 });
    expect(users).toEqual([{ name: 'kube-admin', groups: ['kubeadm:cluster-admins'] }]);
  });
});
