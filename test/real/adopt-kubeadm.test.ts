// What the real kubeadm leaves, adopted: a plan for it has nothing to do.
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { simulate } from '../../src/plan/index.ts';
import { readTrees } from '../../src/stores/index.ts';
import { evaluateAll } from '../../src/trust/index.ts';
import { hasOpenssl, openssl } from '../judges/openssl.ts';
import { adopted, type Adoption, type TreeEntry } from '../support/adopted.ts';
import type { ControlPlaneNode, KubeadmSettings } from './kubeadm-config.ts';
import { kubeadmReference } from './kubeadm-reference.ts';

const real = await realTools();
const THREE = [
  { name: 'cp1', address: '10.0.0.11' },
  { name: 'cp2', address: '10.0.0.12' },
  { name: 'cp3', address: '10.0.0.13' },
] as const;
const ONE = [{ name: 'cp1', address: '10.0.0.11' }] as const;
const SANS: KubeadmSettings = {
  controlPlaneEndpoint: 'api.example.test:6443',
  certSANs: ['203.0.113.7', '*.example.test'],
  etcdServerSANs: ['etcd.example.test'],
  etcdPeerSANs: ['203.0.113.8', 'peer.example.test'],
};

type Nodes = readonly [ControlPlaneNode, ...ControlPlaneNode[]];

