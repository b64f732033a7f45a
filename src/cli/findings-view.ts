/** Findings for people: the worst first, each with its place and what can be done. */
import type { Finding, Severity } from '../audit/index.ts';
import { renderWhere } from '../base/index.ts';
import type { Console } from './console.ts';
import { printLine } from './inspect/lines.ts';
import { plural, printable } from './text.ts';

export function findingsSummary(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const count = (wanted: Severity) => findings.filter(({ severity }) => severity === wanted).length;
  return { error: count('error'), warning: count('warning'), info: count('info') };
}

export function printFindings(console: Console, findings: readonly Finding[], looked: string): void {
  const { colors, symbols } = console;
  const heads: Readonly<Record<Severity, string>> = {
    error: colors.red(`${symbols.failed} error`),
    warning: colors.yellow('! warning'),
    info: colors.dim('- info'),
  };
  for (const { id, severity, where, message, remedy } of findings) {
    console.print(`${heads[severity]}: ${colors.bold(id)}`);
    printLine(console, ['what', printable(message)]);
    printLine(console, ['where', printable(renderWhere(where))]);
    printLine(console, ['remedy', printable(remedy)]);
    console.print();
  }
  const { error, warning, info } = findingsSummary(findings);
  const counts = [plural(error, 'error'), plural(warning, 'warning'), plural(info, 'note')].join(', ');
  const verdict = findings.length === 0 ? `${colors.green(symbols.ok)} Nothing is wrong in` : `${counts} in`;
  console.print(`${verdict} ${printable(looked)}.`);
}
