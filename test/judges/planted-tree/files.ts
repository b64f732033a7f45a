import { generateKeyPairSync } from 'node:crypto';
import { DAY } from '../../../src/base/index.ts';
import { readPrivateKey, writePem } from '../../../src/x509/index.ts';
import {
  type AuditedTree,
  authority,
  certificateAt,
  crt,
  draftOf,
  keyFile,
  pem,
  reissued,
  type Written,
} from '../audited-tree.ts';
import { hugeKey } from '../huge-key.ts';
import { type Draft, keyOf, leafDraft, mint, nameOf, NOW } from '../mint.ts';
import { type ListDraft, signedList } from '../signed-list.ts';
import { PKI, type TreePlant, WORKER } from './types.ts';

const copy = ({ inventory }: AuditedTree, from: string, path: string, mode?: number): Written => {
  const entry = inventory.get(from);
  if (!entry) throw new Error(`nothing at ${from}`);
  return { path, mode: mode ?? entry.mode, bytes: entry.bytes };
};
const moded = (tree: AuditedTree, path: string, mode: number): Written => copy(tree, path, path, mode);

function underCluster(tree: AuditedTree, subject = nameOf('agent')): Draft {
  const { certificate, key } = authority(tree, 'cluster');
  const leaf = leafDraft(subject, keyOf('agent'), draftOf(certificate, key, key), []);
  return { ...leaf, keyUsage: ['digitalSignature'] };
}

export const plantedFiles: readonly TreePlant[] = [
  { id: 'key-mode', plant: (tree) => [moded(tree, `${PKI}/apiserver.key`, 0o644)] },
  { id: 'certificate-writable', plant: (tree) => [moded(tree, `${PKI}/ca.crt`, 0o666)] },
  {
    id: 'key-beside-certificate',
    plant: (tree) => {
      const { bytes } = keyFile('', keyOf('agent'));
      return [
        {
          path: `${PKI}/agent.pem`,
          mode: 0o644,
          bytes: Buffer.concat([pem(mint(underCluster(tree))), bytes]),
        },
      ];
    },
  },
  {
    id: 'file-unreadable',
    plant: () => [{ path: `${PKI}/apiserver.crt`, mode: 0o644, bytes: Buffer.from('no') }],
  },
  {
    id: 'flag-file-missing',
    plant: () => [
      {
        path: 'nodes/cp1/etc/systemd/system/etcd.service',
        mode: 0o644,
        bytes: Buffer.from('[Service]\nExecStart=/bin/etcd --cert-file=/etc/kubernetes/pki/gone.crt\n'),
      },
    ],
  },
  {
    id: 'file-unseen',
    plant: () => [],
    told: {
      unread: [{ path: `${PKI}/ca.key`, failure: { code: 'stores/system', message: 'permission denied' } }],
    },
  },
  {
    id: 'key-owner',
    plant: () => [],
    told: {
      owners: new Map([
        [`${PKI}/ca.key`, 1000],
        [`${PKI}/sa.key`, 0],
        [`${PKI}/apiserver.key`, 0],
      ]),
    },
  },
  {
    id: 'authority-key-on-worker',
    plant: (tree) => [copy(tree, 'authorities/cluster/g1/ca.key', `${WORKER}/ca.key`)],
  },
  {
    id: 'authority-key-with-user',
    plant: (tree) => [copy(tree, 'authorities/cluster/g1/ca.key', 'users/kube-admin/ca.key')],
  },
  {
    id: 'token-key-on-worker',
    plant: (tree) => [copy(tree, 'authorities/service-account/g1/sa.key', `${WORKER}/sa.key`)],
  },
  {
    id: 'user-key-on-node',
    plant: (tree) => [copy(tree, 'users/kube-admin/admin.key', 'nodes/cp1/home/admin/admin.key')],
  },
];

