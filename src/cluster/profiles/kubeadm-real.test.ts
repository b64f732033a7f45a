// The kubeadm profile against the tree that the real kubeadm leaves for the same settings.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../../scripts/real-tools.mjs';
import type { KubeadmSettings } from '../../../test/real/kubeadm-config.ts';
import { kubeadmReference, type KubeadmReference } from '../../../test/real/kubeadm-reference.ts';
import { MINUTE } from '../../base/index.ts';
import { parseKubeconfig } from '../../kubeconfig/index.ts';
import {
  attributeValues,
  commonName,
  type Certificate,
  generalNameText,
  Oid,
  readCertificates,
} from '../../x509/index.ts';
import { describeCluster, parseSpec } from '../index.ts';
import type { CertificateProfile, Cluster, Item } from '../types.ts';

const real = await realTools();

const SPEC = `
metadata: { name: prod }
spec:
  profile: kubeadm
  endpoint: api.example.test:6443
  dnsDomain: corp.test
  serviceSubnet: 10.32.0.0/16
  keys: { algorithm: ecdsa-p384 }
  lifetimes: { authority: 2000d, certificate: 90d }
  nodes:
    - { name: cp1, roles: [control-plane], addresses: [10.0.0.11] }
    - { name: cp2, roles: [control-plane], addresses: [10.0.0.12] }
  sans:
    kube-apiserver: [203.0.113.7, "*.example.test", a.example.test]
    etcd: [etcd.example.test, 203.0.113.8]
`;

const SETTINGS: KubeadmSettings = {
  clusterName: 'prod',
  controlPlaneEndpoint: 'api.example.test:6443',
  dnsDomain: 'corp.test',
  serviceSubnet: '10.32.0.0/16',
  algorithm: 'ECDSA-P384',
  authorityValidity: '48000h',
  certificateValidity: '2160h',
  certSANs: ['203.0.113.7', '*.example.test', 'a.example.test'],
  etcdServerSANs: ['etcd.example.test', '203.0.113.8'],
  etcdPeerSANs: ['etcd.example.test', '203.0.113.8'],
};

const SIX = `
metadata: { name: kubernetes }
spec:
  profile: kubeadm
  serviceSubnet: "fd00:10::/112,10.96.0.0/16"
  keys: { algorithm: rsa-2048 }
  nodes: [{ name: cp1, roles: [control-plane], addresses: [cp1.example.test, "fd00::11", 10.0.0.11] }]
`;

describe.skipIf('missing' in real)('the tree of the real kubeadm (needs Go)', () => {
  const kubeadm = 'missing' in real ? '' : real.kubeadm;
  for (const { name, spec, settings, nodes } of [
    {
      name: 'two control planes with every setting',
      spec: SPEC,
      settings: SETTINGS,
      nodes: [
        { name: 'cp1', address: '10.0.0.11' },
        { name: 'cp2', address: '10.0.0.12' },
      ] as const,
    },
    {
      name: 'kubeadm with its own defaults, IPv6 first',
      spec: SIX,
      settings: { serviceSubnet: 'fd00:10::/112,10.96.0.0/16' },
      nodes: [{ name: 'cp1', address: 'fd00::11' }] as const,
    },
  ]) {
    describe(name, () => {
      const cluster = describeCluster(parseSpec(spec, 'kubetls.yaml'));
      let reference: KubeadmReference;
      beforeAll(async () => {
        reference = await kubeadmReference(kubeadm, { ...settings, nodes });
      });
      afterAll(() => reference?.remove());

      nodes.forEach((node, i) => {
        const found = (path: string) =>
          reference.nodes[i]?.files.find((file) => `nodes/${node.name}${file.path}` === path);

        it(`${node.name} has the same files with the same modes`, () => {
          const ours = filesOn(cluster, node.name)
            // The kubelet's serving pair is ours; a joining node gets its kubelet.conf from the TLS bootstrap.
            .filter(
              ({ path }) => path.includes('/etc/kubernetes/') && !(i > 0 && path.endsWith('kubelet.conf')),
            )
            .map(({ path, mode }) => ({ path: path.slice(`nodes/${node.name}`.length), mode }));
          const theirs = reference.nodes[i]?.files.map(({ path, mode }) => ({ path, mode })) ?? [];
          expect(theirs.length).toBeGreaterThan(20);
          expect(byPath(ours)).toEqual(byPath(theirs));
        });

        it(`${node.name} has certificates that say the same`, () => {
          let compared = 0;
          for (const { path, profile, issuer } of certificatesOn(cluster, node.name)) {
            const file = found(path);
            if (!file) continue;
            const [certificate] = readCertificates(certificateBytes(path, file.bytes)).certificates;
            expect(certificate && { path, ...said(certificate) }).toEqual({
              path,
              ...wanted(profile, issuer),
            });
            const left = (certificate?.notAfter ?? 0) - Date.now() - profile.lifetime;
            expect(Math.abs(left)).toBeLessThan(30 * MINUTE);
            compared++;
          }
          expect(compared).toBe(i === 0 ? 15 : 13);
        });

        it(`${node.name} has kubeconfigs that say the same`, () => {
          let compared = 0;
          for (const item of cluster.items) {
            if (item.kind !== 'kubeconfig') continue;
            const file = found(item.file.path);
            if (!file) continue;
            const config = parseKubeconfig(file.bytes, item.file.path);
            expect({
              cluster: config.clusters.map(({ name, cluster }) => [name, cluster.server]),
              users: config.users.map(({ name }) => name),
              context: [config.currentContext, config.contexts[0]?.context.user],
            }).toEqual({
              cluster: [[item.clusterName, item.server]],
              users: [item.userName],
              context: [item.contextName, item.userName],
            });
            compared++;
          }
          expect(compared).toBe(i === 0 ? 5 : 3);
        });
      });
    });
  }
});

