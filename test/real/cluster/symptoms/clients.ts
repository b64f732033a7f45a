// What clients show to kube-apiserver.
import { keyFile, reissued } from '../../../judges/audited-tree.ts';
import { keyOf } from '../../../judges/mint.ts';
import { kubectl } from './asks.ts';
import { by, edited, ended, namesake, PKI, stranger, tomorrow, WORKER } from './plants.ts';
import type { Row } from './types.ts';

const ADMIN = 'users/kube-admin/admin';
const CONFIG = `${ADMIN}.kubeconfig`;
const asks = kubectl('get', 'nodes');
const refused = (text: RegExp): Row['shows'] => [
  ['said', /You must be logged in to the server/],
  [
    'kube-apiserver@cp1',
    new RegExp(
      `Unable to authenticate the request" err="\\[x509: .*verifying certificate SN=.*x509: ${text.source}`,
    ),
  ],
];

export const clients: readonly Row[] = [
  {
    fault: 'the administrator shows what has ended',
    plant: (tree) => [reissued(tree, ADMIN, ended())],
    asks,
    shows: refused(/certificate has expired or is not yet valid: current time \S+ is after/),
    cause: 'expired',
    check: 'expired',
  },
  {
    fault: 'the administrator shows what has not begun',
    plant: (tree) => [reissued(tree, ADMIN, tomorrow())],
    asks,
    shows: refused(/certificate has expired or is not yet valid: current time \S+ is before/),
    cause: 'not-yet-valid',
    check: 'not-yet-valid',
  },
  {
    fault: 'the administrator shows what is for servers only',
    plant: (tree) => [reissued(tree, ADMIN, { extendedKeyUsage: ['serverAuth'] })],
    asks,
    shows: refused(/certificate specifies an incompatible key usage/),
    cause: 'wrong-usage',
    check: 'client-usage',
  },
  {
    fault: 'the administrator shows what another authority issued',
    plant: (tree) => [reissued(tree, ADMIN, by(stranger))],
    asks,
    shows: refused(/certificate signed by unknown authority/),
    cause: 'anchor-missing',
    check: 'issuer-unknown',
  },
  {
    fault: 'the administrator shows what an authority of the same name issued',
    plant: (tree) => [reissued(tree, ADMIN, by(namesake(tree, 'cluster')))],
    asks,
    shows: refused(/certificate signed by unknown authority \(possibly because of/),
    cause: 'other-generation',
    check: 'signed-by-namesake',
  },
  {
    fault: "the administrator has another certificate's key",
    plant: () => [keyFile(`${ADMIN}.key`, keyOf('of another'))],
    asks,
    shows: [['said', /tls: private key does not match public key/]],
    cause: 'key-mismatch',
    check: 'pair-mismatch',
  },
  {
    fault: 'the administrator lost his certificate',
    plant: () => [{ path: `${ADMIN}.crt`, remove: true }],
    asks,
    shows: [['said', /unable to read client-cert .*no such file or directory/]],
    cause: 'file-missing',
    check: 'drift',
  },
  {
    fault: 'the kubeconfig of the administrator names no certificate',
    plant: (tree) => [
      edited(tree, CONFIG, (text) => text.replaceAll(/^ *client-(certificate|key): .*\n/gm, '')),
    ],
    asks,
    shows: [['said', /Please enter Username:/]],
    cause: 'no-client-certificate',
    check: 'drift',
  },
];

export const components: readonly Row[] = [
  {
    fault: 'a kubelet shows what has ended',
    plant: (tree) => [reissued(tree, `${WORKER}/kubelet-client`, ended())],
    restarts: 'kubelet@w1',
    shows: [
      // Not the setting cacheUnauthorizedTTL, which it prints when it starts.
      ['kubelet@w1', /\bUnauthorized\b/],
      ['kube-apiserver@cp1', /Unable to authenticate the request.*x509: certificate has expired/],
    ],
    cause: 'expired',
    check: 'expired',
  },
  {
    fault: 'the scheduler shows what another authority issued',
    plant: (tree) => [reissued(tree, `${PKI}/scheduler`, by(stranger))],
    restarts: 'kube-scheduler@cp1',
    shows: [
      ['kube-scheduler@cp1', /Failed to watch" err="failed to list .*: Unauthorized"/],
      [
        'kube-apiserver@cp1',
        /Unable to authenticate the request.*x509: certificate signed by unknown authority/,
      ],
    ],
    cause: 'anchor-missing',
    check: 'issuer-unknown',
  },
];
