/** Lines that certificates and requests share. */
import {
  type Certificate,
  type CertificateRequest,
  type GeneralName,
  generalNameText,
  signatureAlgorithmName,
} from '../../x509/index.ts';
import type { Console } from '../console.ts';
import { displayWidth } from '../table.ts';
import { plural, printable } from '../text.ts';

/** Label and text; the text has been made printable. */
export type Line = readonly [label: string, text: string];

/** Names that are shown one by one; -v shows all. */
const SHOWN = 24;

/** In order, as openssl words them. */
export function names({ verbose, symbols }: Console, list: readonly GeneralName[], label = 'names'): Line[] {
  const shown = verbose ? list : list.slice(0, SHOWN);
  const more = list.length - shown.length;
  const texts = shown.map((name) => printable(generalNameText(name)));
  if (more > 0) texts.push(`${symbols.more} and ${plural(more, 'more name')} (-v shows all)`);
  return [[label, texts.join(', ') || '(none)']];
}

export function keyText({
  publicKey,
  signatureAlgorithm,
  signatureParameters,
}: Certificate | CertificateRequest): string {
  return `${publicKey.name}, signed with ${signatureAlgorithmName(signatureAlgorithm, signatureParameters)}`;
}

const LABEL = 12;
/** A terminal narrower than that gets lines that it breaks itself. */
const NARROWEST = 40;

/** A text that is too long for the terminal goes on below itself. */
export function printLine(console: Console, [label, text]: Line): void {
  const room = Math.max(NARROWEST, console.width) - LABEL - 3;
  const rows: string[] = [];
  for (const word of text.split(' ')) {
    const last = rows.at(-1);
    if (last !== undefined && displayWidth(`${last} ${word}`) <= room)
      rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word);
  }
  for (const [i, row] of rows.entries())
    console.print(`  ${(i === 0 ? label : '').padEnd(LABEL)} ${row}`.trimEnd());
}
