import { DAY, YEAR } from '../../../src/base/index.ts';
import { Oid, makeName } from '../../../src/x509/index.ts';
import { authority, crt, draftOf, reissued } from '../audited-tree.ts';
import { type Draft, keyOf, leafDraft, mint, nameOf, NOW, rootDraft, san } from '../mint.ts';
import type { AuditedTree } from '../audited-tree.ts';
import { PKI, type TreePlant } from './types.ts';

const other = (): Draft => ({ ...rootDraft('other', keyOf('other')), keyUsage: ['keyCertSign', 'cRLSign'] });

function extra(tree: AuditedTree, change: Partial<Draft>): ReturnType<typeof crt> {
  const { certificate, key } = authority(tree, 'cluster');
  const parent = draftOf(certificate, key, key);
  const leaf = {
    ...leafDraft(nameOf('agent'), keyOf('agent'), parent, []),
    keyUsage: ['digitalSignature'] as const,
  };
  return crt(`${PKI}/extra.crt`, mint({ ...leaf, ...change }));
}

const without = (draft: Draft, ...gone: readonly string[]) =>
  draft.names?.filter(
    (name) =>
      !('value' in name) ||
      !gone.some(
        (one) => name.value === one || (one.endsWith('*') && name.value.startsWith(one.slice(0, -1))),
      ),
  );

/** Wrong names are told as what they are; that kubetls.yaml wants others is left out. */
const alone = true;

export const plantedExpiry: readonly TreePlant[] = [
  { id: 'expired', plant: (tree) => [extra(tree, { notAfter: NOW - DAY })] },
  {
    id: 'expiring',
    plant: (tree) => [extra(tree, { notBefore: NOW - 340 * DAY, notAfter: NOW + 25 * DAY })],
  },
  { id: 'not-yet-valid', plant: (tree) => [extra(tree, { notBefore: NOW + DAY })] },
  {
    id: 'authority-expired',
    plant: () => [crt(`${PKI}/other.crt`, mint({ ...other(), notAfter: NOW - DAY }))],
  },
  {
    id: 'authority-expiring',
    plant: () => [
      crt(`${PKI}/other.crt`, mint({ ...other(), notBefore: NOW - 9 * YEAR, notAfter: NOW + YEAR })),
    ],
  },
  {
    id: 'anchor-leftover',
    plant: () => {
      const old = mint({
        ...other(),
        subject: nameOf('old'),
        issuer: nameOf('old'),
        key: keyOf('old'),
        signedBy: keyOf('old'),
        subjectKeyId: Uint8Array.of(7),
        notAfter: NOW - DAY,
      });
      return [crt(`${PKI}/other.crt`, mint(other()), old)];
    },
  },
  { id: 'life-long', plant: (tree) => [extra(tree, { notAfter: NOW + 3 * YEAR })] },
  {
    id: 'authority-life-long',
    plant: () => [crt(`${PKI}/other.crt`, mint({ ...other(), notAfter: NOW + 99 * YEAR }))],
  },
];

