import { DAY } from '../../../src/base/index.ts';
import { type Certificate, writePublicKey } from '../../../src/x509/index.ts';
import {
  type AuditedTree,
  authority,
  certificateAt,
  crt,
  draftOf,
  keyAt,
  keyFile,
  pem,
  reissued,
  type Written,
} from '../audited-tree.ts';
import { type Draft, keyOf, mint, NOW, rootDraft } from '../mint.ts';
import { CP2, PKI, type TreePlant } from './types.ts';

const other = (): Draft => ({ ...rootDraft('other', keyOf('other')), keyUsage: ['keyCertSign', 'cRLSign'] });
/** Another authority with the cluster's name. */
function namesake(tree: AuditedTree): Draft {
  const { certificate } = authority(tree, 'cluster');
  return { ...other(), subject: certificate.subject, issuer: certificate.subject };
}

const withBundle = (tree: AuditedTree, path: string, ...more: readonly Draft[]): Written =>
  crt(path, ...more.map(mint), certificateAt(tree.inventory, path));

export const plantedAuthorities: readonly TreePlant[] = [
  {
    id: 'front-proxy-shared',
    plant: (tree) => [withBundle(tree, `${PKI}/front-proxy-ca.crt`), copyAfter(tree)],
    alone: true,
    more: ['nodes-bundle-differs'],
  },
  {
    id: 'etcd-shared',
    plant: (tree) => [
      crt(
        `${PKI}/etcd-ca.crt`,
        certificateAt(tree.inventory, `${PKI}/etcd-ca.crt`),
        certificateAt(tree.inventory, `${PKI}/ca.crt`),
      ),
    ],
    alone: true,
    more: ['nodes-bundle-differs'],
  },
  {
    id: 'authority-as-leaf',
    plant: (tree) => {
      const key = keyAt(tree.inventory, `${PKI}/scheduler.key`);
      const { keyUsage: _, ...draft } = draftOf(
        certificateAt(tree.inventory, `${PKI}/scheduler.crt`),
        key,
        authority(tree, 'cluster').key,
      );
      const basicConstraints = { ca: true, pathLength: undefined };
      return [
        crt(
          `${PKI}/scheduler.crt`,
          mint({ ...draft, basicConstraints, keyUsage: ['digitalSignature', 'keyCertSign'] }),
        ),
      ];
    },
    more: ['anchor-is-intermediate', 'ca-with-extended-usage'],
  },
  { id: 'authority-namesakes', plant: (tree) => [crt(`${PKI}/other.crt`, mint(namesake(tree)))] },
  {
    id: 'authority-resigned',
    plant: () => [
      crt(`${PKI}/other.crt`, mint(other())),
      crt(`${PKI}/other-new.crt`, mint({ ...other(), notAfter: NOW + 3_500 * DAY })),
    ],
  },
  {
    id: 'bundle-order',
    alone: true,
    plant: (tree) => [withBundle(tree, `${PKI}/ca.crt`, other())],
    more: ['signing-bundle', 'nodes-bundle-differs'],
  },
  {
    id: 'signing-bundle',
    alone: true,
    plant: (tree) => [crt(`${PKI}/ca.crt`, certificateAt(tree.inventory, `${PKI}/ca.crt`), mint(other()))],
    more: ['nodes-bundle-differs'],
  },
  {
    id: 'kubelet-self-signed',
    alone: true,
    plant: (tree) => {
      const certificate = certificateAt(tree.inventory, `${PKI}/kubelet.crt`);
      const key = keyAt(tree.inventory, `${PKI}/kubelet.key`);
      const own = rootDraft('cp1-ca@1764000000', keyOf('kubelet-ca'));
      const draft = draftOf(certificate, key, own.key);
      const authorityKeyId = own.subjectKeyId;
      return [crt(`${PKI}/kubelet.crt`, mint({ ...draft, issuer: own.subject, authorityKeyId }))];
    },
    more: ['issuer-unknown'],
  },
  {
    id: 'kubelet-unverified',
    plant: () => {
      const bytes = Buffer.from(
        'spec:\n  containers:\n  - command: [kube-apiserver, --client-ca-file=/etc/kubernetes/pki/ca.crt]\n',
      );
      return [{ path: 'nodes/cp1/etc/kubernetes/manifests/kube-apiserver.yaml', mode: 0o600, bytes }];
    },
  },
  {
    id: 'kubeconfig-other-authority',
    profile: 'kubeadm',
    plant: (tree) => [trusting(tree, 'nodes/worker-1/etc/kubernetes/kubelet.conf', mint(other()))],
    more: ['certificate-stranger'],
  },
  {
    id: 'kubeconfig-short-bundle',
    profile: 'kubeadm',
    alone: true,
    plant: (tree) => [
      crt(
        'nodes/worker-1/etc/kubernetes/pki/ca.crt',
        certificateAt(tree.inventory, `${PKI}/ca.crt`),
        mint(other()),
      ),
    ],
    more: ['nodes-bundle-differs'],
  },
];

function copyAfter(tree: AuditedTree): Written {
  const own = certificateAt(tree.inventory, `${PKI}/front-proxy-ca.crt`);
  return crt(`${PKI}/front-proxy-ca.crt`, own, certificateAt(tree.inventory, `${PKI}/ca.crt`));
}

function trusting({ inventory }: AuditedTree, path: string, anchor: Certificate): Written {
  const { bytes, mode } = inventory.get(path) ?? { bytes: Buffer.of(), mode: 0o600 };
  const data = pem(anchor).toString('base64');
  const text = Buffer.from(bytes)
    .toString()
    .replace(/certificate-authority-data: .*/, `certificate-authority-data: ${data}`);
  return { path, mode, bytes: Buffer.from(text) };
}

export const plantedNodes: readonly TreePlant[] = [
  {
    id: 'nodes-authority-differs',
    alone: true,
    plant: () => [crt(`${CP2}/front-proxy-ca.crt`, mint(other()))],
  },
  {
    id: 'nodes-bundle-differs',
    alone: true,
    plant: (tree) => [
      crt(
        `${CP2}/front-proxy-ca.crt`,
        certificateAt(tree.inventory, `${CP2}/front-proxy-ca.crt`),
        mint(other()),
      ),
    ],
  },
  {
    id: 'nodes-token-key-differs',
    plant: () => {
      const key = keyOf('tokens of cp2');
      const bytes = Buffer.from(writePublicKey(key.publicKey));
      return [keyFile(`${CP2}/sa.key`, key), { path: `${CP2}/sa.pub`, mode: 0o644, bytes }];
    },
    more: ['drift'],
  },
  {
    id: 'nodes-key-types-differ',
    alone: true,
    plant: (tree) => {
      const key = keyOf('p384', 'ecdsa-p384');
      return [reissued(tree, `${CP2}/kubelet`, { key }), keyFile(`${CP2}/kubelet.key`, key)];
    },
    more: ['authority-weaker'],
  },
  {
    id: 'node-lacks-file',
    plant: () =>
      [`${CP2}/scheduler.crt`, `${CP2}/scheduler.key`, 'nodes/cp2/etc/kubernetes/scheduler.kubeconfig'].map(
        (path) => ({ path, remove: true }),
      ),
    more: ['drift'],
  },
];
