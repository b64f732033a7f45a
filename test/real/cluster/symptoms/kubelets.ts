// From kube-apiserver to a kubelet, as `kubectl exec` goes.
import { KUBERNETES } from '../../../../scripts/real-programs.mjs';
import { crt, keyFile, reissued } from '../../../judges/audited-tree.ts';
import { keyOf, leafDraft, mint, nameOf, rootDraft, san } from '../../../judges/mint.ts';
import { exec as asks } from './asks.ts';
import { by, ended, PKI, stranger } from './plants.ts';
import type { Row } from './types.ts';

// The one beside kube-apiserver: all nodes share a device, so that others seem to be dialled from their own address.
const SERVING = `${PKI}/kubelet`;
const CLIENT = `${PKI}/apiserver-kubelet-client`;
/**
 * A kubelet before 1.36 goes on showing an address the pair of its start (src/cluster/reload.ts), and kube-apiserver
 * translates kubectl's WebSocket for it, with client-go's words (src/explain/circumstances.ts).
 */
const isOld = KUBERNETES === '1.35';
const restarts = isOld ? { restarts: 'kubelet@cp1' } : {};
const DIALLED = isOld
  ? String.raw`error sending request: Post "https://10\.20\.0\.11:10250/exec/\S+"`
  : 'error dialing backend';
const refused = (text: RegExp): Row['shows'] => [
  ['said', new RegExp(`${DIALLED}: tls: failed to verify certificate: x509: ${text.source}`)],
  ['kubelet@cp1', /http: TLS handshake error from .*remote error: tls: bad certificate/],
];

export const kubelets: readonly Row[] = [
  {
    fault: 'a kubelet serves what it made itself',
    plant: () => {
      const own = rootDraft('cp1-ca@1700000000', keyOf('own authority'));
      const draft = leafDraft(nameOf('cp1@1700000000'), keyOf('own'), own, ['cp1', '10.20.0.11']);
      return [crt(`${SERVING}.crt`, mint(draft), mint(own)), keyFile(`${SERVING}.key`, draft.key)];
    },
    ...restarts,
    asks,
    shows: refused(/certificate signed by unknown authority/),
    cause: 'anchor-missing',
    check: 'kubelet-self-signed',
  },
  {
    fault: 'a kubelet serves what has ended',
    plant: (tree) => [reissued(tree, SERVING, ended())],
    ...restarts,
    asks,
    shows: refused(/certificate has expired/),
    cause: 'expired',
    check: 'expired',
  },
  {
    fault: 'a kubelet serves another address',
    plant: (tree) => [reissued(tree, SERVING, { names: [san('cp1'), san('10.20.0.99')] })],
    ...restarts,
    asks,
    shows: refused(/certificate is valid for 10\.20\.0\.99, not 10\.20\.0\.11/),
    cause: 'name-missing',
    check: 'drift',
  },
  {
    fault: 'kube-apiserver shows kubelets what has ended',
    plant: (tree) => [reissued(tree, CLIENT, ended())],
    asks,
    shows: [
      ['said', /Unauthorized/],
      ['kubelet@cp1', /Unable to authenticate the request due to an error.*x509: certificate has expired/],
    ],
    cause: 'expired',
    check: 'expired',
  },
  {
    fault: 'kube-apiserver shows kubelets what another authority issued',
    plant: (tree) => [reissued(tree, CLIENT, by(stranger))],
    asks,
    shows: [
      ['said', /Unauthorized/],
      ['kubelet@cp1', /Unable to authenticate the request due to an error.*unknown authority/],
    ],
    cause: 'anchor-missing',
    check: 'issuer-unknown',
  },
];
