// Keys that sign: tokens, and what nodes ask for.
import { writePublicKey } from '../../../../src/x509/index.ts';
import { keyFile, pem } from '../../../judges/audited-tree.ts';
import { keyOf, mint } from '../../../judges/mint.ts';
import { withRequest, withToken } from './asks.ts';
import { authorityDraft, namesake, PKI } from './plants.ts';
import type { Row } from './types.ts';

export const keys: readonly Row[] = [
  {
    fault: 'kube-apiserver verifies tokens with another key than it signs them with',
    plant: () => [
      {
        path: `${PKI}/sa.pub`,
        mode: 0o644,
        bytes: Buffer.from(writePublicKey(keyOf('of another').publicKey)),
      },
    ],
    restarts: 'kube-apiserver@cp1',
    asks: withToken,
    shows: [
      ['said', /You must be logged in to the server/],
      ['kube-apiserver@cp1', /Unable to authenticate the request.*invalid (bearer token|signature)/],
    ],
    cause: 'service-account-keys',
    check: 'token-pair-mismatch',
  },
  {
    fault: 'the controller manager signs from a bundle',
    plant: (tree) => [
      {
        path: `${PKI}/ca.crt`,
        mode: 0o644,
        bytes: pem(mint(authorityDraft(tree, 'cluster')), mint(namesake(tree, 'cluster'))),
      },
    ],
    asks: withRequest,
    shows: [['kube-controller-manager@cp1', /expected 1 certificate, found 2/]],
    cause: 'signing-bundle',
    check: 'signing-bundle',
  },
  {
    fault: "the controller manager has another authority's key",
    plant: () => [keyFile(`${PKI}/ca.key`, keyOf('of another'))],
    shows: [['kube-controller-manager@cp1', /tls: private key does not match public key/]],
    cause: 'key-mismatch',
    check: 'pair-mismatch',
  },
];
