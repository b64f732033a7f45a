/** What signs and lines mean. */
import { SIGNS } from '../boxes.ts';
import type { Line } from '../picture.ts';
import { columnsOf } from '../wrap.ts';
import { strokeOf, tipOf } from './line.ts';
import { SIZE, widthOf } from './style.ts';

const SAMPLE = 30;
const GAP = 18;

type Look = Pick<Line, 'kind' | 'state' | 'unverified'>;

const LINES: readonly (readonly [string, Look])[] = [
  ['signs', { kind: 'signs', state: 'ok', unverified: false }],
  ['presents', { kind: 'presents', state: 'ok', unverified: false }],
  ['is trusted by', { kind: 'trusts', state: 'ok', unverified: false }],
  ['dials', { kind: 'dials', state: 'ok', unverified: false }],
  ['dials, one side unverified', { kind: 'dials', state: 'ok', unverified: true }],
  ['refused', { kind: 'dials', state: 'refused', unverified: false }],
];

const WORDS = `${SIGNS.ok} holds · ${SIGNS.partly} some edges refused · ${SIGNS.refused} refused, or not in force · ${SIGNS.unknown} unknown`;

const widthFor = (word: string) => SAMPLE + 6 + widthOf(columnsOf(word), SIZE.text) + GAP;

export const LEGEND = { width: LINES.reduce((sum, [word]) => sum + widthFor(word), 0), height: 40 } as const;

/** @param trusts whether there are such lines */
export function legend(trusts: boolean): string {
  let x = 0;
  const samples = LINES.filter(([, { kind }]) => trusts || kind !== 'trusts').map(([word, look]) => {
    const start = x;
    x += widthFor(word);
    const tip = tipOf(look);
    const color = look.kind === 'dials' ? ` s-${look.state}` : '';
    return `<path class="wire${color}" ${strokeOf(look)} d="M${start} 8H${start + SAMPLE}"${tip}/><text class="dim" font-size="${SIZE.text}" x="${start + SAMPLE + 6}" y="12">${word}</text>`;
  });
  return `${samples.join('\n')}\n<text class="dim" font-size="${SIZE.text}" y="32">${WORDS}</text>`;
}
