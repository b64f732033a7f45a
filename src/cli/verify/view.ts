/** A verdict on a chain, for people: yes or no, the chain drawn, and how near a no was to a yes. */
import { toRfc3339 } from '../../base/index.ts';
import type { Chain } from '../../verify/index.ts';
import { type Certificate, nameText } from '../../x509/index.ts';
import type { Console } from '../console.ts';
import { type Line, printLine } from '../inspect/lines.ts';
import { type Column, renderTable } from '../table.ts';
import { plural, printable, relative } from '../text.ts';
import { handshakeWords } from './handshake.ts';
import { called, nearMissText } from './near-miss-text.ts';
import { chainEnd, type Report } from './report.ts';

const columns: readonly Column[] = [
  { title: 'CHAIN', flexible: true },
  { title: 'ROLE' },
  { title: 'KEY' },
  { title: 'FROM', flexible: true },
  { title: 'VALID' },
];

/** Chains and near misses that are shown; -v shows all. */
const SHOWN = 3;

export function printReport(console: Console, report: Report): void {
  const { colors, symbols } = console;
  const { asked, error, chains, broken } = report;
  const verdict =
    error === undefined ? colors.green(`${symbols.ok} verified`) : colors.red(`${symbols.failed} refused`);
  console.print(`${verdict}  ${colors.bold(printable(asked.source))}`);
  if (error !== undefined) printLine(console, ['Go says', colors.red(printable(error))]);
  const handshake = handshakeWords(report);
  if (handshake) {
    printLine(console, ['client says', printable(handshake.client)]);
    printLine(console, ['server says', printable(handshake.server)]);
  }
  if (broken) printLine(console, ['broken', printable(`${broken.source}: ${broken.detail}`)]);
  printLine(console, ['asked', printable(questionText(report))]);
  const shown = error === undefined ? limited(console, chains) : [report.closest];
  for (const [i, chain] of shown.entries()) {
    if (chain.length === 0) continue;
    console.print();
    if (chains.length > 1) console.print(`Chain ${i + 1} of ${chains.length}`);
    printChain(console, report, chain);
  }
  const lines = error === undefined ? endLines(report) : missLines(console, report);
  if (lines.length > 0) console.print();
  for (const line of lines) printLine(console, line);
}

function limited<T>({ verbose }: Console, all: readonly T[]): readonly T[] {
  return verbose ? all : all.slice(0, SHOWN);
}

const USAGES = { server: 'as a TLS server', client: 'as a TLS client', any: 'for any usage' } as const;

function questionText({ asked, usage, because }: Report): string {
  const why = because === undefined ? '' : ` (${because})`;
  const name = asked.name === undefined ? '' : ` under the name ${asked.name}`;
  const by = asked.release === undefined ? '' : `, by Kubernetes ${asked.release.version}`;
  return `${USAGES[usage]}${why}${name}, as of ${toRfc3339(asked.at)}${by}`;
}

function printChain(console: Console, report: Report, chain: Chain): void {
  const { error, anchored, asked, sources } = report;
  const rooted = error === undefined || anchored;
  const rows = chain.map((certificate, i) => [
    `${indent(console, i)}${printable(called(certificate))}`,
    role(report, chain, i),
    certificate.publicKey.name,
    printable(sources.get(certificate) ?? ''),
    validity(console, certificate, asked.at),
  ]);
  if (!rooted && report.misses.some(({ kind }) => MISSING.has(kind))) {
    rows.push([`${indent(console, chain.length)}${missingIssuer(chain.at(-1)!)}`, 'missing']);
  }
  const [head = '', ...lines] = renderTable(columns, rows, console.width, console.symbols.more);
  console.print(console.colors.dim(head));
  for (const line of lines) console.print(line);
}

/** Near misses after which the next certificate is not there. */
const MISSING: ReadonlySet<string> = new Set([
  'missing-issuer',
  'other-key',
  'other-name',
  'elsewhere',
  'cannot-sign',
]);

function indent({ symbols }: Console, depth: number): string {
  return depth === 0 ? '' : `${'  '.repeat(depth - 1)}${symbols.branch} signed by `;
}

function missingIssuer({ issuer }: Certificate): string {
  return printable(nameText(issuer)) || '(empty name)';
}

function role({ error, anchored, misses }: Report, chain: Chain, i: number): string {
  const last = i === chain.length - 1;
  const rooted = error === undefined || anchored;
  if (last && misses.some(({ kind }) => kind === 'untrusted-root'))
    return i === 0 ? 'leaf, not trusted' : 'not trusted';
  if (i === 0) return last && rooted ? 'leaf, trusted itself' : 'leaf';
  return last && rooted ? 'root' : 'intermediate';
}

function validity({ colors, verbose }: Console, { notBefore, notAfter }: Certificate, at: number): string {
  const day = (instant: number) => toRfc3339(instant).slice(0, 10);
  if (at > notAfter) return colors.red(`ENDED ${day(notAfter)}, ${relative(notAfter, at)}`);
  if (at < notBefore) return colors.red(`BEGINS ${day(notBefore)}, ${relative(notBefore, at)}`);
  return `${verbose ? `${day(notBefore)} ` : ''}to ${day(notAfter)}, ${relative(notAfter, at)}`;
}

/** Of several chains the one that lasts longest counts: any of them is enough. */
function endLines({ chains, asked }: Report): Line[] {
  const [longest] = chains.map(chainEnd).sort((a, b) => b.notAfter - a.notAfter);
  if (!longest) return [];
  const { notAfter } = longest;
  const end = `${toRfc3339(notAfter)}, ${relative(notAfter, asked.at)}, when ${called(longest)} ends`;
  return [['holds until', printable(end)]];
}

function missLines(console: Console, { misses, asked, sources }: Report): Line[] {
  const placed = (certificate: Certificate) => {
    const source = sources.get(certificate);
    return source === undefined ? called(certificate) : `${called(certificate)} (${source})`;
  };
  const shown = limited(console, misses);
  const lines = shown.flatMap((miss, i): Line[] => {
    const { text, hint } = nearMissText(miss, asked.at, placed);
    return [
      [i === 0 ? 'near miss' : 'also', printable(text)],
      ['try', console.colors.cyan(printable(hint))],
    ];
  });
  if (misses.length > shown.length)
    lines.push(['', `${plural(misses.length - shown.length, 'more problem')} (-v shows all)`]);
  return lines;
}
