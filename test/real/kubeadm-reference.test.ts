import { X509Certificate } from 'node:crypto';
import { chmod, copyFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { kubeadmConfig } from './kubeadm-config.ts';
import { canChroot, kubeadmCheckExpiration, kubeadmInitPhaseCertsAll, kubeadmUnder } from './kubeadm.ts';
import { kubeadmReference, type KubeadmReference } from './kubeadm-reference.ts';

const real = await realTools();
const chroot = await canChroot();

describe.skipIf('missing' in real)('real kubeadm (needs Go)', () => {
  const kubeadm = 'missing' in real ? '' : real.kubeadm;
  let reference: KubeadmReference;
  beforeAll(async () => {
    reference = await kubeadmReference(kubeadm, {
      nodes: [
        { name: 'cp1', address: '10.0.0.11' },
        { name: 'cp2', address: '10.0.0.12' },
      ],
      controlPlaneEndpoint: 'api.example.test:6443',
      dnsDomain: 'corp.test',
      serviceSubnet: '10.32.0.0/16',
      certSANs: ['203.0.113.7'],
      algorithm: 'ECDSA-P256',
    });
  });
  afterAll(() => reference?.remove());

  const first = () => {
    const [node] = reference.nodes;
    if (!node) throw new Error('no first node');
    return node;
  };
  const file = (node: number, path: string) => reference.nodes[node]?.files.find((one) => one.path === path);

  it('gives a first and a joined node the same authorities and different leaves', () => {
    const ca = '/etc/kubernetes/pki/ca.crt';
    expect(file(1, ca)?.bytes).toEqual(file(0, ca)?.bytes);
    const apiserver = new X509Certificate(file(1, '/etc/kubernetes/pki/apiserver.crt')?.bytes ?? '');
    expect(apiserver.subjectAltName).toBe(
      'DNS:api.example.test, DNS:cp2, DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, ' +
        'DNS:kubernetes.default.svc.corp.test, ' +
        'IP Address:10.32.0.1, IP Address:10.0.0.12, IP Address:203.0.113.7',
    );
  });

  it('keeps the modes that kubeadm writes', () => {
    expect(file(0, '/etc/kubernetes/pki/sa.pub')?.mode).toBe(0o600);
    expect(file(1, '/etc/kubernetes/pki/sa.pub')?.mode).toBe(0o644);
    expect(file(0, '/etc/kubernetes/pki/etcd/server.crt')?.mode).toBe(0o644);
    expect(file(0, '/etc/kubernetes/admin.conf')?.mode).toBe(0o600);
    expect(reference.nodes[0]?.directories).toEqual([
      { path: '/etc/kubernetes/pki', mode: 0o755 },
      { path: '/etc/kubernetes/pki/etcd', mode: 0o755 },
    ]);
  });

  it('writes five kubeconfigs on the first node and three on a joined one', () => {
    const confs = (node: number) =>
      reference.nodes[node]?.files.map((one) => one.path).filter((path) => path.endsWith('.conf'));
    expect(confs(0)).toHaveLength(5);
    expect(confs(1)).toEqual(
      ['admin', 'controller-manager', 'scheduler'].map((name) => `/etc/kubernetes/${name}.conf`),
    );
  });

  // kubelet.conf too is local: runKubeConfigFile in cmd/kubeadm/app/cmd/phases/init/kubeconfig.go drops the
  // controlPlaneEndpoint for it.
  it('points people at the endpoint and the node at itself', () => {
    const server = (name: string) =>
      Buffer.from(file(0, `/etc/kubernetes/${name}.conf`)?.bytes ?? [])
        .toString()
        .match(/server: (.*)/)?.[1];
    expect(['admin', 'super-admin'].map(server)).toEqual(Array(2).fill('https://api.example.test:6443'));
    const local = ['kubelet', 'controller-manager', 'scheduler'];
    expect(local.map(server)).toEqual(Array(3).fill('https://10.0.0.11:6443'));
  });

  it('keeps its own tree as it is', async () => {
    const again = await kubeadmInitPhaseCertsAll(kubeadm, first());
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain('[certs] Using existing apiserver certificate and key on disk');
    expect(again.stdout).not.toContain('Generating');
  });

  it.skipIf(!chroot)('checks expiration of certificates and kubeconfigs (needs chroot)', async () => {
    const { code, stdout, stderr } = await kubeadmCheckExpiration(kubeadm, first(), 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const info: unknown = JSON.parse(stdout);
    expect(info).toMatchObject({ kind: 'CertificateExpirationInfo' });
    expect(stdout).toContain('"super-admin.conf"');
    expect(stdout).not.toContain('"missing": true');
  });

  it.skipIf(!chroot)(
    'renews under a root of its own, leaving odd modes as they are (needs chroot)',
    async () => {
      const { root, certDir, node, settings } = first();
      const leaf = path.join(certDir, 'apiserver.crt');
      const before = await readFile(leaf);
      await chmod(leaf, 0o640);
      await writeFile(path.join(root, 'kubeadm.yaml'), kubeadmConfig(settings, node, '/etc/kubernetes/pki'));
      const args = ['certs', 'renew', 'all', '--config', '/kubeadm.yaml'];
      const { code, stdout } = await kubeadmUnder(kubeadm, root, args);
      expect(code).toBe(0);
      expect(stdout).toContain('Done renewing certificates.');
      expect(await readFile(leaf)).not.toEqual(before);
      expect((await stat(leaf)).mode & 0o777).toBe(0o640);
    },
  );

  // So an exit status of 0 is no judgement of SANs or keys: only chains are looked at (runCertPhase in
  // cmd/kubeadm/app/cmd/phases/init/certs.go). `join` compares SANs too (CreatePKIAssets).
  it('does not look at the SANs or the key of a leaf that is there', async () => {
    const tree = first();
    await rm(path.join(tree.certDir, 'apiserver.key'));
    const settings = { ...tree.settings, certSANs: ['other.example.test'] };
    expect(await kubeadmInitPhaseCertsAll(kubeadm, { ...tree, settings })).toMatchObject({ code: 0 });
  });

  it('refuses a leaf of another authority', async () => {
    const tree = first();
    const alien = path.join(tree.certDir, 'front-proxy-client.crt');
    await copyFile(alien, path.join(tree.certDir, 'apiserver.crt'));
    const { code, stderr } = await kubeadmInitPhaseCertsAll(kubeadm, tree);
    expect(code).toBe(1);
    expect(stderr).toContain('certificate apiserver not signed by CA certificate ca');
  });
});
