/** The real kubeadm as a judge: its kubeconfigs, built and written here, are the same bytes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { kubeadmReference, type KubeadmReference } from '../../test/real/kubeadm-reference.ts';
import { Secret } from '../base/index.ts';
import { buildKubeconfig, parseKubeconfig, writeKubeconfig } from './index.ts';

const real = await realTools();

describe.skipIf('missing' in real)('kubeadm writes the same (needs kubeadm)', () => {
  let reference: KubeadmReference;
  beforeAll(async () => {
    const kubeadm = 'missing' in real ? '' : real.kubeadm;
    reference = await kubeadmReference(kubeadm, {
      nodes: [{ name: 'cp1', address: '10.0.0.11' }],
      algorithm: 'ECDSA-P256',
    });
  });
  afterAll(() => reference?.remove());

  it.each([
    ['admin', 'kubernetes-admin', '10.0.0.11'],
    ['super-admin', 'kubernetes-super-admin', '10.0.0.11'],
    ['controller-manager', 'system:kube-controller-manager', '10.0.0.11'],
    ['scheduler', 'system:kube-scheduler', '10.0.0.11'],
    ['kubelet', 'system:node:cp1', '10.0.0.11'],
  ])('%s.conf', (name, userName, address) => {
    const theirs = reference.nodes[0]?.files.find(
      ({ path }) => path === `/etc/kubernetes/${name}.conf`,
    )?.bytes;
    if (!theirs) throw new Error(`kubeadm wrote no ${name}.conf`);
    const read = parseKubeconfig(theirs);
    const ours = buildKubeconfig({
      clusterName: 'kubernetes',
      server: `https://${address}:6443`,
      authority: { data: read.clusters[0]?.cluster.certificateAuthorityData ?? new Uint8Array() },
      userName,
      credentials: {
        certificate: { data: read.users[0]?.user.clientCertificateData ?? new Uint8Array() },
        key: { data: read.users[0]?.user.clientKeyData ?? new Secret(new Uint8Array()) },
      },
    });
    expect(Buffer.from(writeKubeconfig(ours).reveal()).toString()).toBe(Buffer.from(theirs).toString());
  });
});
