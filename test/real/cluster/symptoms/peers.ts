// What a member of etcd shows to the others. It is started anew, so that it dials them.
import { reissued } from '../../../judges/audited-tree.ts';
import { san } from '../../../judges/mint.ts';
import { by, ended, stranger } from './plants.ts';
import type { Row } from './types.ts';

const PEER = 'nodes/etcd2/etc/kubernetes/pki/etcdserver';
const refused = (text: RegExp): Row['shows'][number] => [
  'etcd@cp1',
  new RegExp(`rejected connection on peer endpoint.*${text.source}`),
];

export const peers: readonly Row[] = [
  {
    fault: 'a member of etcd comes from an address that its certificate does not have',
    plant: (tree) => [reissued(tree, PEER, { names: [san('localhost'), san('10.20.0.99')] }, 'etcd')],
    restarts: 'etcd@etcd2',
    shows: [refused(/does not match any of DNSNames/)],
    cause: 'peer-address',
    otherwise: 'name-missing',
    check: 'edge-broken',
  },
  {
    fault: 'a member of etcd shows what has ended',
    plant: (tree) => [reissued(tree, PEER, ended(), 'etcd')],
    restarts: 'etcd@etcd2',
    shows: [refused(/x509: certificate has expired/)],
    cause: 'expired',
    check: 'expired',
  },
  {
    fault: 'a member of etcd shows what is for servers only',
    plant: (tree) => [reissued(tree, PEER, { extendedKeyUsage: ['serverAuth'] }, 'etcd')],
    restarts: 'etcd@etcd2',
    shows: [refused(/x509: certificate specifies an incompatible key usage/)],
    cause: 'wrong-usage',
    check: 'etcd-usage',
  },
  {
    fault: 'a member of etcd shows what another authority issued',
    plant: (tree) => [reissued(tree, PEER, by(stranger), 'etcd')],
    restarts: 'etcd@etcd2',
    shows: [
      refused(/x509: certificate signed by unknown authority/),
      ['etcd@etcd2', /remote error: tls: (bad certificate|unknown certificate authority)/],
    ],
    cause: 'anchor-missing',
    check: 'issuer-unknown',
  },
];
