// What kube-apiserver serves with, which it reads again at once. It does not log what its clients think of it.
import { crt, keyFile, reissued } from '../../../judges/audited-tree.ts';
import { intermediateDraft, keyOf, mint, san } from '../../../judges/mint.ts';
import { kubectl } from './asks.ts';
import { authorityDraft, by, edited, ended, namesake, PKI, stranger, tomorrow } from './plants.ts';
import type { Row } from './types.ts';

const PAIR = `${PKI}/apiserver`;
const asks = kubectl('get', 'nodes');
const UNKNOWN = /x509: certificate signed by unknown authority$/m;

export const serving: readonly Row[] = [
  {
    fault: 'kube-apiserver serves what has ended',
    plant: (tree) => [reissued(tree, PAIR, ended())],
    asks,
    shows: [['said', /x509: certificate has expired or is not yet valid: current time \S+ is after/]],
    cause: 'expired',
    check: 'expired',
  },
  {
    fault: 'kube-apiserver serves what has not begun',
    plant: (tree) => [reissued(tree, PAIR, tomorrow())],
    asks,
    shows: [['said', /x509: certificate has expired or is not yet valid: current time \S+ is before/]],
    cause: 'not-yet-valid',
    check: 'not-yet-valid',
  },
  {
    fault: 'kube-apiserver serves other names',
    plant: (tree) => [reissued(tree, PAIR, { names: [san('kubernetes'), san('10.20.0.99')] })],
    asks,
    shows: [['said', /x509: certificate is valid for kubernetes, not kube-apiserver/]],
    cause: 'name-missing',
    check: 'apiserver-dialled-name',
  },
  {
    fault: 'kube-apiserver serves no names at all',
    plant: (tree) => [reissued(tree, PAIR, { names: undefined })],
    asks,
    shows: [['said', /x509: certificate relies on legacy Common Name field/]],
    cause: 'name-missing',
    check: 'apiserver-dialled-name',
  },
  {
    fault: 'kube-apiserver serves what is for clients only',
    plant: (tree) => [reissued(tree, PAIR, { extendedKeyUsage: ['clientAuth'] })],
    asks,
    shows: [['said', /x509: certificate specifies an incompatible key usage/]],
    cause: 'wrong-usage',
    check: 'server-usage',
  },
  {
    fault: 'kube-apiserver serves what another authority issued',
    plant: (tree) => [reissued(tree, PAIR, by(stranger))],
    asks,
    shows: [['said', UNKNOWN]],
    cause: 'anchor-missing',
    check: 'issuer-unknown',
  },
  {
    fault: 'kube-apiserver serves what an authority of the same name issued',
    plant: (tree) => [reissued(tree, PAIR, by(namesake(tree, 'cluster')))],
    asks,
    shows: [['said', /x509: certificate signed by unknown authority \(possibly because of/]],
    cause: 'other-generation',
    check: 'signed-by-namesake',
  },
  {
    fault: 'kube-apiserver does not send its intermediate along',
    plant: (tree) => {
      const below = intermediateDraft('below', keyOf('below'), authorityDraft(tree, 'cluster'));
      return [reissued(tree, PAIR, by(below)), crt(`${PKI}/below.crt`, mint(below))];
    },
    asks,
    shows: [['said', UNKNOWN]],
    cause: 'missing-intermediate',
    check: 'chain-incomplete',
  },
  {
    fault: "kube-apiserver is given another certificate's key",
    plant: () => [keyFile(`${PAIR}.key`, keyOf('of another'))],
    shows: [['kube-apiserver@cp1', /key failed with : tls: private key does not match public key/]],
    cause: 'key-mismatch',
    check: 'pair-mismatch',
  },
  {
    fault: 'kube-apiserver is given half a certificate',
    plant: (tree) => [edited(tree, `${PAIR}.crt`, (text) => text.slice(0, text.length / 2))],
    shows: [['kube-apiserver@cp1', /failed to find any PEM data in certificate input/]],
    cause: 'file-unreadable',
    check: 'file-unreadable',
  },
  {
    fault: 'kube-apiserver is given an empty client authority',
    plant: (tree) => [edited(tree, `${PKI}/ca.crt`, () => '')],
    shows: [['kube-apiserver@cp1', /missing content for CA bundle/]],
    cause: 'file-unreadable',
    check: 'file-unreadable',
  },
];