describe.skipIf('missing' in real)('adopt of what kubeadm 1.37 makes (needs Go)', () => {
  const kubeadm = 'missing' in real ? '' : real.kubeadm;

  /** The trees as kubeadm left them, after `change` had its way with each; read as `kubetls adopt` reads them. */
  async function trees(
    settings: KubeadmSettings & { nodes: Nodes },
    change: (root: string, name: string) => Promise<void> = async () => {},
  ): Promise<TreeEntry[]> {
    const reference = await kubeadmReference(kubeadm, settings);
    try {
      for (const { root, node } of reference.nodes) await change(root, node.name);
      const roots = reference.nodes.map(({ root, node }) => ({ name: node.name, path: root }));
      const found: TreeEntry[] = [];
      for await (const { root, path: file, mode, bytes } of readTrees(roots)) {
        if (bytes) found.push({ root, path: file, mode, bytes });
      }
      return found;
    } finally {
      await reference.remove();
    }
  }

  /** Edges that the plan would break: what is adopted works as it stands. */
  const broken = ({ plan, cluster, inventory }: Adoption) =>
    simulate(plan, cluster, inventory, Date.now()).breaks;

  it.each<[string, KubeadmSettings & { nodes: Nodes }]>([
    ['one node, RSA', { nodes: ONE }],
    ['one node, ECDSA, IPv6', { nodes: [{ name: 'cp1', address: 'fd00::11' }], algorithm: 'ECDSA-P256' }],
    ['three control planes behind an endpoint, further names', { nodes: THREE, ...SANS }],
    [
      'other names, subnets and lives',
      {
        nodes: THREE,
        controlPlaneEndpoint: '192.0.2.10:8443',
        clusterName: 'prod',
        dnsDomain: 'corp.test',
        serviceSubnet: '10.32.0.0/16',
        algorithm: 'ECDSA-P384',
        certificateValidity: '2160h',
        authorityValidity: '48000h',
      },
    ],
  ])('%s: nothing to do', async (_, settings) => {
    const found = adopted(await trees(settings), Date.now());
    expect(found.changes).toEqual([]);
    expect(found.cluster.spec.nodes.map(({ name, addresses }) => ({ name, address: addresses[0] }))).toEqual(
      settings.nodes,
    );
    expect(broken(found)).toEqual([]);
  });

  it('external CA mode: no key of an authority, nothing to do, and a word on it', async () => {
    const files = (await trees({ nodes: ONE })).filter(({ path: file }) => !file.endsWith('ca.key'));
    const found = adopted(files, Date.now());
    expect(found.changes).toEqual([]);
    expect(found.notes.filter((note) => note.startsWith('the key of the authority'))).toHaveLength(3);
  });

  it('a node on which the kubelet has taken over: its rotated certificate is its own business', async () => {
    const files = await trees({ nodes: ONE }, async (root) => {
      const pki = path.join(root, 'var/lib/kubelet/pki');
      await mkdir(pki, { recursive: true });
      const config = path.join(root, 'etc/kubernetes/kubelet.conf');
      const text = await readFile(config, 'utf8');
      const data = (key: string) =>
        Buffer.from(new RegExp(`${key}: (\\S+)`).exec(text)?.[1] ?? '', 'base64').toString();
      const dated = '/var/lib/kubelet/pki/kubelet-client-2026-11-28-07-00-00.pem';
      const pem = data('client-certificate-data') + data('client-key-data');
      await writeFile(path.join(root, dated), pem, { mode: 0o600 });
      const current = '/var/lib/kubelet/pki/kubelet-client-current.pem';
      await symlink(dated, path.join(root, current));
      await writeFile(
        config,
        text
          .replace(/client-certificate-data: .*/, `client-certificate: ${current}`)
          .replace(/client-key-data: .*/, `client-key: ${current}`),
      );
    });
    const found = adopted(files, Date.now());
    expect(found.cluster.spec.kubelets).toEqual({ serving: 'self-signed', client: 'rotated' });
    expect(found.changes).toEqual([]);
    // The kubelet's edges are judged by the file behind the link.
    const edges = found.cluster.edges.filter(({ client }) => client.component === 'kubelet');
    const verdicts = evaluateAll(edges, found.inventory, Date.now());
    expect(verdicts.size).toBeGreaterThan(0);
    for (const [id, { ok, error }] of verdicts) expect([id, ok, error]).toEqual([id, true, undefined]);
  });

  it.skipIf(!hasOpenssl())(
    'a cluster of 2018, upgraded since: its clients keep their groups (needs openssl)',
    async () => {
      const masters = 'system:masters';
      const files = await trees({ nodes: ONE }, async (root) => {
        const pki = path.join(root, 'etc/kubernetes/pki');
        // `kubeadm certs renew` copies the subject of what it renews, so what 2018 wrote is there today.
        for (const [name, issuer] of [
          ['apiserver-kubelet-client', 'ca'],
          ['apiserver-etcd-client', 'etcd/ca'],
          ['etcd/healthcheck-client', 'etcd/ca'],
        ] as const) {
          const at = (file: string) => path.join(pki, file);
          const commonName = name.replace(/^etcd\//, 'etcd-');
          const subject = ['-subj', `/O=${masters}/CN=kube-${commonName}`];
          const request = openssl(['req', '-new', '-key', at(`${name}.key`), ...subject]);
          await writeFile(
            at('extensions'),
            'keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth\n',
          );
          const by = [
            '-CA',
            at(`${issuer}.crt`),
            '-CAkey',
            at(`${issuer}.key`),
            '-extfile',
            at('extensions'),
          ];
          await writeFile(
            at(`${name}.crt`),
            openssl(['x509', '-req', '-days', '365', ...by, '-set_serial', '77'], request),
          );
          await rm(at('extensions'));
        }
        // There was no super-admin.conf before 1.29.
        await rm(path.join(root, 'etc/kubernetes/super-admin.conf'));
      });
      const found = adopted(files, Date.now());
      expect(found.cluster.spec.groups).toEqual({
        'kube-apiserver-kubelet-client': [masters],
        'kube-apiserver-etcd-client': [masters],
        'kube-etcd-healthcheck-client': [masters],
      });
      expect(found.cluster.spec.admins).toEqual(['kubernetes-admin']);
      expect(found.changes).toEqual([]);
      expect(broken(found)).toEqual([]);
    },
  );

  it('half renewed: of three nodes one got a new certificate, one a new authority', async () => {
    const stranger = await kubeadmReference(kubeadm, { nodes: ONE });
    try {
      const files = await trees({ nodes: THREE, ...SANS }, async (root, name) => {
        if (name !== 'cp3') return;
        const from = stranger.nodes[0]?.certDir ?? '';
        for (const file of ['ca.crt', 'ca.key', 'apiserver.crt', 'apiserver.key']) {
          await cp(path.join(from, file), path.join(root, 'etc/kubernetes/pki', file));
        }
        await rm(path.join(root, 'etc/kubernetes/scheduler.conf'));
      });
      expect(adopted(files, Date.now()).changes).toEqual([
        'rewrite node/cp3/ca.key: stale-content',
        'rewrite node/cp3/ca.crt: stale-content',
        'replace node/cp3/apiserver: wrong-issuer',
        'create node/cp3/scheduler.conf: missing',
      ]);
    } finally {
      await stranger.remove();
    }
  });
});
