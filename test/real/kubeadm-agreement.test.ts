import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { evaluateAll } from '../../src/trust/index.ts';
import { CERTIFICATE_PEM, issuerOf, keyForm, momentOf, shapeOf } from './certificate-shape.ts';
import { type ClusterTree, clusterTree } from './cluster-tree.ts';
import { type ControlPlaneNode, kubeadmConfig } from './kubeadm-config.ts';
import { type SharedSettings, kubetlsSpec } from './kubeadm-spec.ts';
import { kubeadmTrees, settingsFor } from './kubeadm-trees.ts';
import {
  canChroot,
  kubeadmCheckExpiration,
  kubeadmInitPhaseCertsAll,
  type KubeadmTree,
  kubeadmUnder,
} from './kubeadm.ts';
import { fingerprints, type NodeFile, type NodeFiles, nodeFiles } from './node-files.ts';

const real = await realTools();
const chroot = await canChroot();

const cp1 = { name: 'cp1', address: '10.0.0.11' };
const cp2 = { name: 'cp2', address: '10.0.0.12' };
const cp3 = { name: 'cp3', address: '10.0.0.13' };
const ec = { algorithm: 'ECDSA-P256' } as const;

const SETTINGS: readonly (readonly [string, SharedSettings])[] = [
  ['one control plane, all defaults (RSA-2048)', { nodes: [cp1] }],
  [
    'three control planes behind a name, and a worker',
    {
      ...ec,
      nodes: [cp1, cp2, cp3],
      workers: [{ name: 'worker-1', address: '10.0.0.21' }],
      controlPlaneEndpoint: 'api.example.test:8443',
    },
  ],
  [
    'etcd on nodes of its own',
    {
      ...ec,
      nodes: [cp1],
      etcdNodes: [
        { name: 'etcd-1', address: '10.0.0.31' },
        { name: 'etcd-2', address: '10.0.0.32' },
      ],
    },
  ],
  [
    'names and subnets of its own, lives of its own',
    {
      ...ec,
      nodes: [cp1, cp2],
      clusterName: 'prod-1',
      controlPlaneEndpoint: '10.0.0.100:6443',
      dnsDomain: 'corp.example',
      serviceSubnet: '172.20.16.0/20',
      certSANs: [
        'z.example.test',
        '203.0.113.7',
        '*.apps.example.test',
        'a.example.test',
        '2001:db8::7',
        'kubernetes',
        '10.0.0.11',
        '198.51.100.1',
      ],
      etcdServerSANs: ['etcd.example.test', '203.0.113.8'],
      etcdPeerSANs: ['etcd.example.test', '203.0.113.8'],
      certificateValidity: '720h',
      authorityValidity: '20000h',
    },
  ],
  [
    'IPv6',
    {
      ...ec,
      nodes: [{ name: 'cp1', address: 'fd00::11' }],
      controlPlaneEndpoint: '[fd00::100]:6443',
      serviceSubnet: 'fd00:10::/112',
    },
  ],
  ['dual-stack', { ...ec, nodes: [cp1], serviceSubnet: '10.96.0.0/16,fd00:10::/112' }],
  ['dual-stack, IPv6 first', { ...ec, nodes: [cp1], serviceSubnet: 'fd00:10::/112,10.96.0.0/16' }],
  ['ECDSA-P384', { nodes: [cp1], algorithm: 'ECDSA-P384' }],
];

/** 0006: what stands here and not there. */
const KUBELET_SERVING = ['/var/lib/kubelet/pki/kubelet.crt', '/var/lib/kubelet/pki/kubelet.key'];

