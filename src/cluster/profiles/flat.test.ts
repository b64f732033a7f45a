import { describe, expect, it } from 'vitest';
import { describeCluster, parseSpec } from '../index.ts';
import type { Cluster, Item, PairItem } from '../types.ts';

function cluster(spec: string): Cluster {
  return describeCluster(parseSpec(`metadata: { name: demo }\nspec:\n${spec}`, 'kubetls.yaml'));
}

const ONE_AND_THREE = `
  nodes:
    - { name: master, roles: [control-plane, etcd], addresses: [10.0.0.10] }
    - { name: worker-1, addresses: [10.0.0.21] }
    - { name: worker-2, addresses: [10.0.0.22] }
    - { name: worker-3, addresses: [10.0.0.23] }
`;

function filesOf(item: Item) {
  if (item.kind === 'pair' || item.kind === 'authority') return [item.certificate, item.key];
  return item.kind === 'key-pair' ? [item.privateKey, item.publicKey] : [item.file];
}

/** `0644 ca.crt`, of everything below a directory of the state. */
function tree({ items }: Cluster, directory: string): string[] {
  return items
    .flatMap(filesOf)
    .filter(({ path }) => path.startsWith(directory))
    .map(({ path, mode }) => `${mode.toString(8).padStart(4, '0')} ${path.slice(directory.length)}`)
    .sort((a, b) => a.slice(5).localeCompare(b.slice(5)));
}

function pair({ items }: Cluster, id: string): PairItem {
  const found = items.find((item) => item.id === id);
  if (found?.kind !== 'pair') throw new Error(`no pair ${id}`);
  return found;
}

/** What a certificate says, as in `openssl x509 -text`. */
function says(item: PairItem): string[] {
  const { subject, dnsNames, ipAddresses, extendedKeyUsage } = item.profile;
  return [
    subject.map(({ type, value }) => `${type}=${value}`).join(', '),
    [...dnsNames, ...ipAddresses].join(' '),
    extendedKeyUsage.join(' '),
    `by ${item.issuer}`,
  ];
}

const MASTER = [
  '0600 controller-manager.kubeconfig',
  '0600 kube-proxy.kubeconfig',
  '0600 kubelet.kubeconfig',
  '0644 pki/apiserver-etcd-client.crt',
  '0600 pki/apiserver-etcd-client.key',
  '0644 pki/apiserver-kubelet-client.crt',
  '0600 pki/apiserver-kubelet-client.key',
  '0644 pki/apiserver.crt',
  '0600 pki/apiserver.key',
  '0644 pki/ca.crt',
  '0600 pki/ca.key',
  '0644 pki/controller-manager.crt',
  '0600 pki/controller-manager.key',
  '0644 pki/etcd-ca.crt',
  '0644 pki/etcdserver.crt',
  '0600 pki/etcdserver.key',
  '0644 pki/front-proxy-ca.crt',
  '0644 pki/front-proxy-client.crt',
  '0600 pki/front-proxy-client.key',
  '0644 pki/kube-proxy.crt',
  '0600 pki/kube-proxy.key',
  '0644 pki/kubelet-client.crt',
  '0600 pki/kubelet-client.key',
  '0644 pki/kubelet.crt',
  '0600 pki/kubelet.key',
  '0600 pki/sa.key',
  '0644 pki/sa.pub',
  '0644 pki/scheduler.crt',
  '0600 pki/scheduler.key',
  '0600 scheduler.kubeconfig',
];

const WORKER = [
  '0600 kube-proxy.kubeconfig',
  '0600 kubelet.kubeconfig',
  '0644 pki/ca.crt',
  '0644 pki/kube-proxy.crt',
  '0600 pki/kube-proxy.key',
  '0644 pki/kubelet-client.crt',
  '0600 pki/kubelet-client.key',
  '0644 pki/kubelet.crt',
  '0600 pki/kubelet.key',
];

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

describe('a shared authority', () => {
  const shared = cluster(`  authorities: { etcd: shared }\n${ONE_AND_THREE}`);

  it('is the only one besides the front proxy', () => {
    expect(shared.items.flatMap((item) => (item.kind === 'authority' ? [item.authority] : []))).toEqual([
      'cluster',
      'front-proxy',
    ]);
    expect(tree(shared, 'nodes/master/etc/kubernetes/')).toEqual(
      MASTER.filter((line) => !line.includes('etcd-ca')),
    );
  });

  it('signs for etcd, whose clients and peers trust it', () => {
    expect(pair(shared, 'node/master/etcdserver').issuer).toBe('cluster');
    expect(pair(shared, 'node/master/apiserver-etcd-client').issuer).toBe('cluster');
    const etcd = shared.endpoints.filter(({ component }) => component === 'etcd');
    expect(etcd.flatMap(({ clients }) => clients.anchors)).toEqual(
      Array(2).fill('nodes/master/etc/kubernetes/pki/ca.crt'),
    );
  });

  it('opens etcd to all that it certifies, which is said', () => {
    expect(shared.warnings).toEqual([
      'authorities.etcd is shared: every certificate of the cluster authority can read and write etcd',
    ]);
  });
});