export const plantedNames: readonly TreePlant[] = [
  {
    id: 'apiserver-service-names',
    alone,
    plant: (tree) => [
      reissued(tree, `${PKI}/apiserver`, (draft) => ({ names: without(draft, 'kubernetes.default.svc') })),
    ],
  },
  {
    id: 'apiserver-cluster-domain',
    alone,
    plant: (tree) => [
      reissued(tree, `${PKI}/apiserver`, (draft) => ({ names: without(draft, 'kubernetes.default.svc.*') })),
    ],
  },
  {
    id: 'apiserver-no-address',
    alone,
    plant: (tree) => [
      reissued(tree, `${PKI}/apiserver`, ({ names }) => ({
        names: names?.filter(({ kind }) => kind !== 'ip'),
      })),
    ],
  },
  {
    id: 'apiserver-dialled-name',
    plant: (tree) => {
      const path = 'nodes/worker-1/srv/app.kubeconfig';
      const { bytes } = tree.inventory.get('users/kube-admin/admin.kubeconfig') ?? { bytes: Buffer.of() };
      const text = Buffer.from(bytes)
        .toString()
        .replace(/server: .*/, 'server: https://old.example.test:6443');
      const [ca] = [tree.inventory.get('users/kube-admin/ca.crt')?.bytes ?? Buffer.of()];
      const data = Buffer.from(ca).toString('base64');
      const only = text
        .replace(/certificate-authority: .*/, `certificate-authority-data: ${data}`)
        .replace(/client-certificate: .*/, 'token: abc')
        .replace(/\n *client-key: .*/, '');
      return [{ path, mode: 0o600, bytes: Buffer.from(only) }];
    },
  },
  {
    id: 'etcd-no-loopback',
    alone,
    plant: (tree) => [
      reissued(
        tree,
        `${PKI}/etcdserver`,
        (draft) => ({ names: without(draft, '127.0.0.1', '::1', 'localhost') }),
        'etcd',
      ),
    ],
  },
  {
    id: 'etcd-peer-no-address',
    alone,
    plant: (tree) => [
      reissued(tree, `${PKI}/etcdserver`, (draft) => ({ names: without(draft, '10.0.0.11') }), 'etcd'),
    ],
  },
  {
    id: 'etcd-peer-other-address',
    plant: (tree) => [
      reissued(
        tree,
        `${PKI}/etcdserver`,
        (draft) => ({ names: [...(without(draft, '10.0.0.11') ?? []), san('10.0.0.99')] }),
        'etcd',
      ),
    ],
  },
  {
    id: 'kubelet-other-name',
    plant: (tree) => [reissued(tree, `${PKI}/kubelet`, { names: [san('somebody')] })],
  },
  {
    id: 'kubelet-named-apiserver',
    plant: (tree) => [
      reissued(tree, `${PKI}/kubelet`, ({ names = [] }) => ({
        names: [...names, san('KUBERNETES.default.svc')],
      })),
    ],
  },
  {
    id: 'server-nameless',
    plant: (tree) => [reissued(tree, `${PKI}/kubelet`, { names: undefined, extendedKeyUsage: undefined })],
    more: ['usage-unlimited'],
  },
  {
    id: 'server-wildcard',
    plant: (tree) => [
      reissued(tree, `${PKI}/kubelet`, ({ names = [] }) => ({ names: [...names, san('*.example.test')] })),
    ],
  },
  {
    id: 'node-name-case',
    plant: (tree) => [
      reissued(tree, `${PKI}/kubelet-client`, { subject: nameOf('system:node:CP1', 'system:nodes') }),
    ],
  },
  {
    id: 'node-of-another',
    plant: (tree) => [
      reissued(tree, `${PKI}/kubelet-client`, { subject: nameOf('system:node:cp2', 'system:nodes') }),
    ],
  },
];

export const plantedUsages: readonly TreePlant[] = [
  {
    id: 'server-usage',
    plant: (tree) => [reissued(tree, `${PKI}/kubelet`, { extendedKeyUsage: ['clientAuth'] })],
  },
  {
    id: 'client-usage',
    plant: (tree) => [reissued(tree, `${PKI}/scheduler`, { extendedKeyUsage: ['codeSigning'] })],
  },
  {
    id: 'etcd-usage',
    plant: (tree) => [reissued(tree, `${PKI}/etcdserver`, { extendedKeyUsage: ['serverAuth'] }, 'etcd')],
  },
  { id: 'usage-any', plant: (tree) => [extra(tree, { extendedKeyUsage: ['clientAuth', 'any'] })] },
  { id: 'usage-unlimited', plant: (tree) => [extra(tree, { extendedKeyUsage: undefined })] },
  {
    id: 'client-serves',
    plant: (tree) => [
      reissued(tree, `${PKI}/scheduler`, {
        extendedKeyUsage: ['serverAuth', 'clientAuth'],
        names: [san('scheduler.test')],
      }),
    ],
  },
  {
    id: 'server-connects',
    alone,
    plant: (tree) => [reissued(tree, `${PKI}/apiserver`, { extendedKeyUsage: ['serverAuth', 'clientAuth'] })],
  },
  {
    id: 'signature-usage',
    plant: (tree) => [reissued(tree, `${PKI}/scheduler`, { keyUsage: ['keyAgreement'] })],
  },
];

