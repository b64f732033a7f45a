/** What programs of other families say to the same question: a row each, side by side. */
import { toRfc3339 } from '../../base/index.ts';
import {
  clientHears,
  FAMILIES,
  type Family,
  type Judgement,
  judge,
  serverHears,
} from '../../families/index.ts';
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
  /** What the side that is refused prints, when one is a program of Go. */
  readonly otherSide: string | undefined;
}

/** Prints what each says. @returns the exit code: no before unknown before yes */
export function tellFamilies(console: Console, report: Report, families: readonly Family[]): number {
  const rows = families.map((family) => rowOf(family, report));
  if (console.json) console.printJson({ ...reportJson(report), families: rows.map(rowJson) });
  else printRows(console, report, rows);
  if (rows.some(({ judgement }) => judgement.ok === false)) return Exit.no;
  return rows.some(({ judgement }) => judgement.ok === undefined) ? Exit.unknown : Exit.ok;
}

function rowOf(family: Family, report: Report): Row {
  const judgement = judgementOf(family, report);
  return { family, judgement, otherSide: otherSideOf(family, judgement, report) };
}

/** Of a client: when a Go server refuses it. Of a server: a Go server, when a client of the family refuses it. */
function otherSideOf(family: Family, judgement: Judgement, report: Report): string | undefined {
  const { asked, usage, error, stage } = report;
  if (usage === 'server') return judgement.ok === false ? serverHears(family, judgement) : undefined;
  const [leaf, ...intermediates] = plain([...asked.leaf, ...asked.intermediates]);
  // What Go does not parse a client cannot show.
  const unread = stage === 'parse-leaf' || stage === 'parse-intermediate';
  if (usage === 'any' || error === undefined || unread || !leaf) return undefined;
  return clientHears(family, { leaf, intermediates, roots: plain(asked.roots) }, error);
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

const otherColumns: readonly Column[] = [{ title: 'FAMILY' }, { title: 'PRINTS', flexible: true }];

function printRows(console: Console, { asked, usage }: Report, rows: readonly Row[]): void {
  const name = asked.name === undefined ? '' : ` ${asked.name}`;
  const of = usage === 'any' ? 'for any usage' : `as a TLS ${usage}`;
  console.print(
    `${console.colors.bold(printable(asked.source))} ${printable(`${of}${name}, as of ${toRfc3339(asked.at)}`)}`,
  );
  console.print();
  const cells = rows.flatMap((row) => cellsOf(console, row));
  printTable(console, columns, cells);
  const others = rows.flatMap(({ family, otherSide }) =>
    otherSide === undefined ? [] : [[family, otherSide]],
  );
  if (others.length === 0) return;
  console.print();
  console.print(OTHER_SIDE[usage]);
  printTable(console, otherColumns, others);
}

function printTable(console: Console, of: readonly Column[], cells: readonly (readonly string[])[]): void {
  const [head = '', ...lines] = renderTable(of, cells, console.width, console.symbols.more);
  console.print(console.colors.dim(head));
  for (const line of lines) console.print(line);
}

const OTHER_SIDE = {
  server: 'A Go server logs of a client that refuses it: http: TLS handshake error from …:',
  client: 'A client prints, when a Go server refuses it in the handshake, as etcd does:',
  any: '',
} as const;

/** A line of the table for each line that the program prints. */
function cellsOf({ colors, symbols }: Console, { family, judgement }: Row): readonly (readonly string[])[] {
  if (judgement.ok) return [[family, colors.green(`${symbols.ok} yes`), '']];
  if (judgement.ok === undefined) {
    return [[family, colors.yellow(`${symbols.unknown} unknown`), printable(judgement.reason)]];
  }
  const [first = '', ...more] = judgement.error.split('\n').map(printable);
  return [[family, colors.red(`${symbols.failed} no`), first], ...more.map((line) => ['', '', line])];
}

function rowJson({ family, judgement, otherSide }: Row): object {
  const { ok } = judgement;
  return {
    family,
    ok: ok ?? null,
    code: ok === false ? judgement.code : null,
    error: ok === false ? judgement.error : null,
    unknown: ok === undefined ? judgement.reason : null,
    otherSide: otherSide ?? null,
  };
}
