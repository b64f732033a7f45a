/** Lines and what is behind them, for people: first what each says, then the causes, the likeliest first. */
import { type Instant, toRfc3339 } from '../../base/index.ts';
import {
  type CauseOfLines,
  type Folded,
  type Likelihood,
  type LogSummary,
  type Reading,
  writtenAt,
} from '../../explain/index.ts';
import type { Console } from '../console.ts';
import { printLine } from '../inspect/lines.ts';
import { number, plural, printable } from '../text.ts';

export interface ExplainReport extends LogSummary {
  readonly causes: readonly CauseOfLines[];
  readonly at: Instant;
  /** Whether there is a cluster that the lines were held against. */
  readonly inCluster: boolean;
}

/** Lines that are shown; -v has all. */
const LINES = 12;
/** Causes that are shown; -v has all. */
const CAUSES = 6;
/** Characters of a line that are shown; -v has all. */
const LONGEST = 400;

export function printExplained(console: Console, report: ExplainReport): void {
  const { known, causes, unknown, beyond } = report;
  const { verbose, symbols, colors } = console;
  if (known.length === 0) console.print(`${symbols.unknown} ${nothingKnown(report)}`);
  const most = verbose ? known.length : LINES;
  for (const [place, line] of known.slice(0, most).entries()) printKnown(console, line, place, report);
  const hidden = known.length - most;
  if (hidden > 0) console.print(`${symbols.more} and ${plural(hidden, 'other line')} (-v shows all)`);
  if (beyond > 0)
    console.print(
      `${symbols.more} and ${plural(beyond, 'further line')} that ${beyond === 1 ? 'was' : 'were'} not kept`,
    );
  const likely = causes.filter(({ likelihood }) => verbose || likelihood !== 'unlikely');
  const shown = verbose ? likely : likely.slice(0, CAUSES);
  for (const cause of shown) printCause(console, cause, known.length);
  if (causes.length > shown.length)
    console.print(colors.dim(`(${plural(causes.length - shown.length, 'other cause')}: -v shows all)`));
  if (unknown.count > 0 && known.length > 0)
    console.print(colors.dim(`(${plural(unknown.count, 'line')} speak of TLS and are not known here)`));
  if (unknown.count > 0 && (verbose || known.length === 0))
    for (const sample of unknown.samples) printLine(console, ['', printable(sample)]);
}

function nothingKnown({ lines, unknown }: ExplainReport): string {
  if (lines === 0) return 'Nothing came in: there is no line to explain.';
  if (unknown.count === 0)
    return lines === 1
      ? 'The line says nothing of TLS.'
      : `None of ${plural(lines, 'line')} says anything of TLS.`;
  return unknown.count === 1
    ? 'The line speaks of TLS, and is not one that is known here.'
    : `${plural(unknown.count, 'line')} speak of TLS, and none is known here.`;
}

function printKnown(
  console: Console,
  { reading, count, first }: Folded,
  place: number,
  { known, lines, at }: ExplainReport,
): void {
  const { colors, verbose, symbols } = console;
  const { text, symptom } = reading;
  const cut = verbose || text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}${symbols.more}`;
  const label = known.length > 1 ? `${place + 1}.` : 'line';
  printLine(console, [label, colors.bold(printable(cut))]);
  printLine(console, ['says', symptom.says]);
  printLine(console, ['printed by', symptom.by]);
  const written = writtenText(reading, at);
  if (written !== undefined) printLine(console, ['written', written]);
  if (lines > 1) {
    const times = count === 1 ? 'once' : `${number(count)} times`;
    printLine(console, ['seen', `${times}, first in line ${number(first)}`]);
  }
  console.print();
}

/** Logs without years and zones are read as of the nearest past, and in UTC: that is said. */
function writtenText(reading: Reading, at: Instant): string | undefined {
  const instant = writtenAt(reading, at);
  if (instant === undefined) return undefined;
  const taken =
    reading.written?.kind === 'yearless' ? ' (the line has no year: the last such day, in UTC)' : '';
  return `${toRfc3339(instant)}${taken}`;
}

function printCause(console: Console, cause: CauseOfLines, known: number): void {
  const { colors, verbose } = console;
  const { id, likelihood, title, edge, edges, evidence, remedy, steps, asOf, lines } = cause;
  console.print(`${headOf(console, likelihood)}  ${colors.bold(title)}  ${colors.dim(id)}`);
  if (edge !== undefined) {
    const more = edges.length > 1 ? ` (and ${plural(edges.length - 1, 'more edge')})` : '';
    printLine(console, ['edge', printable(verbose ? edges.join(', ') : `${edge}${more}`)]);
  }
  for (const [i, text] of evidence.entries())
    printLine(console, [i === 0 ? 'evidence' : '', printable(text)]);
  if (asOf !== undefined && evidence.length > 0)
    printLine(console, ['judged', `as of ${toRfc3339(asOf)}, when the line was written`]);
  printLine(console, ['remedy', colors.cyan(printable(remedy))]);
  for (const step of steps) printLine(console, ['', printable(`then ${step}`)]);
  if (known > 1)
    printLine(console, [
      'lines',
      lines
        .slice(0, LINES)
        .map((line) => line + 1)
        .join(', '),
    ]);
  console.print();
}

function headOf({ colors, symbols }: Console, likelihood: Likelihood): string {
  const heads: Readonly<Record<Likelihood, string>> = {
    certain: colors.red(`${symbols.failed} certain `),
    likely: colors.red(`${symbols.failed} likely  `),
    possible: colors.yellow(`${symbols.unknown} possible`),
    unlikely: colors.dim('- unlikely'),
  };
  return heads[likelihood];
}