const MASTERS = nameOf('agent', 'system:masters');

export const plantedRoles: readonly TreePlant[] = [
  { id: 'masters-member', plant: (tree) => [extra(tree, { subject: MASTERS })] },
  {
    id: 'admins-member',
    plant: (tree) => [extra(tree, { subject: nameOf('agent', 'kubeadm:cluster-admins') })],
  },
  {
    id: 'component-is-admin',
    plant: (tree) => [
      reissued(tree, `${PKI}/apiserver-kubelet-client`, {
        subject: nameOf('kube-apiserver-kubelet-client', 'system:masters'),
      }),
    ],
    more: ['masters-member'],
  },
  { id: 'node-without-group', plant: (tree) => [extra(tree, { subject: nameOf('system:node:cp9') })] },
  { id: 'group-without-node', plant: (tree) => [extra(tree, { subject: nameOf('agent', 'system:nodes') })] },
  {
    id: 'component-name',
    plant: (tree) => [reissued(tree, `${PKI}/scheduler`, { subject: nameOf('scheduler') })],
  },
  {
    id: 'kubelet-name',
    plant: (tree) => [reissued(tree, `${PKI}/kubelet-client`, { subject: nameOf('cp1') })],
  },
  {
    id: 'user-nameless',
    plant: (tree) => [
      reissued(tree, `${PKI}/scheduler`, { subject: makeName([{ type: 'O', value: 'system' }]) }),
    ],
  },
  {
    id: 'user-reserved',
    plant: (tree) => [
      reissued(tree, 'users/kube-admin/admin', { subject: nameOf('system:kube-aggregator') }),
    ],
  },
  {
    id: 'group-virtual',
    plant: (tree) => [extra(tree, { subject: nameOf('agent', 'system:serviceaccounts') })],
  },
  {
    id: 'user-id-twice',
    plant: (tree) => {
      const uid = (value: string) => ({ type: Oid.kubernetesUid, value });
      return [extra(tree, { subject: makeName([{ type: 'CN', value: 'agent' }, uid('1'), uid('2')]) })];
    },
    more: ['attribute-twice'],
  },
  {
    id: 'front-proxy-name',
    plant: (tree) => [
      reissued(tree, `${PKI}/front-proxy-client`, { subject: nameOf('proxy') }, 'front-proxy'),
    ],
  },
  {
    id: 'admin-on-worker',
    profile: 'kubeadm',
    plant: ({ inventory }) => {
      const { bytes } = inventory.get('users/kube-admin/kube-admin.conf') ?? { bytes: Buffer.of() };
      const pem = (file: string) =>
        Buffer.from(inventory.get(`users/kube-admin/${file}`)?.bytes ?? Buffer.of()).toString('base64');
      const text = Buffer.from(bytes).toString();
      const embedded = text
        .replace(/certificate-authority: .*/, `certificate-authority-data: ${pem('ca.crt')}`)
        .replace(/client-certificate: .*/, `client-certificate-data: ${pem('kube-admin.crt')}`)
        .replace(/client-key: .*/, `client-key-data: ${pem('kube-admin.key')}`);
      const path = 'nodes/worker-1/etc/kubernetes/admin.conf';
      return [{ path, mode: 0o600, bytes: Buffer.from(embedded) }];
    },
    more: ['user-key-on-node', 'admins-member', 'encipherment-on-ec'],
  },
];
