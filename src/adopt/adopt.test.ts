import { describe, expect, it } from 'vitest';
import { adopted, type TreeEntry } from '../../test/support/adopted.ts';
import { applied, clusterOf, NOW } from '../../test/support/small-cluster.ts';
import { Secret } from '../base/index.ts';
import { readPrivateKey, writeEncryptedPrivateKey } from '../x509/index.ts';
import { systemRandom } from '../apply/index.ts';

const HA = [
  { name: 'cp1', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.11'] },
  { name: 'cp2', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.12'] },
  { name: 'w1', roles: ['worker'], addresses: ['10.0.0.21'] },
];

/** A state that kubetls made, below one root. */
async function stateOf(spec: Record<string, unknown> = {}): Promise<TreeEntry[]> {
  const { inventory } = await applied(clusterOf(spec));
  return [...inventory.entries.values()].map(({ path, mode, bytes }) => ({
    root: 'state',
    path,
    mode,
    bytes,
  }));
}

/** Its nodes as trees of their own. */
async function nodesOf(spec: Record<string, unknown> = {}): Promise<TreeEntry[]> {
  return (await stateOf(spec)).flatMap((file) => {
    const [, root, path] = /^nodes\/([^/]+)\/(.+)$/.exec(file.path) ?? [];
    return root === undefined || path === undefined ? [] : [{ ...file, root, path }];
  });
}

describe('trees that kubetls made need nothing', () => {
  it.each<[string, Record<string, unknown>]>([
    ['flat', {}],
    ['kubeadm', { profile: 'kubeadm', users: [] }],
    ['flat with a shared authority', { authorities: { etcd: 'shared' } }],
    [
      'flat with reused pairs',
      {
        clients: {
          'apiserver-etcd': 'reuse-server',
          'apiserver-kubelet': 'reuse-server',
          'kubelet-apiserver': 'reuse-server',
        },
      },
    ],
    [
      'several control planes, further names, other keys, short lives',
      {
        profile: 'kubeadm',
        nodes: HA,
        endpoint: 'api.example.test:6443',
        dnsDomain: 'corp.test',
        serviceSubnet: '10.32.0.0/16',
        keys: { algorithm: 'ecdsa-p384' },
        lifetimes: { authority: '2000d', certificate: '90d' },
        sans: { 'kube-apiserver': ['203.0.113.7', '*.example.test'], etcd: ['etcd.example.test'] },
        users: [],
      },
    ],
    [
      'further names for peers, groups of an old release, an administrator less',
      {
        profile: 'kubeadm',
        nodes: HA,
        admins: ['kubernetes-admin'],
        groups: { 'kubernetes-admin': ['system:masters'], 'kube-apiserver-etcd-client': ['system:masters'] },
        sans: { etcd: ['a.example.test'], 'etcd-peer': ['b.example.test'] },
        users: [],
      },
    ],
  ])('%s', async (_, spec) => {
    const { changes, plan } = adopted(await nodesOf(spec), NOW);
    expect(changes).toEqual([]);
    expect(plan.warnings.filter((warning) => /^(node|authority)/.test(warning))).toEqual([]);
  });

  it('as a whole state: authorities, nodes by their directories, people', async () => {
    const people = [
      { name: 'kube-admin', groups: ['system:masters'] },
      { name: 'jane', groups: ['dev'] },
    ];
    const found = adopted(await stateOf({ users: people }), NOW);
    expect(found.changes).toEqual([]);
    expect(found.cluster.spec.users).toEqual([people[1], people[0]]);
    expect(found.notes).toEqual([]);
    expect(found.nodes.map(({ name }) => name)).toEqual(['master', 'worker-1']);
  });

  it('from the directory of the PKI on: what is elsewhere on the node is missing', async () => {
    const files = (await nodesOf({ profile: 'kubeadm', users: [] }))
      .filter(({ root, path }) => root === 'master' && path.startsWith('etc/kubernetes/pki/'))
      .map((file) => ({ ...file, path: file.path.slice('etc/kubernetes/pki/'.length) }));
    expect(adopted(files, NOW).changes).toEqual([
      'create node/master/controller-manager.conf: missing',
      'create node/master/scheduler.conf: missing',
    ]);
  });
});

describe('keys of authorities', () => {
  it("a PKI's directory alone is of the node that its member of etcd is called by", async () => {
    const PKI = 'etc/kubernetes/pki/';
    const all = await nodesOf({
      profile: 'kubeadm',
      nodes: HA,
      endpoint: 'api.example.test:6443',
      users: [],
    });
    const pki = (node: string, root: string) =>
      all.flatMap((file) =>
        file.root === node && file.path.startsWith(PKI)
          ? [{ ...file, root, path: file.path.slice(PKI.length) }]
          : [],
      );
    const names = (files: readonly TreeEntry[], named: readonly string[] = []) =>
      adopted(files, NOW, { named: new Set(named) }).nodes.map(({ name, root, base }) => [name, root, base]);
    expect(names(pki('cp2', 'pki'))).toEqual([['cp2', 'pki', 'etc/kubernetes/pki']]);
    // Of a person, or of two that say the same, not.
    expect(names(pki('cp2', 'mine'), ['mine'])).toEqual([['mine', 'mine', 'etc/kubernetes/pki']]);
    const copied = [...pki('cp1', 'a'), ...pki('cp1', 'b')];
    const addresses = new Map([
      ['a', '10.0.0.11'],
      ['b', '10.0.0.12'],
    ]);
    expect(adopted(copied, NOW, { named: new Set(), addresses }).nodes.map(({ name }) => name)).toEqual([
      'a',
      'b',
    ]);
  });

  it('are taken as they are when they are encrypted: nothing to do, and nothing lost', async () => {
    const files = await nodesOf({ profile: 'kubeadm', users: [] });
    const shut = files.map((file) => {
      if (!file.path.endsWith('pki/ca.key')) return file;
      const key = readPrivateKey(file.bytes);
      return {
        ...file,
        bytes: writeEncryptedPrivateKey(key, new Secret(Buffer.from('x')), systemRandom()).reveal(),
      };
    });
    const found = adopted(shut, NOW);
    expect(found.changes).toEqual([]);
    const placed = found.files.find(({ path }) => path === 'authorities/cluster/g1/ca.key');
    expect(Buffer.from(placed?.bytes ?? []).toString()).toContain('ENCRYPTED PRIVATE KEY');
    expect(found.notes).toEqual([]);
  });
});

describe('of what is wrong the plan says what', () => {
  it('a certificate that expired, and a node that was renewed while the other was not', async () => {
    const later = NOW + 366 * 24 * 3_600_000;
    const old = await nodesOf({ profile: 'kubeadm', nodes: HA, users: [] });
    const { changes } = adopted(old, later);
    expect(new Set(changes.map((change) => change.split(': ')[1]))).toEqual(new Set(['expired']));
  });

  it('a control plane of another cluster: the authority of most is taken', async () => {
    const spec = { profile: 'kubeadm', nodes: HA, users: [] };
    const [one, other] = [await nodesOf(spec), await nodesOf(spec)];
    const mixed = [
      ...one.filter(({ root }) => root !== 'cp2'),
      ...other.filter(({ root }) => root === 'cp2'),
    ];
    const { changes, notes } = adopted(mixed, NOW);
    expect(changes.length).toBeGreaterThan(5);
    for (const change of changes) expect(change).toMatch(/node\/cp2\/|authority/);
    expect(changes).toContain('replace node/cp2/apiserver: wrong-issuer');
    expect(changes).toContain('rewrite node/cp2/ca.crt: stale-content');
    expect(notes.some((note) => note.startsWith('nodes disagree on the authority cluster'))).toBe(true);
  });

  it('a control plane whose files were copied from another', async () => {
    const files = await nodesOf({ profile: 'kubeadm', nodes: HA, users: [] });
    const copied = files.flatMap((file) => {
      if (file.root !== 'cp2' || !file.path.includes('/pki/')) return [file];
      return files
        .filter(({ root, path }) => root === 'cp1' && path === file.path)
        .map((one) => ({ ...one, root: 'cp2' }));
    });
    const { changes, cluster } = adopted(copied, NOW);
    expect(cluster.spec.nodes.map(({ name, addresses }) => [name, addresses[0]])).toEqual([
      ['cp1', '10.0.0.11'],
      ['cp2', '10.0.0.12'],
      ['w1', '10.0.0.21'],
    ]);
    expect(changes).toEqual([
      'replace node/cp2/apiserver: wrong-name',
      'replace node/cp2/etcd/server: wrong-subject',
      'replace node/cp2/etcd/peer: wrong-subject',
      'replace node/cp2/var/lib/kubelet/pki/kubelet: wrong-subject',
    ]);
  });
});

describe('refused, with what to do', () => {
  const entry = (root: string, path: string, bytes: Uint8Array): TreeEntry => ({
    root,
    path,
    mode: 0o644,
    bytes,
  });

  it('trees without a PKI', () => {
    expect(() => adopted([entry('n', 'a.txt', Buffer.from('hello'))], NOW)).toThrow(
      expect.objectContaining({ code: 'adopt/nothing' }),
    );
  });

  it('two trees of one node', async () => {
    const files = await nodesOf({ profile: 'kubeadm', users: [] });
    const twice = ['a', 'b'].flatMap((root) =>
      files.filter((file) => file.root === 'master').map((file) => ({ ...file, root })),
    );
    expect(() => adopted(twice, NOW, { named: new Set() })).toThrow(
      expect.objectContaining({ code: 'adopt/same-node' }),
    );
  });

  it('k3s', async () => {
    const [file] = await nodesOf();
    const tls = 'var/lib/rancher/k3s/server/tls';
    const files = ['client-ca.crt', 'server-ca.crt', 'serving-kube-apiserver.crt'].map((name) =>
      entry('n', `${tls}/${name}`, file?.bytes ?? Buffer.alloc(0)),
    );
    expect(() => adopted(files, NOW)).toThrow(
      expect.objectContaining({
        code: 'adopt/no-profile',
        message: expect.stringContaining('k3s') as string,
      }),
    );
  });

  it('a node without an address', async () => {
    const files = (await nodesOf()).filter(
      ({ root, path }) => root === 'master' && /ca\.crt|scheduler|controller/.test(path),
    );
    expect(() => adopted(files, NOW)).toThrow(
      expect.objectContaining({ code: 'adopt/no-address', hint: 'say it: --address master=10.0.0.10' }),
    );
    const told = adopted(files, NOW, { addresses: new Map([['master', '10.0.0.10']]) });
    expect(told.cluster.spec.nodes[0]?.addresses).toEqual(['10.0.0.10']);
  });
});