describe("the server's pair shown as a client", () => {
  const reused = cluster(
    `  clients: { apiserver-etcd: reuse-server, apiserver-kubelet: reuse-server, kubelet-apiserver: reuse-server }\n${ONE_AND_THREE}`,
  );

  it('takes the place of the clients of their own', () => {
    const gone = /apiserver-(etcd|kubelet)-client|kubelet-client/;
    const expected = [...MASTER.filter((line) => !gone.test(line)), '0644 pki/etcd-client-ca.crt'];
    expect(tree(reused, 'nodes/master/etc/kubernetes/').sort()).toEqual(expected.sort());
    expect(tree(reused, 'nodes/worker-1/etc/kubernetes/')).toEqual(WORKER.filter((line) => !gone.test(line)));
  });

  it('serves and authenticates', () => {
    expect(says(pair(reused, 'node/master/apiserver'))[2]).toBe('serverAuth clientAuth');
    expect(says(pair(reused, 'node/worker-1/kubelet')).slice(0, 3)).toEqual([
      'O=system:nodes, CN=system:node:worker-1',
      'worker-1 10.0.0.21',
      'serverAuth clientAuth',
    ]);
    expect(reused.items.find(({ id }) => id === 'node/worker-1/kubelet.kubeconfig')).toMatchObject({
      credentials: { paths: { certificate: 'pki/kubelet.crt', key: 'pki/kubelet.key' } },
    });
  });

  it('is trusted by etcd for clients, and not for peers', () => {
    expect(reused.items.find(({ id }) => id === 'node/master/etcd-client-ca.crt')).toMatchObject({
      of: ['etcd', 'cluster'],
    });
    const pki = 'nodes/master/etc/kubernetes/pki';
    const anchors = Object.fromEntries(reused.endpoints.map(({ id, clients }) => [id, clients.anchors]));
    expect(anchors['etcd@master']).toEqual([`${pki}/etcd-client-ca.crt`]);
    expect(anchors['etcd-peer@master']).toEqual([`${pki}/etcd-ca.crt`]);
  });

  it('is shown by kube-apiserver to etcd and to kubelets', () => {
    const shown = reused.edges.filter(({ client }) => client.component === 'kube-apiserver');
    expect(shown).toHaveLength(5);
    for (const { presents } of shown) {
      expect(presents).toMatchObject({ certificate: 'nodes/master/etc/kubernetes/pki/apiserver.crt' });
    }
  });

  it('has a price, which is said', () => {
    expect(reused.warnings).toEqual([
      "clients.apiserver-etcd reuses the server's pair, so etcd trusts the cluster authority too: every certificate of the cluster authority can read and write etcd",
      'clients.apiserver-kubelet reuses the server\'s pair: kubelets see the user "kube-apiserver", which needs a ClusterRoleBinding to system:kubelet-api-admin',
    ]);
  });
});

describe('etcd on nodes of its own', () => {
  const external = cluster(`
  nodes:
    - { name: cp, roles: [control-plane], addresses: [10.0.0.1] }
    - { name: e1, roles: [etcd], addresses: [10.0.0.11, e1.example.test] }
    - { name: e2, roles: [etcd], addresses: [10.0.0.12] }
`);

  it('needs its own pair and its authority only', () => {
    expect(tree(external, 'nodes/e1/')).toEqual([
      '0644 etc/kubernetes/pki/etcd-ca.crt',
      '0644 etc/kubernetes/pki/etcdserver.crt',
      '0600 etc/kubernetes/pki/etcdserver.key',
    ]);
    expect(tree(external, 'nodes/cp/').some((line) => line.includes('etcdserver'))).toBe(false);
  });

  it('is dialled by address, each member by each', () => {
    const toEtcd = external.edges.filter(({ endpoint }) => endpoint.component === 'etcd');
    expect(toEtcd.map(({ id, name }) => `${id} as ${name}`)).toEqual([
      'kube-apiserver@cp/etcd@e1 as 10.0.0.11',
      'kube-apiserver@cp/etcd@e2 as 10.0.0.12',
      'etcd@e1/etcd-peer@e2 as 10.0.0.12',
      'etcd@e2/etcd-peer@e1 as 10.0.0.11',
      'etcd@e1/etcd@e1 as 10.0.0.11',
      'etcd@e2/etcd@e2 as 10.0.0.12',
    ]);
  });
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