export const plantedAlgorithms: readonly TreePlant[] = [
  {
    id: 'key-oversized',
    plant: (tree) => [
      crt(
        `${PKI}/extra.crt`,
        mint({ ...underCluster(tree), key: { ...keyOf('agent'), publicKey: hugeKey() } }),
      ),
    ],
    more: ['authority-weaker'],
  },
  {
    id: 'key-curve',
    alone: true,
    plant: (tree) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp224r1' });
      const key = readPrivateKey(privateKey.export({ type: 'pkcs8', format: 'der' }));
      const bytes = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }));
      return [
        reissued(tree, `${PKI}/scheduler`, { key }),
        { path: `${PKI}/scheduler.key`, mode: 0o600, bytes },
      ];
    },
  },
  {
    id: 'key-ed25519',
    alone: true,
    plant: (tree) => {
      const key = keyOf('ed', 'ed25519');
      return [reissued(tree, `${PKI}/apiserver`, { key }), keyFile(`${PKI}/apiserver.key`, key)];
    },
    more: ['nodes-key-types-differ'],
  },
  {
    id: 'authority-weaker',
    plant: (tree) => [
      crt(`${PKI}/extra.crt`, mint({ ...underCluster(tree), key: keyOf('strong', 'ecdsa-p521') })),
    ],
  },
];

export const plantedStrict: readonly TreePlant[] = [
  {
    id: 'openssl-refuses',
    alone: true,
    plant: (tree) => [reissued(tree, `${PKI}/apiserver`, { authorityKeyId: Uint8Array.of(1, 2, 3) })],
    more: ['key-id-differs', 'java-refuses'],
  },
  {
    id: 'python-strict-refuses',
    alone: true,
    plant: (tree) => [reissued(tree, `${PKI}/apiserver`, { authorityKeyId: undefined })],
    more: ['issuer-key-id-missing'],
  },
  {
    id: 'java-refuses',
    alone: true,
    plant: (tree) => [reissued(tree, `${PKI}/apiserver`, { keyUsage: ['keyAgreement'] })],
    more: ['signature-usage'],
  },
];

const list = (tree: AuditedTree, change: Partial<ListDraft> = {}): Written => {
  const { certificate, key } = authority(tree, 'etcd');
  const bytes = signedList({
    issuer: certificate.subject,
    key,
    thisUpdate: NOW - DAY,
    nextUpdate: NOW + DAY,
    ...change,
  });
  return { path: `${PKI}/revoked.crl`, mode: 0o644, bytes };
};

export const plantedLists: readonly TreePlant[] = [
  { id: 'list-ended', plant: (tree) => [list(tree, { nextUpdate: NOW - 3_600_000 })] },
  { id: 'list-early', plant: (tree) => [list(tree, { thisUpdate: NOW + 3_600_000 })] },
  { id: 'list-stranger', plant: (tree) => [list(tree, { issuer: nameOf('nobody') })] },
  { id: 'list-unsigned', plant: (tree) => [list(tree, { key: keyOf('somebody') })] },
  {
    id: 'list-pem',
    plant: (tree) => {
      const { bytes } = list(tree);
      return [
        {
          path: 'nodes/cp1/etc/etcd/revoked.crl',
          mode: 0o644,
          bytes: Buffer.from(writePem('X509 CRL', bytes)),
        },
      ];
    },
  },
  {
    id: 'revoked-in-use',
    plant: (tree) => [
      list(tree, { serials: [certificateAt(tree.inventory, `${PKI}/etcdserver.crt`).serial] }),
    ],
  },
];

export const plantedEdges: readonly TreePlant[] = [
  {
    id: 'edge-broken',
    // The plan looks at the first certificate of the file, a client at all that are sent.
    plant: (tree) => {
      const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
      const bytes = [pem(certificateAt(tree.inventory, `${PKI}/apiserver.crt`)), Buffer.from(broken)];
      return [{ path: `${PKI}/apiserver.crt`, mode: 0o644, bytes: Buffer.concat(bytes) }];
    },
    more: ['block-passed-over'],
  },
  {
    id: 'drift',
    plant: (tree) => [reissued(tree, `${PKI}/kubelet`, { subject: nameOf('system:node:cp1', 'extra') })],
  },
];
