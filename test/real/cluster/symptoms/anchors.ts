// Whom clients believe.
import { crt } from '../../../judges/audited-tree.ts';
import { mint } from '../../../judges/mint.ts';
import { kubectl } from './asks.ts';
import { edited, namesake, PKI, stranger, WORKER } from './plants.ts';
import type { Row } from './types.ts';

const ADMIN = 'users/kube-admin/ca.crt';
const asks = kubectl('get', 'nodes');

export const anchors: readonly Row[] = [
  {
    fault: 'the administrator trusts the authority of a cluster that was made anew',
    plant: (tree) => [crt(ADMIN, mint(namesake(tree, 'cluster')))],
    asks,
    shows: [['said', /x509: certificate signed by unknown authority \(possibly because of/]],
    cause: 'other-generation',
    check: 'authority-namesakes',
  },
  {
    fault: 'the administrator trusts the authority of another cluster',
    plant: () => [crt(ADMIN, mint(stranger))],
    asks,
    shows: [['said', /x509: certificate signed by unknown authority$/m]],
    cause: 'anchor-missing',
    check: 'drift',
  },
  {
    fault: 'the administrator has an authority that is no certificate',
    plant: (tree) => [edited(tree, ADMIN, () => 'to be filled in\n')],
    asks,
    shows: [['said', /unable to load root certificates: unable to parse bytes as PEM block/]],
    cause: 'file-unreadable',
    check: 'file-unreadable',
  },
  {
    fault: 'a kubelet trusts the authority of a cluster that was made anew',
    plant: (tree) => [crt(`${WORKER}/ca.crt`, mint(namesake(tree, 'cluster')))],
    restarts: 'kubelet@w1',
    shows: [['kubelet@w1', /x509: certificate signed by unknown authority \(possibly because of/]],
    cause: 'other-generation',
    check: 'nodes-authority-differs',
  },
  {
    fault: 'kube-apiserver trusts an etcd that was made anew',
    plant: (tree) => [crt(`${PKI}/etcd-ca.crt`, mint(namesake(tree, 'etcd')))],
    restarts: 'kube-apiserver@cp1',
    shows: [
      ['kube-apiserver@cp1', /authentication handshake failed: tls: failed to verify certificate: x509: /],
    ],
    cause: 'other-generation',
    check: 'nodes-authority-differs',
  },
];
