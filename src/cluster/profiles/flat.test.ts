import { describe, expect, it } from 'vitest';
import { cluster, ONE_AND_THREE, filesOf, tree, pair, says, MASTER, WORKER } from './flat.fixture.ts';

describe('one master and three workers', () => {
  const usual = cluster(ONE_AND_THREE);

  it('have these files, and nothing beside', () => {
    expect(tree(usual, 'nodes/master/etc/kubernetes/')).toEqual(MASTER);
    for (const worker of ['worker-1', 'worker-2', 'worker-3']) {
      expect(tree(usual, `nodes/${worker}/etc/kubernetes/`)).toEqual(WORKER);
    }
    expect(tree(usual, 'users/')).toEqual([
      '0644 kube-admin/admin.crt',
      '0600 kube-admin/admin.key',
      '0600 kube-admin/admin.kubeconfig',
      '0644 kube-admin/ca.crt',
    ]);
    expect(tree(usual, 'authorities/')).toEqual([
      '0644 cluster/g1/ca.crt',
      '0600 cluster/g1/ca.key',
      '0644 etcd/g1/ca.crt',
      '0600 etcd/g1/ca.key',
      '0644 front-proxy/g1/ca.crt',
      '0600 front-proxy/g1/ca.key',
      '0600 service-account/g1/sa.key',
      '0644 service-account/g1/sa.pub',
    ]);
    const all = tree(usual, '');
    expect(all).toHaveLength(MASTER.length + 3 * WORKER.length + 4 + 8);
    expect(new Set(all).size).toBe(all.length);
  });

  const certificates: readonly (readonly [string, ...string[]])[] = [
    [
      'node/master/apiserver',
      'CN=kube-apiserver',
      'kubernetes kubernetes.default kubernetes.default.svc kubernetes.default.svc.cluster.local master kube-apiserver 10.96.0.1 10.0.0.10',
      'serverAuth',
      'by cluster',
    ],
    ['node/master/apiserver-etcd-client', 'CN=kube-apiserver-etcd-client', '', 'clientAuth', 'by etcd'],
    [
      'node/master/apiserver-kubelet-client',
      'CN=kube-apiserver-kubelet-client',
      '',
      'clientAuth',
      'by cluster',
    ],
    ['node/master/front-proxy-client', 'CN=front-proxy-client', '', 'clientAuth', 'by front-proxy'],
    ['node/master/scheduler', 'CN=system:kube-scheduler', '', 'clientAuth', 'by cluster'],
    ['node/master/controller-manager', 'CN=system:kube-controller-manager', '', 'clientAuth', 'by cluster'],
    [
      'node/master/etcdserver',
      'CN=etcd',
      'master localhost 10.0.0.10 127.0.0.1 ::1',
      'serverAuth clientAuth',
      'by etcd',
    ],
    [
      'node/worker-1/kubelet',
      'O=system:nodes, CN=system:node:worker-1',
      'worker-1 10.0.0.21',
      'serverAuth',
      'by cluster',
    ],
    [
      'node/worker-1/kubelet-client',
      'O=system:nodes, CN=system:node:worker-1',
      '',
      'clientAuth',
      'by cluster',
    ],
    ['node/worker-1/kube-proxy', 'CN=system:kube-proxy', '', 'clientAuth', 'by cluster'],
    ['user/kube-admin/admin', 'O=system:masters, CN=kube-admin', '', 'clientAuth', 'by cluster'],
  ];
  for (const [id, ...text] of certificates) it(id, () => expect(says(pair(usual, id))).toEqual(text));

  it('authorities sign certificates and CRLs, and may be certified by one another', () => {
    const authorities = usual.items.filter((item) => item.kind === 'authority');
    expect(authorities.map(({ profile }) => profile.subject)).toEqual(
      ['KUBERNETES-CA', 'ETCD-CA', 'FRONT-PROXY-CA'].map((value) => [{ type: 'CN', value }]),
    );
    for (const { profile } of authorities) {
      expect(profile).toMatchObject({
        keyUsage: ['keyCertSign', 'cRLSign'],
        authority: { pathLength: 1 },
        subjectKeyId: true,
        serialBits: 159,
      });
    }
  });

  it('only people are persons', () => {
    const persons = usual.items.flatMap((item) => (item.kind === 'pair' ? [item.profile.person] : []));
    expect(persons.filter((person) => person !== undefined)).toEqual(['kube-admin']);
  });

  it('workers hold no authority key, and sign nobody', () => {
    const keys = usual.items
      .flatMap(filesOf)
      .filter(({ path }) => /nodes\/worker.*(ca|sa)\.(key|pub)$/.test(path));
    expect(keys).toEqual([]);
  });

  it('kubeconfigs point at files beside them, wherever the tree stands', () => {
    const kubeconfig = usual.items.find(({ id }) => id === 'node/master/scheduler.kubeconfig');
    expect(kubeconfig).toMatchObject({
      file: { path: 'nodes/master/etc/kubernetes/scheduler.kubeconfig' },
      clusterName: 'demo',
      server: 'https://kube-apiserver:6443',
      userName: 'system:kube-scheduler',
      contextName: 'system:kube-scheduler@demo',
      authority: { path: 'pki/ca.crt' },
      credentials: { paths: { certificate: 'pki/scheduler.crt', key: 'pki/scheduler.key' } },
    });
    const admin = usual.items.find(({ id }) => id === 'user/kube-admin/admin.kubeconfig');
    expect(admin).toMatchObject({
      authority: { path: 'ca.crt' },
      credentials: { paths: { certificate: 'admin.crt', key: 'admin.key' } },
    });
  });

  it('nothing to warn of', () => expect(usual.warnings).toEqual([]));
});