/** In the order in which Go writes them. */
const SUBJECT = [
  ['O', Oid.organization],
  ['CN', Oid.commonName],
] as const;

const AUTHORITY_FILES: Readonly<Record<string, string>> = {
  cluster: 'ca',
  etcd: 'etcd/ca',
  'front-proxy': 'front-proxy-ca',
};
const ISSUERS: Readonly<Record<string, string>> = {
  cluster: 'kubernetes',
  etcd: 'etcd-ca',
  'front-proxy': 'front-proxy-ca',
};

function filesOn({ items }: Cluster, node: string) {
  return items.filter(({ owner }) => owner?.kind === 'node' && owner.name === node).flatMap(filesOf);
}

function filesOf(item: Item) {
  if (item.kind === 'pair' || item.kind === 'authority') return [item.certificate, item.key];
  return item.kind === 'key-pair' ? [item.privateKey, item.publicKey] : [item.file];
}

/** Every certificate that a node should hold: pairs, those inside kubeconfigs, and the authorities. */
function certificatesOn(
  { items }: Cluster,
  node: string,
): { path: string; profile: CertificateProfile; issuer: string }[] {
  return items.flatMap((item) => {
    if (item.kind === 'authority') {
      const path = `nodes/${node}/etc/kubernetes/pki/${AUTHORITY_FILES[item.authority]}.crt`;
      return [{ path, profile: item.profile, issuer: item.authority }];
    }
    if (item.owner?.name !== node) return [];
    if (item.kind === 'pair')
      return [{ path: item.certificate.path, profile: item.profile, issuer: item.issuer }];
    if (item.kind !== 'kubeconfig' || !('embed' in item.credentials)) return [];
    return [{ path: item.file.path, ...item.credentials.embed }];
  });
}

function certificateBytes(path: string, bytes: Uint8Array): Uint8Array {
  if (!path.endsWith('.conf')) return bytes;
  return parseKubeconfig(bytes, path).users[0]?.user.clientCertificateData ?? new Uint8Array();
}

function wanted(profile: CertificateProfile, issuer: string) {
  return {
    subject: profile.subject.map(({ type, value }) => `${type}=${value}`),
    issuer: ISSUERS[issuer],
    dnsNames: profile.dnsNames,
    ipAddresses: profile.ipAddresses,
    keyUsage: profile.keyUsage,
    extendedKeyUsage: profile.extendedKeyUsage,
    authority: profile.authority,
    subjectKeyId: profile.subjectKeyId,
    serialFits: true,
  };
}

function said(certificate: Certificate) {
  const { subject, issuer, basicConstraints, serial } = certificate;
  const names = (kind: string) =>
    (certificate.subjectAltNames ?? [])
      .filter((name) => name.kind === kind)
      .map((name) => generalNameText(name).replace(/^[^:]*:/, ''));
  return {
    subject: SUBJECT.flatMap(([type, oid]) =>
      attributeValues(subject, oid).map((value) => `${type}=${value}`),
    ),
    issuer: commonName(issuer),
    dnsNames: names('dns'),
    ipAddresses: names('ip'),
    keyUsage: certificate.keyUsage,
    extendedKeyUsage: certificate.extendedKeyUsage ?? [],
    authority: basicConstraints?.ca ? { pathLength: basicConstraints.pathLength } : undefined,
    subjectKeyId: certificate.subjectKeyId !== undefined,
    serialFits: serial.length <= 8,
  };
}

function byPath<T extends { readonly path: string }>(files: readonly T[]): T[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
}
