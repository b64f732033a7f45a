// Who shows what to whom, and believes whom, in the flat profile.
import { describe, expect, it } from 'vitest';
import { cluster, ONE_AND_THREE, tree, pair, says, MASTER, WORKER } from './flat.fixture.ts';

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