describe.skipIf('missing' in real).each(SETTINGS)('kubeadm and kubetls: %s (needs Go)', (_, settings) => {
  const kubeadm = 'missing' in real ? '' : real.kubeadm;
  let theirs: ReadonlyMap<string, NodeFiles>;
  let tree: ClusterTree;
  const ours = new Map<string, NodeFiles>();
  beforeAll(async () => {
    [theirs, tree] = await Promise.all([kubeadmTrees(kubeadm, settings), clusterTree(kubetlsSpec(settings))]);
    for (const { name } of tree.cluster().spec.nodes) ours.set(name, await nodeFiles(rootOf(name)));
  });
  afterAll(() => tree?.remove());

  const rootOf = (node: string) => tree.at(`nodes/${node}`);
  const kubeadmTree = (node: ControlPlaneNode): KubeadmTree => {
    const kubeconfigDir = path.join(rootOf(node.name), 'etc/kubernetes');
    return { node, settings: settingsFor(settings), kubeconfigDir, certDir: path.join(kubeconfigDir, 'pki') };
  };
  /** Each file that kubeadm wrote, with its counterpart. */
  const counterparts = (ending: RegExp) =>
    [...theirs].flatMap(([node, { files }]) =>
      files
        .filter((file) => ending.test(file.path))
        .map((their) => {
          const our = filesOf(ours, node).get(their.path);
          if (!our) throw new Error(`${node} has no ${their.path}`);
          return { what: `${node}:${their.path}`, node, their, our };
        }),
    );

  it('have the same files and directories with the same modes, and no others', () => {
    for (const [node, their] of theirs) {
      const our = filesOf(ours, node);
      const extra = settings.etcdNodes?.some(({ name }) => name === node) ? [] : KUBELET_SERVING;
      expect(our.files.map((file) => file.path)).toEqual(
        [...their.files.map((file) => file.path), ...extra].sort(),
      );
      expect(our.files.map(listed)).toEqual(expect.arrayContaining(their.files.map(listed)));
      expect(our.directories.map(listed)).toEqual(expect.arrayContaining(their.directories.map(listed)));
    }
    for (const { name } of settings.workers ?? []) {
      expect(filesOf(ours, name).files.map(listed)).toEqual([
        '/etc/kubernetes/kubelet.conf 600',
        '/etc/kubernetes/pki/ca.crt 644',
        '/var/lib/kubelet/pki/kubelet.crt 644',
        '/var/lib/kubelet/pki/kubelet.key 600',
      ]);
      const kubeconfig = filesOf(ours, name).get('/etc/kubernetes/kubelet.conf')?.bytes.toString();
      expect(kubeconfig).toContain(`server: https://${settings.controlPlaneEndpoint}\n`);
    }
  });

  it('have certificates that say the same, field by field', () => {
    const compared = counterparts(/\.crt$/);
    expect(compared.length).toBeGreaterThanOrEqual(theirs.size * 4);
    for (const { what, node, their, our } of compared) {
      const shape = (file: NodeFile, of: ReadonlyMap<string, NodeFiles>) =>
        shapeOf(file.bytes, issuerOf(file, filesOf(of, node)));
      expect(shape(our, ours), what).toEqual(shape(their, theirs));
      expect(momentsApart(our.bytes, their.bytes), what).toBe('');
      expect(our.bytes.toString(), what).toMatch(CERTIFICATE_PEM);
    }
  });

  it('have kubeconfigs of the same text around other material', () => {
    for (const { what, node, their, our } of counterparts(/\.conf$/)) {
      expect(masked(our), what).toBe(masked(their));
      const [ca, client, key] = dataOf(our);
      const [theirCa, theirClient, theirKey] = dataOf(their);
      expect(ca, what).toEqual(filesOf(ours, node).get('/etc/kubernetes/pki/ca.crt')?.bytes);
      expect(shapeOf(client, ca), what).toEqual(shapeOf(theirClient, theirCa));
      expect(momentsApart(client, theirClient), what).toBe('');
      expect(keyForm(key), what).toEqual(keyForm(theirKey));
      expect(new X509Certificate(client).checkPrivateKey(createPrivateKey(key)), what).toBe(true);
    }
  });

  it('have keys of the same kind in the same form, and each belongs to what stands beside it', () => {
    for (const { what, node, their, our } of counterparts(/\.(key|pub)$/)) {
      expect(keyForm(our.bytes), what).toEqual(keyForm(their.bytes));
      if (our.path.endsWith('.pub')) continue;
      const key = createPrivateKey(our.bytes);
      const beside = filesOf(ours, node);
      const certificate = beside.get(our.path.replace(/key$/, 'crt'));
      if (certificate) {
        expect(new X509Certificate(certificate.bytes).checkPrivateKey(key), what).toBe(true);
      } else {
        const pub = createPublicKey(key).export({ type: 'spki', format: 'pem' });
        expect(beside.get(our.path.replace(/key$/, 'pub'))?.bytes.toString(), what).toBe(pub);
      }
    }
  });

  it('kubeadm finds everything there and changes nothing', async () => {
    for (const node of settings.nodes) {
      const before = await fingerprints(rootOf(node.name));
      const { code, stdout, stderr } = await kubeadmInitPhaseCertsAll(kubeadm, kubeadmTree(node));
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toContain('Generating');
      expect(stdout).toContain('[certs] Using existing apiserver certificate and key on disk');
      expect(await fingerprints(rootOf(node.name))).toEqual(before);
    }
  });

  it.skipIf(!chroot)('kubeadm certs check-expiration agrees about every date (needs chroot)', async () => {
    for (const [i, node] of settings.nodes.entries()) {
      const { code, stdout, stderr } = await kubeadmCheckExpiration(kubeadm, kubeadmTree(node), 'json');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- output.kubeadm.k8s.io/v1alpha3
      const info = JSON.parse(stdout) as Record<'certificates' | 'certificateAuthorities', Expiration[]>;
      const listed = [...info.certificates, ...info.certificateAuthorities];
      // `join` writes no super-admin.conf, and kubeadm misses it there in its own trees too.
      const missing = listed.filter((one) => one.missing === true).map(({ name }) => name);
      expect(missing).toEqual(i > 0 ? ['super-admin.conf'] : []);
      expect(listed.filter(({ externallyManaged }) => externallyManaged)).toEqual([]);
      const ends = endsIn(filesOf(ours, node.name), settings.etcdNodes !== undefined);
      expect(listed.map(({ name }) => name).sort()).toEqual([...ends.keys(), ...missing].sort());
      for (const { name, expirationDate, residualTime } of listed) {
        const end = ends.get(name);
        if (end === undefined) continue;
        expect(Date.parse(expirationDate), name).toBe(end);
        expect(Math.abs((end - Date.now()) / 1_000 - residualTime), name).toBeLessThan(60);
      }
    }
  });

  it.skipIf(!chroot)('kubeadm certs check-expiration misses nothing (needs chroot)', async () => {
    const [node] = settings.nodes;
    const { code, stdout, stderr } = await kubeadmCheckExpiration(kubeadm, kubeadmTree(node));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/MISSING|invalid/);
    expect(stdout).toMatch(
      settings.certificateValidity === '720h' ? /apiserver .* 29d / : /apiserver .* 364d /,
    );
  });

  it.skipIf(!chroot)('kubetls takes what kubeadm certs renew all makes of it (needs chroot)', async () => {
    for (const node of settings.nodes) {
      const before = await fingerprints(rootOf(node.name));
      const config = path.join(rootOf(node.name), 'kubeadm.yaml');
      await writeFile(config, kubeadmConfig(settingsFor(settings), node, '/etc/kubernetes/pki'));
      const args = ['certs', 'renew', 'all', '--config', '/kubeadm.yaml'];
      const { code, stdout, stderr } = await kubeadmUnder(kubeadm, rootOf(node.name), args);
      await rm(config);
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
      const after = await fingerprints(rootOf(node.name));
      const same = after.filter((one) => before.includes(one)).map((one) => one.split(' ')[0]);
      expect(after).toHaveLength(before.length);
      const all = filesOf(ours, node.name).files.map((file) => file.path);
      expect(same).toEqual(all.filter((file) => !renewed(file, settings.etcdNodes !== undefined)));
    }
    const plan = await tree.plan();
    expect(plan.actions.filter(({ verb }) => verb !== 'keep')).toEqual([]);
    const written = await tree.written();
    const inventory = await tree.inventory();
    const changed = [...inventory.entries.values()].filter(
      (entry) => written.get(entry.path) !== entry.sha256,
    );
    expect(changed.length).toBeGreaterThanOrEqual(settings.nodes.length * 6);
    const verdicts = evaluateAll(tree.cluster().edges, inventory, Date.now());
    expect([...verdicts].filter(([, verdict]) => !verdict.ok)).toEqual([]);
  });
});

