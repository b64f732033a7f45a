import type { NamedContext } from '../../kubeconfig/index.ts';
import { printable } from '../text.ts';

/** kubectl's columns: cli-runtime pkg/printers/tabwriter.go. */
const NARROWEST = 6;
const GAP = 3;

/** What kubectl config get-contexts prints; a character is a column there, however wide it is shown. */
export function contextTable(
  contexts: readonly NamedContext[],
  current: string,
  withTitles: boolean,
): string[] {
  const rows = contexts.map(({ name, context: { cluster, user, namespace = '' } }) =>
    [name === current ? '*' : ' ', name, cluster, user, namespace].map(printable),
  );
  if (withTitles) rows.unshift(['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']);
  const widths = [0, 1, 2, 3, 4].map((column) =>
    rows.reduce((most, row) => Math.max(most, [...(row[column] ?? '')].length + GAP), NARROWEST),
  );
  return rows.map((row) =>
    row.map((cell, i) => (i === 4 ? cell : cell + ' '.repeat((widths[i] ?? 0) - [...cell].length))).join(''),
  );
}
