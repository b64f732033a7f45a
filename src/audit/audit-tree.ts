import type { StatePath } from '../cluster/index.ts';
import { checkById, treeChecks } from './check-table.ts';
import { driftChecks, edgeChecks } from './checks/edge-checks.ts';
import { formsOf } from './checks/form-checks.ts';
import { type CheckRow, type ConsequenceCheck, type Group, GROUPS, type Spotted } from './checks/types.ts';
import { kubeconfigFindings } from './kubeconfigs-in-tree.ts';
import type { Finding, Severity } from './types.ts';
import type { TreeInput, View } from './view/types.ts';
import { placeParts } from './view/place-id.ts';
import { viewOf } from './view/view.ts';

/** A finding about a tree: `where` is the first of its places, `where.path` where in the file. */
export interface TreeFinding extends Finding {
  readonly group: Group;
  readonly title: string;
  /** What was seen, without the title; `message` has both. */
  readonly evidence: string;
  /** Of those inside of a file, `placeText` makes a text. */
  readonly places: readonly StatePath[];
}

export interface TreeChoice {
  /** Ids to look for; absent: all. */
  readonly only?: ReadonlySet<string> | undefined;
  readonly skip?: ReadonlySet<string> | undefined;
}

/**
 * Every check over a tree: the causes first, then what follows from faults that nobody has told. The worst come
 * first, then in the order of the table, then of places. Reads nothing but its input.
 */
export function auditTree(input: TreeInput, { only, skip }: TreeChoice = {}): TreeFinding[] {
  const view = viewOf(input);
  const wants = ({ id }: Pick<CheckRow, 'id'>) => (only?.has(id) ?? true) && skip?.has(id) !== true;
  const told = causesIn(view, wants);
  const consequences = (rows: readonly ConsequenceCheck[], blamed: readonly Severity[]) => {
    const files = filesOf(told, blamed);
    for (const row of rows.filter(wants)) {
      for (const spotted of row.look(view, files)) told.push(findingOf(row, spotted));
    }
  };
  consequences(driftChecks, ['error', 'warning']);
  consequences(edgeChecks, ['error']);
  return inOrder(told);
}

/** Each certificate once, with what stands in keystores and dumps. */
export function countCertificates(input: TreeInput): number {
  return viewOf(input).certificates.length;
}

function causesIn(view: View, wants: (row: Pick<CheckRow, 'id'>) => boolean): TreeFinding[] {
  const found = treeChecks
    .filter(wants)
    .flatMap((row) => row.look(view).map((spotted) => findingOf(row, spotted)));
  const referred = [...kubeconfigFindings(view), ...formsOf(view)].filter(wants);
  return [
    ...found,
    ...referred.flatMap(({ id, spotted }) => {
      const row = checkById.get(id);
      return row ? [findingOf(row, spotted)] : [];
    }),
  ];
}

function findingOf(row: CheckRow, spotted: Spotted): TreeFinding {
  const { places, message, severity = row.severity, remedy = row.remedy, line, column } = spotted;
  const { file, inside } = placeParts(places[0] ?? '');
  const where = {
    file,
    ...(inside !== undefined && { path: inside }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
  const { id, group, title } = row;
  return {
    id,
    severity,
    where,
    message: `${title}: ${message}`,
    remedy,
    group,
    title,
    evidence: message,
    places,
  };
}

/** Files of findings that are as bad as this. */
function filesOf(findings: readonly TreeFinding[], severities: readonly Severity[]): Set<StatePath> {
  const bad = findings.filter(({ severity }) => severities.includes(severity));
  return new Set(bad.flatMap(({ places }) => places.map((id) => placeParts(id).file)));
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
const GROUP_ORDER = Object.keys(GROUPS);

export function inOrder<One extends TreeFinding>(findings: readonly One[]): One[] {
  const rank = ({ severity, group }: TreeFinding) =>
    SEVERITIES.indexOf(severity) * GROUP_ORDER.length + GROUP_ORDER.indexOf(group);
  return findings.toSorted(
    (a, b) => rank(a) - rank(b) || compare(a.id, b.id) || compare(a.where.file, b.where.file),
  );
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
