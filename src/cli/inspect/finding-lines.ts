/** What the room `lint` has found, below what it was found in. */
import type { LintFinding } from '../../lint/index.ts';
import type { Console } from '../console.ts';
import { plural, printable } from '../text.ts';
import type { Line } from './lines.ts';

/** Findings that are shown one by one; -v shows all. */
const SHOWN = 6;

const SEVERITIES = ['error', 'warning', 'info'] as const;

/**
 * A line each, the worst first. Notes are counted only: every certificate of a cluster may have the same. With -v
 * each says why, and where the rule stands.
 */
export function findingLines(console: Console, findings: readonly LintFinding[]): Line[] {
  const { verbose, symbols } = console;
  const sorted = SEVERITIES.flatMap((severity) => findings.filter((one) => one.severity === severity));
  if (verbose) return sorted.flatMap((finding) => [lineOf(console, finding), ...reasons(finding)]);
  const shown = sorted.filter(({ severity }) => severity !== 'info').slice(0, SHOWN);
  const more = sorted.length - shown.length;
  const lines = shown.map((finding) => lineOf(console, finding));
  if (more === 0) return lines;
  const rest = shown.length === 0 ? plural(more, 'note') : `and ${plural(more, 'more finding')}`;
  return [...lines, ['', `${symbols.more} ${rest} (-v shows all)`]];
}

function lineOf({ colors }: Console, { severity, title, evidence }: LintFinding): Line {
  const text = evidence === '' ? title : `${title}: ${printable(evidence)}`;
  const colored = { error: colors.red, warning: colors.yellow, info: colors.dim }[severity](text);
  return [severity === 'info' ? 'note' : severity, colored];
}

function reasons({ id, why, source }: LintFinding): Line[] {
  return [
    ['', why],
    ['', `${id}; ${source}`],
  ];
}
