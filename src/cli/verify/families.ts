/** What programs of other families say to the same question: a row each, side by side. */
import { toRfc3339 } from '../../base/index.ts';
import { FAMILIES, type Family, type Judgement, judge } from '../../families/index.ts';
import type { Console } from '../console.ts';
import { usage as wrongUsage } from '../context.ts';
import { Exit } from '../exit.ts';
import { type Column, renderTable } from '../table.ts';
import { printable } from '../text.ts';
import { reportJson } from './json.ts';
import { certificatesOf, type Given } from './material.ts';
import type { Report } from './report.ts';

/** Undefined: Go alone, with all that is told of its verdict. */
export function familiesFrom(word: string | undefined): readonly Family[] | undefined {
  if (word === undefined || word === 'go') return undefined;
  if (word === 'all') return FAMILIES;
  const family = FAMILIES.find((one) => one === word);
  if (family) return [family];
  throw wrongUsage(`--family takes ${FAMILIES.join(', ')} or all, not ${word}`);
}

interface Row {
  readonly family: Family;
  readonly judgement: Judgement;
}

/** Prints what each says. @returns the exit code: no before unknown before yes */
export function tellFamilies(console: Console, report: Report, families: readonly Family[]): number {
  const rows = families.map((family) => ({ family, judgement: judgementOf(family, report) }));
  if (console.json) console.printJson({ ...reportJson(report), families: rows.map(rowJson) });
  else printRows(console, report, rows);
  if (rows.some(({ judgement }) => judgement.ok === false)) return Exit.no;
  return rows.some(({ judgement }) => judgement.ok === undefined) ? Exit.unknown : Exit.ok;
}

function judgementOf(family: Family, report: Report): Judgement {
  const { asked, usage, error, chains, stage } = report;
  if (family === 'go') {
    return error === undefined ? { ok: true, chains } : { ok: false, code: stage, error };
  }
  const given = [...asked.leaf, ...asked.intermediates, ...asked.roots];
  if (given.some((one) => 'refused' in one)) {
    return { ok: undefined, reason: 'a certificate that Go does not parse' };
  }
  const [leaf, ...intermediates] = plain([...asked.leaf, ...asked.intermediates]);
  const { name, at } = asked;
  return judge(family, { leaf: leaf!, intermediates, roots: plain(asked.roots), at, usage, name });
}

function plain(given: readonly Given[]) {
  return certificatesOf(given, new Map());
}

const columns: readonly Column[] = [
  { title: 'FAMILY' },
  { title: 'VERDICT' },
  { title: 'SAYS', flexible: true },
];

function printRows(console: Console, { asked, usage }: Report, rows: readonly Row[]): void {
  const { colors, width, symbols } = console;
  const name = asked.name === undefined ? '' : ` ${asked.name}`;
  const of = usage === 'any' ? 'for any usage' : `as a TLS ${usage}`;
  console.print(
    `${colors.bold(printable(asked.source))} ${printable(`${of}${name}, as of ${toRfc3339(asked.at)}`)}`,
  );
  console.print();
  const cells = rows.flatMap((row) => cellsOf(console, row));
  const [head = '', ...lines] = renderTable(columns, cells, width, symbols.more);
  console.print(colors.dim(head));
  for (const line of lines) console.print(line);
}

/** A line of the table for each line that the program prints. */
function cellsOf({ colors, symbols }: Console, { family, judgement }: Row): readonly (readonly string[])[] {
  if (judgement.ok) return [[family, colors.green(`${symbols.ok} yes`), '']];
  if (judgement.ok === undefined) {
    return [[family, colors.yellow(`${symbols.unknown} unknown`), printable(judgement.reason)]];
  }
  const [first = '', ...more] = judgement.error.split('\n').map(printable);
  return [[family, colors.red(`${symbols.failed} no`), first], ...more.map((line) => ['', '', line])];
}

function rowJson({ family, judgement }: Row): object {
  const { ok } = judgement;
  return {
    family,
    ok: ok ?? null,
    code: ok === false ? judgement.code : null,
    error: ok === false ? judgement.error : null,
    unknown: ok === undefined ? judgement.reason : null,
  };
}
