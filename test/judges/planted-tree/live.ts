import { liveNode, livePath, liveRequest } from '../../../src/audit/index.ts';
import { DAY } from '../../../src/base/index.ts';
import { writePem } from '../../../src/x509/index.ts';
import { type AuditedTree, authority, draftOf, type Written } from '../audited-tree.ts';
import { keyOf, mint, NOW, rootDraft } from '../mint.ts';
import type { TreePlant } from './types.ts';

const stranger = () =>
  mint({ ...rootDraft('stranger', keyOf('live-stranger')), keyUsage: ['keyCertSign', 'cRLSign'] });
const strangerPem = () => writePem('CERTIFICATE', stranger().der);
const caPem = (tree: AuditedTree, id: 'cluster' | 'front-proxy' = 'cluster') =>
  writePem('CERTIFICATE', authority(tree, id).certificate.der);

/** The authority as it was before it was signed anew with its own key. */
function endedPem(tree: AuditedTree): string {
  const { certificate, key } = authority(tree, 'cluster');
  const dates = { notBefore: NOW - 9 * DAY, notAfter: NOW - DAY };
  const plain = {
    keyUsage: ['digitalSignature', 'keyCertSign'],
    serial: new Uint8Array(16).fill(75),
  } as const;
  return writePem('CERTIFICATE', mint({ ...draftOf(certificate, key, key), ...dates, ...plain }).der);
}

function configMap(namespace: string, name: string, data: Readonly<Record<string, string>>): Written {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
  const path = livePath('configmaps', namespace, name);
  return { path, mode: 0o600, bytes: Buffer.from(JSON.stringify(object)) };
}

const clusterInfo = (pem: string) =>
  `apiVersion: v1\nkind: Config\nclusters:\n- name: ""\n  cluster:\n    server: https://10.0.0.10:6443\n    certificate-authority-data: ${Buffer.from(pem).toString('base64')}\n`;

const NOTHING = { nodes: [], requests: [], unseen: [] };

const request = (status: object, minutes = 60) =>
  liveRequest({
    metadata: { name: 'csr-1', creationTimestamp: new Date(NOW - minutes * 60_000).toISOString() },
    spec: { signerName: 'kubernetes.io/kubelet-serving', username: 'system:node:worker-1' },
    status,
  });

const node = (name: string, ...addresses: readonly (readonly [string, string])[]) =>
  liveNode({
    metadata: { name },
    status: { addresses: addresses.map(([type, address]) => ({ type, address })) },
  });

/** One fault of a running cluster each; its objects are files. */
export const plantedLive: readonly TreePlant[] = [
  {
    id: 'live-client-authority',
    plant: (tree) => [
      configMap('kube-system', 'extension-apiserver-authentication', {
        'client-ca-file': caPem(tree) + strangerPem(),
      }),
    ],
  },
  {
    id: 'live-front-proxy-authority',
    profile: 'kubeadm',
    plant: () => [
      configMap('kube-system', 'extension-apiserver-authentication', {
        'requestheader-client-ca-file': strangerPem(),
      }),
    ],
  },
  {
    id: 'live-root-authority',
    plant: (tree) => [
      configMap('default', 'kube-root-ca.crt', { 'ca.crt': caPem(tree) }),
      configMap('web', 'kube-root-ca.crt', { 'ca.crt': strangerPem() }),
    ],
  },
  {
    id: 'live-cluster-info',
    profile: 'kubeadm',
    plant: () => [configMap('kube-public', 'cluster-info', { kubeconfig: clusterInfo(strangerPem()) })],
  },
  {
    id: 'live-cluster-info',
    profile: 'kubeadm',
    plant: (tree) => [configMap('kube-public', 'cluster-info', { kubeconfig: clusterInfo(endedPem(tree)) })],
    more: ['authority-expired', 'authority-resigned'],
  },
  {
    id: 'live-node-address',
    plant: () => [],
    told: {
      live: {
        ...NOTHING,
        nodes: [
          node('cp1', ['InternalIP', '10.0.0.11'], ['Hostname', 'cp1']),
          node('cp2', ['InternalIP', '10.0.0.12']),
          node('cp3', ['InternalIP', '10.0.0.13']),
          node(
            'worker-1',
            ['InternalIP', '192.168.7.7'],
            ['Hostname', 'worker-1'],
            ['ExternalIP', '203.0.113.9'],
          ),
        ],
      },
    },
  },
  {
    id: 'live-node-unknown',
    plant: () => [],
    told: { live: { ...NOTHING, nodes: ['cp1', 'cp2', 'cp3', 'worker-7'].map((name) => node(name)) } },
  },
  {
    id: 'live-request-waiting',
    plant: () => [],
    told: { live: { ...NOTHING, requests: [request({}), request({}, 5)] } },
  },
  {
    id: 'live-request-failed',
    plant: () => [],
    told: {
      live: {
        ...NOTHING,
        requests: [
          request({ conditions: [{ type: 'Approved' }, { type: 'Failed', message: 'usages' }] }),
          request({ conditions: [{ type: 'Approved' }], certificate: 'LS0t' }, DAY / 60_000),
        ],
      },
    },
  },
];