function filesOf(trees: ReadonlyMap<string, NodeFiles>, node: string): NodeFiles {
  const files = trees.get(node);
  if (!files) throw new Error(`no files of ${node}`);
  return files;
}

function listed({ path: file, mode }: { path: string; mode: number }): string {
  return `${file} ${mode.toString(8)}`;
}

/** Minutes go by between two runs on a busy machine; a second is lost where the fraction of one is cut off. */
const SAME_LIFE = 10_000;
const SAME_TIME = 180_000;

/** In what dates and serial numbers differ more than two runs of kubeadm would; empty when in nothing. */
function momentsApart(our: Uint8Array, their: Uint8Array): string {
  const [a, b] = [momentOf(our), momentOf(their)];
  const life = a.notAfter - a.notBefore - (b.notAfter - b.notBefore);
  const problems = [
    Math.abs(life) > SAME_LIFE && `lives ${life} ms longer`,
    Math.abs(a.notBefore - b.notBefore) > SAME_TIME && `starts ${a.notBefore - b.notBefore} ms later`,
    (a.serialBits > 63 || !a.positive) && `has a serial number of ${a.serialBits} bits`,
    (b.serialBits > 63 || !b.positive) && `kubeadm's serial number has ${b.serialBits} bits`,
  ];
  return problems.filter((problem) => problem !== false).join(', ');
}

