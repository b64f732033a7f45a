/** Every check of `kubetls check`: those of a tree, and by reference those of lint and of the kubeconfig doctor. */
import { algorithmChecks } from './checks/algorithm-checks.ts';
import { authorityRoleChecks } from './checks/authority-role-checks.ts';
import { chainChecks } from './checks/chain-checks.ts';
import { driftChecks, edgeChecks } from './checks/edge-checks.ts';
import { exceptionRows } from './checks/exception-rows.ts';
import { expiryChecks } from './checks/expiry-checks.ts';
import { fileChainChecks } from './checks/file-chain-checks.ts';
import { fileChecks } from './checks/file-checks.ts';
import { formRows } from './checks/form-checks.ts';
import { keyChecks } from './checks/key-checks.ts';
import { keyFileChecks } from './checks/key-file-checks.ts';
import { kubeconfigRows } from './checks/kubeconfig-rows.ts';
import { liveChecks } from './checks/live-checks.ts';
import { nameChecks } from './checks/name-checks.ts';
import { nodeChecks } from './checks/node-checks.ts';
import { revocationChecks } from './checks/revocation-checks.ts';
import { roleChecks } from './checks/role-checks.ts';
import { strictChecks } from './checks/strict-checks.ts';
import { type CheckRow, GROUPS, rowOf, type TreeCheck } from './checks/types.ts';
import { usageChecks } from './checks/usage-checks.ts';

export const treeChecks: readonly TreeCheck[] = [
  ...chainChecks,
  ...fileChainChecks,
  ...keyChecks,
  ...expiryChecks,
  ...nameChecks,
  ...usageChecks,
  ...roleChecks,
  ...authorityRoleChecks,
  ...nodeChecks,
  ...keyFileChecks,
  ...fileChecks,
  ...algorithmChecks,
  ...strictChecks,
  ...revocationChecks,
  ...liveChecks,
];

const ORDER = Object.keys(GROUPS);

/** In the order of the groups. */
export const checkTable: readonly CheckRow[] = [
  ...treeChecks.map(rowOf),
  ...kubeconfigRows,
  ...formRows,
  ...[...edgeChecks, ...driftChecks].map(rowOf),
  ...exceptionRows,
].toSorted((a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group));

export const checkById: ReadonlyMap<string, CheckRow> = new Map(checkTable.map((row) => [row.id, row]));