describe('IPv6 and both families', () => {
  const six = cluster(`
  endpoint: "[fd00::100]:6443"
  serviceSubnet: "fd00:10::/112"
  nodes: [{ name: cp, roles: [control-plane, etcd], addresses: ["fd00:0::1"] }]
`);
  const dual = cluster(`
  endpoint: api.example.test:443
  serviceSubnet: "10.96.0.0/12,fd00:10::/112"
  nodes: [{ name: cp, roles: [control-plane, etcd], addresses: [cp.example.test, 10.0.0.1, "fd00::1"] }]
  sans: { kube-apiserver: [10.0.0.1, api.example.test, "*.example.test"], etcd: [etcd.example.test], kubelet: [k.example.test] }
`);

  it('IPv6', () => {
    expect(says(pair(six, 'node/cp/apiserver'))[1]).toBe(
      'kubernetes kubernetes.default kubernetes.default.svc kubernetes.default.svc.cluster.local cp fd00:10::1 fd00::1 fd00::100',
    );
    const kubeconfig = six.items.find(({ id }) => id === 'node/cp/kubelet.kubeconfig');
    expect(kubeconfig).toMatchObject({ server: 'https://[fd00::100]:6443' });
    expect(six.edges.find(({ id }) => id === 'kube-apiserver@cp/etcd@cp')?.name).toBe('fd00::1');
  });

  it('dual-stack: both Service addresses and all of the node, each name once', () => {
    expect(says(pair(dual, 'node/cp/apiserver'))[1]).toBe(
      'kubernetes kubernetes.default kubernetes.default.svc kubernetes.default.svc.cluster.local cp cp.example.test ' +
        'api.example.test *.example.test 10.96.0.1 fd00:10::1 10.0.0.1 fd00::1',
    );
    expect(says(pair(dual, 'node/cp/etcdserver'))[1]).toBe(
      'cp cp.example.test localhost etcd.example.test 10.0.0.1 fd00::1 127.0.0.1 ::1',
    );
    expect(says(pair(dual, 'node/cp/kubelet'))[1]).toBe('cp cp.example.test k.example.test 10.0.0.1 fd00::1');
    expect(dual.endpoints.find(({ id }) => id === 'kubelet@cp')?.address).toEqual({
      host: '10.0.0.1',
      port: 10250,
    });
  });
});

describe('keys', () => {
  const withKeys = (algorithm: string) => cluster(`  keys: { algorithm: ${algorithm} }\n${ONE_AND_THREE}`);

  it('RSA may encipher, elliptic keys only sign', () => {
    expect(pair(withKeys('rsa-2048'), 'node/master/apiserver').profile.keyUsage).toEqual([
      'digitalSignature',
      'keyEncipherment',
    ]);
    expect(pair(withKeys('ecdsa-p384'), 'node/master/apiserver').profile.keyUsage).toEqual([
      'digitalSignature',
    ]);
  });

  it('tokens are never signed with Ed25519, which is said', () => {
    const ed = withKeys('ed25519');
    expect(ed.items.find(({ kind }) => kind === 'key-pair')).toMatchObject({ algorithm: 'ecdsa-p256' });
    expect(ed.warnings).toEqual([
      'Kubernetes signs service-account tokens with RSA or ECDSA keys only: theirs is ecdsa-p256',
    ]);
  });
});

it('a node among the Services is warned of', () => {
  const { warnings } = cluster(`
  nodes: [{ name: cp, roles: [control-plane, etcd], addresses: [10.100.0.1] }]
`);
  expect(warnings).toEqual([
    '10.100.0.1 of node cp lies in serviceSubnet 10.96.0.0/12: traffic to it may end at a Service',
  ]);
});
