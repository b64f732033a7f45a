// etcd and its clients. A member reads its pair at every handshake.
import { keyFile, reissued } from '../../../judges/audited-tree.ts';
import { keyOf, san } from '../../../judges/mint.ts';
import { etcdctl as asks } from './asks.ts';
import { authorityDraft, by, ended, PKI } from './plants.ts';
import type { Row } from './types.ts';

const SERVER = `${PKI}/etcdserver`;
const CLIENT = `${PKI}/apiserver-etcd-client`;
const CLIENTS = 'rejected connection on client endpoint';

export const etcd: readonly Row[] = [
  {
    fault: 'etcd serves what has ended',
    plant: (tree) => [reissued(tree, SERVER, ended(), 'etcd')],
    asks,
    shows: [
      [
        'said',
        /authentication handshake failed: tls: failed to verify certificate: x509: certificate has expired/,
      ],
      ['etcd@cp1', new RegExp(`${CLIENTS}.*remote error: tls: bad certificate`)],
    ],
    cause: 'expired',
    check: 'expired',
  },
  {
    fault: 'etcd serves other names',
    plant: (tree) => [reissued(tree, SERVER, { names: [san('localhost'), san('10.20.0.99')] }, 'etcd')],
    asks,
    shows: [
      ['said', /x509: certificate is valid for 10\.20\.0\.99, not 10\.20\.0\.11/],
      ['etcd@cp1', new RegExp(`${CLIENTS}.*remote error: tls: bad certificate`)],
    ],
    cause: 'name-missing',
    check: 'edge-broken',
  },
  {
    fault: "etcd has another certificate's key",
    plant: () => [keyFile(`${SERVER}.key`, keyOf('of another'))],
    asks,
    shows: [
      ['said', /remote error: tls: internal error/],
      ['etcd@cp1', new RegExp(`${CLIENTS}.*tls: private key does not match public key`)],
    ],
    cause: 'key-mismatch',
    check: 'pair-mismatch',
  },
  {
    fault: 'etcd lost its certificate',
    plant: () => [{ path: `${SERVER}.crt`, remove: true }],
    asks,
    shows: [
      ['said', /remote error: tls: internal error/],
      ['etcd@cp1', new RegExp(`${CLIENTS}.*no such file or directory`)],
    ],
    cause: 'file-missing',
    check: 'drift',
  },
  {
    fault: 'kube-apiserver shows etcd what has ended',
    plant: (tree) => [reissued(tree, CLIENT, ended(), 'etcd')],
    asks,
    shows: [['etcd@cp1', new RegExp(`${CLIENTS}.*x509: certificate has expired`)]],
    cause: 'expired',
    check: 'expired',
  },
  {
    fault: 'kube-apiserver shows etcd what is for servers only',
    plant: (tree) => [reissued(tree, CLIENT, { extendedKeyUsage: ['serverAuth'] }, 'etcd')],
    asks,
    shows: [['etcd@cp1', new RegExp(`${CLIENTS}.*x509: certificate specifies an incompatible key usage`)]],
    cause: 'wrong-usage',
    check: 'client-usage',
  },
  {
    fault: "kube-apiserver shows etcd what the cluster's authority issued",
    plant: (tree) => [reissued(tree, CLIENT, by(authorityDraft(tree, 'cluster')), 'cluster')],
    asks,
    shows: [['etcd@cp1', new RegExp(`${CLIENTS}.*x509: certificate signed by unknown authority`)]],
    cause: 'anchor-missing',
    check: 'drift',
  },
];
