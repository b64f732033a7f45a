/** Findings for people: one block a check, the worst first, what can be done below each. */
import type { Severity } from '../../audit/index.ts';
import { toRfc3339 } from '../../base/index.ts';
import type { Console } from '../console.ts';
import { findingsSummary } from '../findings-view.ts';
import { printLine } from '../inspect/lines.ts';
import { number, plural, printable } from '../text.ts';
import { type Block, blocksOf, type CheckReport, remediesOf, whereText } from './report.ts';

/** Places that a block shows; -v has all. */
const SHOWN = 3;

export function printCheck(console: Console, report: CheckReport): void {
  const { findings, excepted } = report;
  const blocks = blocksOf(findings);
  const notes = console.verbose ? [] : blocks.filter(({ severity }) => severity === 'info');
  for (const block of blocks) if (!notes.includes(block)) printBlock(console, report, block);
  if (notes.length > 0) printNotes(console, notes);
  if (excepted.length > 0 && console.verbose) printExcepted(console, report);
  console.print(summaryLine(console, report));
}

function heads({ colors, symbols }: Console): Readonly<Record<Severity, string>> {
  return {
    error: colors.red(`${symbols.failed} error  `),
    warning: colors.yellow('! warning'),
    info: colors.dim('- note   '),
  };
}

function printBlock(console: Console, { shown }: CheckReport, block: Block): void {
  const { colors, symbols, verbose } = console;
  const { severity, findings } = block;
  const [{ id, title }] = findings;
  console.print(`${heads(console)[severity]}  ${colors.bold(title)}  ${colors.dim(id)}`);
  const most = verbose ? findings.length : SHOWN;
  for (const [i, finding] of findings.slice(0, most).entries()) {
    const { evidence, places } = finding;
    const more = places.length > 1 ? ` (and ${plural(places.length - 1, 'more place')})` : '';
    const all = verbose ? places.map(shown).join(', ') : `${whereText(finding, shown)}${more}`;
    printLine(console, [i === 0 ? 'where' : '', `${colors.cyan(printable(all))}: ${printable(evidence)}`]);
  }
  if (findings.length > most) {
    printLine(console, ['', `${symbols.more} and ${number(findings.length - most)} more (-v shows all)`]);
  }
  for (const remedy of remediesOf(block)) printLine(console, ['remedy', printable(remedy)]);
  console.print();
}

/** What nobody must do anything about: a line for each check. */
function printNotes(console: Console, notes: readonly Block[]): void {
  for (const { findings } of notes) {
    const [{ id, title }] = findings;
    const count = findings.length > 1 ? ` (${number(findings.length)} times)` : '';
    console.print(`${heads(console).info}  ${title}${count}  ${console.colors.dim(id)}`);
  }
  console.print();
}

function printExcepted(console: Console, { excepted, shown }: CheckReport): void {
  for (const { finding, exception } of excepted) {
    const until = toRfc3339(exception.until).slice(0, 10);
    const text = `${finding.id} at ${whereText(finding, shown)}: ${exception.reason} (until ${until})`;
    printLine(console, ['excepted', printable(text)]);
  }
  console.print();
}

function summaryLine({ colors, symbols }: Console, report: CheckReport): string {
  const { findings, excepted, certificates, checks, edges, looked } = report;
  const { error, warning, info } = findingsSummary(findings);
  const judged = edges === undefined ? '' : ` and ${plural(edges, 'edge')}`;
  const over = `${plural(checks, 'check')} over ${plural(certificates, 'certificate')}${judged} in ${printable(looked)}`;
  const kept = excepted.length > 0 ? `, ${number(excepted.length)} excepted` : '';
  const blind = report.unseen.length > 0 ? `; not seen: ${printable(report.unseen.join(', '))}` : '';
  if (error + warning === 0) {
    const notes = info === 0 ? '' : ` (${plural(info, 'note')})`;
    const verdict =
      report.unseen.length > 0
        ? colors.yellow(`${symbols.unknown} Nothing is wrong in what was seen`)
        : colors.green(`${symbols.ok} Nothing is wrong`);
    return `${verdict}${notes}${kept}: ${over}${blind}.`;
  }
  const counts = [
    error > 0 ? colors.red(plural(error, 'error')) : plural(error, 'error'),
    warning > 0 ? colors.yellow(plural(warning, 'warning')) : plural(warning, 'warning'),
    plural(info, 'note'),
  ];
  return `${counts.join(', ')}${kept}: ${over}${blind}.`;
}
