/** The rules of the room lint over every certificate and every list: its rows are in the table by reference. */
import {
  certificateChecks,
  entryChecks,
  lintCertificate,
  revocationChecks as listChecks,
} from '../../lint/index.ts';
import type { View } from '../view/types.ts';
import { listForms } from './revocation-checks.ts';
import { type CheckRow, rowOf, spot, type Spotted } from './types.ts';
import { named } from './words.ts';

const OF_LEAF = 'issue it anew: kubetls apply, or with kubeadm: kubeadm certs renew';
const OF_AUTHORITY = 'issue its certificate anew with the same key, and put it wherever it is trusted';
const OF_LIST = 'issue the list anew';

const isAuthorityRule = (id: string) => id.startsWith('ca-') || id.startsWith('name-constraints');

export const formRows: readonly CheckRow[] = [
  ...certificateChecks.map((row) =>
    rowOf({ ...row, group: 'form', remedy: isAuthorityRule(row.id) ? OF_AUTHORITY : OF_LEAF }),
  ),
  ...[...listChecks.filter(({ id }) => id.startsWith('list-')), ...entryChecks].map((row) =>
    rowOf({ ...row, group: 'form', remedy: OF_LIST }),
  ),
];

export interface Referred {
  readonly id: string;
  readonly spotted: Spotted;
}

export function formsOf(view: View): Referred[] {
  const found = view.certificates.flatMap(({ certificate, places, isAuthority }) =>
    lintCertificate(certificate).map(({ id, severity, evidence }): Referred => {
      const message = evidence === '' ? named(certificate) : `${named(certificate)}: ${evidence}`;
      const remedy = isAuthority ? OF_AUTHORITY : OF_LEAF;
      return { id, spotted: spot(places, message, { remedy, severity }) };
    }),
  );
  return [...found, ...listForms(view)];
}
