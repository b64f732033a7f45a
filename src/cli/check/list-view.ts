import { type CheckRow, GROUPS, type Group } from '../../audit/index.ts';
import type { Console } from '../console.ts';
import { renderTable } from '../table.ts';
import { plural } from '../text.ts';

/** Every check, by group; with -v why, what to do, and where the rule stands. */
export function printList(console: Console, rows: readonly CheckRow[]): void {
  for (const group of Object.keys(GROUPS) as Group[]) {
    const own = rows.filter((row) => row.group === group);
    if (own.length === 0) continue;
    console.print(console.colors.bold(GROUPS[group]));
    if (console.verbose) for (const row of own) printRow(console, row);
    else {
      const cells = own.map(({ id, severity, title }) => [`  ${id}`, severity, title]);
      const columns = [{ title: '' }, { title: '' }, { title: '', flexible: true }];
      for (const line of renderTable(columns, cells, console.width).slice(1)) console.print(line);
    }
    console.print();
  }
  console.print(
    `${plural(rows.length, 'check')}; with -v each says why, what to do, and where the rule stands.`,
  );
}

function printRow(console: Console, { id, severity, title, why, remedy, source }: CheckRow): void {
  console.print(`  ${id}  ${severity}`);
  for (const text of [title, why, `remedy: ${remedy}`, `source: ${source}`]) console.print(`      ${text}`);
}
