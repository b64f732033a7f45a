import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSpecText, describeCluster, parseSpec } from './index.ts';
import type { Cluster, ClusterSpec, Credential, Item, ServerTrust, StatePath } from './types.ts';

interface Shape {
  readonly profile: 'flat' | 'kubeadm';
  readonly minor: number;
  readonly etcd: 'separate' | 'shared';
  readonly reuse: readonly boolean[];
  readonly controlPlanes: number;
  readonly stacked: number;
  readonly external: number;
  readonly workers: number;
  readonly six: boolean;
  readonly users: readonly string[];
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  profile: fc.constantFrom('flat' as const, 'kubeadm' as const),
  minor: fc.integer({ min: 31, max: 37 }),
  etcd: fc.constantFrom('separate' as const, 'shared' as const),
  reuse: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  controlPlanes: fc.integer({ min: 1, max: 4 }),
  stacked: fc.integer({ min: 0, max: 4 }),
  external: fc.integer({ min: 0, max: 3 }),
  workers: fc.integer({ min: 0, max: 6 }),
  six: fc.boolean(),
  users: fc.uniqueArray(fc.constantFrom('kube-admin', 'jane', 'bob@example.test', 'a.b'), { maxLength: 4 }),
});

function specOf(shape: Shape): ClusterSpec {
  const { profile, controlPlanes, workers, six, reuse } = shape;
  const stacked = Math.min(shape.stacked, controlPlanes);
  const external = stacked + shape.external === 0 ? 1 : shape.external;
  const address = (kind: number, i: number) => (six ? `"fd00::${kind}:${i + 1}"` : `10.0.${kind}.${i + 1}`);
  const nodes = [
    ...range(controlPlanes).map(
      (i) =>
        `{ name: cp${i}, roles: [control-plane${i < stacked ? ', etcd' : ''}], addresses: [${address(1, i)}] }`,
    ),
    ...range(external).map((i) => `{ name: e${i}, roles: [etcd], addresses: [${address(2, i)}] }`),
    ...range(workers).map((i) => `{ name: w${i}, roles: [worker], addresses: [${address(3, i)}] }`),
  ];
  const own = (i: number) => (profile === 'flat' && reuse[i] ? 'reuse-server' : 'own');
  return parseSpec(
    `metadata: { name: demo }
spec:
  profile: ${profile}
  kubernetes: 1.${shape.minor}
  authorities: { etcd: ${profile === 'flat' ? shape.etcd : 'separate'} }
  clients: { apiserver-etcd: ${own(0)}, apiserver-kubelet: ${own(1)}, kubelet-apiserver: ${own(2)} }
  nodes: [${nodes.join(', ')}]
  users: [${shape.users.map((name) => `{ name: ${name} }`).join(', ')}]
`,
    'kubetls.yaml',
  );
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function forAll(check: (cluster: Cluster) => void): void {
  fc.assert(
    fc.property(shapes, (shape) => check(describeCluster(specOf(shape)))),
    { numRuns: 100 },
  );
}

function filesOf(item: Item): StatePath[] {
  if (item.kind === 'pair' || item.kind === 'authority') return [item.certificate.path, item.key.path];
  return item.kind === 'key-pair' ? [item.privateKey.path, item.publicKey.path] : [item.file.path];
}

function filesShown(presents: Credential): StatePath[] {
  if (presents.kind === 'none') return [];
  return presents.kind === 'pair' ? [presents.certificate, presents.key] : [presents.file];
}

function filesTrusted(trusts: ServerTrust): StatePath[] {
  return trusts.kind === 'skipped' ? [] : [trusts.file];
}

/** Every file that an item, an endpoint or an edge needs to be there. */
function filesNeeded({ items, endpoints, edges }: Cluster): StatePath[] {
  return [
    ...items.flatMap((item) => {
      if (item.kind === 'copy') return [item.from];
      if (item.kind !== 'kubeconfig') return [];
      const beside = (path: string) => `${item.file.path.slice(0, item.file.path.lastIndexOf('/'))}/${path}`;
      return [
        ...('path' in item.authority ? [beside(item.authority.path)] : []),
        ...('paths' in item.credentials ? Object.values(item.credentials.paths).map(beside) : []),
      ];
    }),
    ...endpoints.flatMap(({ serves, clients }) => [
      ...(serves === 'self-signed' ? [] : [serves.certificate, serves.key]),
      ...clients.anchors,
      ...(clients.frontProxy ? [clients.frontProxy.anchors] : []),
    ]),
    ...edges.flatMap(({ presents, trusts }) => [...filesShown(presents), ...filesTrusted(trusts)]),
  ];
}

describe('any cluster', () => {
  it('has every file that something in it refers to', () => {
    forAll((cluster) => {
      const files = new Set(cluster.items.flatMap(filesOf));
      const needed = filesNeeded(cluster);
      expect(needed.length).toBeGreaterThan(20);
      expect(needed.filter((path) => !files.has(path))).toEqual([]);
    });
  });

  it('has no file twice, and no two items, endpoints or edges of one id', () => {
    forAll(({ items, endpoints, edges }) => {
      for (const list of [items.flatMap(filesOf), ids(items), ids(endpoints), ids(edges)]) {
        expect(new Set(list).size).toBe(list.length);
      }
    });
  });

  it('has ids that can be typed', () => {
    forAll(({ items, endpoints, edges }) => {
      const strange = [...ids(items), ...ids(endpoints), ...ids(edges)].filter(
        (id) => !/^[\w@./+-]+$/.test(id),
      );
      expect(strange).toEqual([]);
      expect(ids(edges)).toEqual(edges.map(({ client, endpoint }) => `${client.name}/${endpoint.id}`));
    });
  });

  it('uses files of the node that a component runs on, and no other', () => {
    forAll(({ edges, endpoints }) => {
      const used = [
        ...edges.flatMap(({ client, presents, trusts }) => {
          const home = client.node === undefined ? `users/${client.name}/` : `nodes/${client.node}/`;
          return [...filesShown(presents), ...filesTrusted(trusts)].map((path) => ({ home, path }));
        }),
        ...endpoints.flatMap(({ node, serves, clients }) => {
          const files = [
            ...clients.anchors,
            ...(serves === 'self-signed' ? [] : [serves.certificate, serves.key]),
          ];
          return files.map((path) => ({ home: `nodes/${node}/`, path }));
        }),
      ];
      expect(used.filter(({ home, path }) => !path.startsWith(home))).toEqual([]);
    });
  });

  it('keeps keys of authorities off workers and members of etcd', () => {
    forAll(({ spec, items }) => {
      const held = items.flatMap((item) =>
        item.kind === 'copy' && item.from.endsWith('.key') ? [item.owner?.name] : [],
      );
      const controlPlanes = spec.nodes
        .filter(({ roles }) => roles.includes('control-plane'))
        .map(({ name }) => name);
      expect(new Set(held)).toEqual(new Set(controlPlanes));
    });
  });

  it('dials each server under a name that is in its certificate', () => {
    forAll(({ items, edges }) => {
      const names = new Map(
        items.flatMap((item) =>
          item.kind === 'pair'
            ? [[item.certificate.path, [...item.profile.dnsNames, ...item.profile.ipAddresses]] as const]
            : [],
        ),
      );
      const wrong = edges.filter(
        ({ endpoint: { serves }, name }) =>
          serves !== 'self-signed' && !names.get(serves.certificate)?.includes(name),
      );
      expect(ids(wrong)).toEqual([]);
    });
  });

  it('lets every pair do what it is used for', () => {
    forAll(({ items, edges }) => {
      const usages = new Map(
        items.flatMap((item) =>
          item.kind === 'pair' ? [[item.certificate.path, item.profile.extendedKeyUsage] as const] : [],
        ),
      );
      const wrong = edges.filter(({ endpoint: { serves }, presents }) => {
        const serving = serves === 'self-signed' || usages.get(serves.certificate)?.includes('serverAuth');
        const showing = presents.kind !== 'pair' || usages.get(presents.certificate)?.includes('clientAuth');
        return !serving || !showing;
      });
      expect(ids(wrong)).toEqual([]);
    });
  });

  it('has as many edges as its roles say', () => {
    forAll(({ spec, edges }) => {
      expect(edges).toHaveLength(edgeCount(spec));
    });
  });
});

/** Control planes C, those of them with etcd S, members E, kubelets K, users U. */
function edgeCount({ profile, kubernetes, nodes, users }: ClusterSpec): number {
  const having = (...roles: readonly string[]) =>
    nodes.filter((node) => roles.some((role) => node.roles.some((has) => has === role))).length;
  const C = having('control-plane');
  const E = having('etcd');
  const K = having('control-plane', 'worker');
  const U = users.length;
  const S = nodes.filter(({ roles }) => roles.includes('etcd') && roles.includes('control-plane')).length;
  const everywhere = K * C + U * C + E * (E - 1) + E + C * K + C + 2 * C + C;
  if (profile === 'flat') return everywhere + 2 * C * C + K * C + C * E + (U > 0 ? 2 * C : 0);
  const kubelets = kubernetes.minor >= 33 ? C + (K - C) * C : K * C;
  const toEtcd = S + (C - S) * E;
  return everywhere + 2 * C + kubelets + (C + 1) * C + toEtcd + E * E + 2 * C;
}

function ids(list: readonly { readonly id: string }[]): string[] {
  return list.map(({ id }) => id);
}

describe('one master and three workers', () => {
  const { edges, endpoints } = describeCluster(parseSpec(defaultSpecText(), 'kubetls.yaml'));

  it('have these edges', () => {
    expect(
      edges.map(({ id, name, presents, trusts }) => `${id} as ${name}: ${presents.kind}, ${trusts.kind}`),
    ).toEqual([
      'kube-scheduler@master/kube-apiserver@master as kube-apiserver: kubeconfig, kubeconfig',
      'kube-controller-manager@master/kube-apiserver@master as kube-apiserver: kubeconfig, kubeconfig',
      ...['master', 'worker-1', 'worker-2', 'worker-3'].map(
        (node) => `kubelet@${node}/kube-apiserver@master as kube-apiserver: kubeconfig, kubeconfig`,
      ),
      ...['master', 'worker-1', 'worker-2', 'worker-3'].map(
        (node) => `kube-proxy@${node}/kube-apiserver@master as kube-apiserver: kubeconfig, kubeconfig`,
      ),
      'kube-admin/kube-apiserver@master as kube-apiserver: kubeconfig, kubeconfig',
      'kube-apiserver@master/etcd@master as 10.0.0.10: pair, anchors',
      'etcd@master/etcd@master as 10.0.0.10: pair, skipped',
      'kube-apiserver@master/kubelet@master as 10.0.0.10: pair, anchors',
      'kube-apiserver@master/kubelet@worker-1 as 10.0.0.21: pair, anchors',
      'kube-apiserver@master/kubelet@worker-2 as 10.0.0.22: pair, anchors',
      'kube-apiserver@master/kubelet@worker-3 as 10.0.0.23: pair, anchors',
      'liveness@master/kube-apiserver@master as 10.0.0.10: none, skipped',
      'kubelet@master/kube-controller-manager@master as 10.0.0.10: none, skipped',
      'kubelet@master/kube-scheduler@master as 10.0.0.10: none, skipped',
      'kube-admin/kube-controller-manager@master as 10.0.0.10: kubeconfig, skipped',
      'kube-admin/kube-scheduler@master as 10.0.0.10: kubeconfig, skipped',
      'front-proxy@master/aggregated-apiserver@master as metrics-server.kube-system.svc: pair, skipped',
    ]);
  });

  it('listen here, and let in these', () => {
    const row = ({ id, address, serves, clients }: Cluster['endpoints'][number]) =>
      `${id} ${address.host}:${address.port} ${serves === 'self-signed' ? serves : serves.certificate.split('/').pop()} ` +
      `${clients.verified} ${clients.anonymous} ${clients.anchors.map((path) => path.split('/').pop()).join()}` +
      `${clients.frontProxy ? ` ${clients.frontProxy.allowedNames.join()}` : ''}${clients.peerAddressCheck ? ' by address' : ''}`;
    expect(endpoints.map(row)).toEqual([
      'kube-apiserver@master 10.0.0.10:6443 apiserver.crt request forbidden ca.crt front-proxy-client',
      'etcd@master 10.0.0.10:2379 etcdserver.crt handshake refused etcd-ca.crt',
      'etcd-peer@master 10.0.0.10:2380 etcdserver.crt handshake refused etcd-ca.crt by address',
      'kubelet@master 10.0.0.10:10250 kubelet.crt request unauthorized ca.crt',
      'kubelet@worker-1 10.0.0.21:10250 kubelet.crt request unauthorized ca.crt',
      'kubelet@worker-2 10.0.0.22:10250 kubelet.crt request unauthorized ca.crt',
      'kubelet@worker-3 10.0.0.23:10250 kubelet.crt request unauthorized ca.crt',
      'kube-scheduler@master 10.0.0.10:10259 self-signed request forbidden ca.crt',
      'kube-controller-manager@master 10.0.0.10:10257 self-signed request forbidden ca.crt',
      'aggregated-apiserver@master 10.0.0.10:4443 self-signed request forbidden ca.crt front-proxy-client',
    ]);
  });
});

it('the largest cluster is described', () => {
  const workers = range(5_000).map((i) => `    - { name: w${i}, addresses: [10.1.${i >> 8}.${i & 255}] }\n`);
  const cluster = describeCluster(parseSpec(defaultSpecText() + workers.join(''), 'kubetls.yaml'));
  expect(cluster.edges).toHaveLength(edgeCount(cluster.spec));
  expect(cluster.edges.length).toBeGreaterThan(15_000);
});