const DATA = /(certificate-authority|client-certificate|client-key)-data: (\S+)/g;

function masked({ bytes }: NodeFile): string {
  return bytes.toString().replaceAll(DATA, '$1-data: …');
}

/** The authority's certificate, the client's, and its key. */
function dataOf({ bytes }: NodeFile): [Buffer, Buffer, Buffer] {
  const [ca, client, key] = [...bytes.toString().matchAll(DATA)].map(([, , data = '']) =>
    Buffer.from(data, 'base64'),
  );
  if (!ca || !client || !key) throw new Error('a kubeconfig without material');
  return [ca, client, key];
}

interface Expiration {
  name: string;
  expirationDate: string;
  /** Seconds. */
  residualTime: number;
  externallyManaged: boolean;
  missing?: boolean;
}

/** kubeadm's names (certlist.go, kubeconfig.go), and where they stand. kubelet.conf it leaves to the kubelet. */
const EXPIRING: Readonly<Record<string, string>> = {
  'admin.conf': '/etc/kubernetes/admin.conf',
  'super-admin.conf': '/etc/kubernetes/super-admin.conf',
  'controller-manager.conf': '/etc/kubernetes/controller-manager.conf',
  'scheduler.conf': '/etc/kubernetes/scheduler.conf',
  apiserver: '/etc/kubernetes/pki/apiserver.crt',
  'apiserver-etcd-client': '/etc/kubernetes/pki/apiserver-etcd-client.crt',
  'apiserver-kubelet-client': '/etc/kubernetes/pki/apiserver-kubelet-client.crt',
  'etcd-healthcheck-client': '/etc/kubernetes/pki/etcd/healthcheck-client.crt',
  'etcd-peer': '/etc/kubernetes/pki/etcd/peer.crt',
  'etcd-server': '/etc/kubernetes/pki/etcd/server.crt',
  'front-proxy-client': '/etc/kubernetes/pki/front-proxy-client.crt',
  ca: '/etc/kubernetes/pki/ca.crt',
  'etcd-ca': '/etc/kubernetes/pki/etcd/ca.crt',
  'front-proxy-ca': '/etc/kubernetes/pki/front-proxy-ca.crt',
};

/** With an etcd of its own kubeadm looks at none of what is etcd's. */
function endsIn(files: NodeFiles, externalEtcd: boolean): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(EXPIRING).flatMap(([name, file]) => {
      const found = files.get(file);
      if (!found || (externalEtcd && name.includes('etcd'))) return [];
      const [, pem] = file.endsWith('.conf') ? dataOf(found) : [undefined, found.bytes];
      return [[name, Date.parse(new X509Certificate(pem).validTo)] as const];
    }),
  );
}

function renewed(file: string, externalEtcd: boolean): boolean {
  if (externalEtcd && file.includes('etcd')) return false;
  const certificate = file.replace(/\.key$/, '.crt');
  return Object.values(EXPIRING).includes(certificate) && !/ca\.(crt|key)$/.test(file);
}
