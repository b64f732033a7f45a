// What kube-apiserver shows to aggregated API servers, which it reads again at once.
import { reissued } from '../../../judges/audited-tree.ts';
import { nameOf } from '../../../judges/mint.ts';
import { AGGREGATED } from '../aggregation.ts';
import { kubectl } from './asks.ts';
import { by, ended, PKI, stranger } from './plants.ts';
import type { Row } from './types.ts';

const PAIR = `${PKI}/front-proxy-client`;
const asks = kubectl('get', '--raw', AGGREGATED);
const refused = (text: RegExp): Row['shows'] => [
  ['said', /You must be logged in to the server|Unauthorized/],
  ['aggregated-apiserver@cp1', new RegExp(`Unable to authenticate the request.*x509: ${text.source}`)],
];

export const frontProxy: readonly Row[] = [
  {
    fault: 'the front proxy shows what another authority issued',
    plant: (tree) => [reissued(tree, PAIR, by(stranger))],
    asks,
    shows: refused(/certificate signed by unknown authority/),
    cause: 'anchor-missing',
    check: 'issuer-unknown',
  },
  {
    fault: 'the front proxy has a name that is not allowed',
    plant: (tree) => [reissued(tree, PAIR, { subject: nameOf('aggregator') }, 'front-proxy')],
    asks,
    shows: refused(/subject with cn=aggregator is not in the allowed list/),
    cause: 'front-proxy-name',
    check: 'front-proxy-name',
  },
  {
    fault: 'the front proxy shows what has ended',
    plant: (tree) => [reissued(tree, PAIR, ended(), 'front-proxy')],
    asks,
    shows: refused(/certificate has expired/),
    cause: 'expired',
    check: 'expired',
  },
];
