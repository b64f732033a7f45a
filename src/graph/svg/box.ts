/** A box: an outline that tells its kind, its sign, its words. */
import { escaped, printable } from '../../base/index.ts';
import { KIND_WORDS, SIGNS } from '../boxes.ts';
import type { Box } from '../picture.ts';
import { columnsOf, shortened, wrapped } from '../wrap.ts';
import type { Placed, Sized } from './types.ts';
import { at } from './number.ts';
import { SIZE, widthOf } from './style.ts';

const TITLE_COLUMNS = 30;
const TEXT_COLUMNS = 34;
/** Of one text; the whole of it is what the pointer shows. */
const TEXT_LINES = 3;
const PAD = { x: 12, y: 8 } as const;
const LINE = { kind: 13, title: 17, text: 15 } as const;
/** How far the boxes of a fold stand out behind it. */
const STACK = 4;

/** A box with its words cut to lines. */
export interface Worded extends Sized {
  readonly box: Box;
  readonly kind: string;
  readonly title: string;
  readonly lines: readonly string[];
}

export function worded(box: Box): Worded {
  const title = shortened(printable(box.title), TITLE_COLUMNS);
  const kind = `${SIGNS[box.state]} ${KIND_WORDS[box.kind].toUpperCase()}`;
  const lines = box.texts.flatMap((text) => wrapped(printable(text), TEXT_COLUMNS, TEXT_LINES));
  const wide = Math.max(
    // A sign may come from a wider font.
    widthOf(columnsOf(kind) + 2, SIZE.kind),
    widthOf(columnsOf(title), SIZE.title),
    ...lines.map((line) => widthOf(columnsOf(line), SIZE.text)),
  );
  const stack = box.count > 1 ? 2 * STACK : 0;
  return {
    id: box.id,
    box,
    kind,
    title,
    lines,
    width: wide + 2 * PAD.x + stack,
    height: LINE.kind + LINE.title + lines.length * LINE.text + 2 * PAD.y + stack,
  };
}

export function boxText({ box, kind, title, lines, width, height }: Worded, { x, y }: Placed): string {
  const stack = box.count > 1 ? 2 * STACK : 0;
  const [left, top] = [x - width / 2, y - height / 2 + stack];
  const [w, h] = [width - stack, height - stack];
  const behind = stack > 0 ? [2 * STACK, STACK] : [];
  const outline = (by: number) =>
    `<path class="box s-${box.state}" d="${OUTLINES[box.kind](left + by, top - by, w, h)}"${box.state === 'unknown' ? ' stroke-dasharray="4 3"' : box.state === 'ok' ? '' : ' stroke-width="2.5"'}/>`;
  const base = top + PAD.y;
  const words = [
    `<text class="f-${box.state}" font-size="${SIZE.kind}" x="${at(left + PAD.x)}" y="${at(base + 9)}">${escaped(kind)}</text>`,
    `<text class="ink" font-size="${SIZE.title}" font-weight="bold" x="${at(left + PAD.x)}" y="${at(base + LINE.kind + 12)}">${escaped(title)}</text>`,
    ...lines.map(
      (line, i) =>
        `<text class="dim" font-size="${SIZE.text}" x="${at(left + PAD.x)}" y="${at(base + LINE.kind + LINE.title + 11 + i * LINE.text)}">${escaped(line)}</text>`,
    ),
  ];
  const whole = [box.kind, box.title, ...box.texts].join(' · ');
  return `<g class="node">\n<title>${escaped(whole)}</title>\n${[...behind, 0].map(outline).join('')}\n${words.join('\n')}\n</g>\n`;
}

type Outline = (x: number, y: number, width: number, height: number) => string;

const CUT = 9;

/** An authority has cut ends, a certificate a folded corner, a client round ends, an endpoint two plugs. */
const OUTLINES: Readonly<Record<Box['kind'], Outline>> = {
  authority: (x, y, w, h) =>
    `M${at(x + CUT)} ${at(y)}H${at(x + w - CUT)}L${at(x + w)} ${at(y + CUT)}V${at(y + h - CUT)}L${at(x + w - CUT)} ${at(y + h)}H${at(x + CUT)}L${at(x)} ${at(y + h - CUT)}V${at(y + CUT)}Z`,
  certificate: (x, y, w, h) =>
    `M${at(x)} ${at(y)}H${at(x + w - CUT)}L${at(x + w)} ${at(y + CUT)}V${at(y + h)}H${at(x)}ZM${at(x + w - CUT)} ${at(y)}V${at(y + CUT)}H${at(x + w)}`,
  client: (x, y, w, h) =>
    `M${at(x + 12)} ${at(y)}H${at(x + w - 12)}a12 12 0 0 1 12 12V${at(y + h - 12)}a12 12 0 0 1 -12 12H${at(x + 12)}a12 12 0 0 1 -12 -12V${at(y + 12)}a12 12 0 0 1 12 -12Z`,
  endpoint: (x, y, w, h) =>
    `M${at(x)} ${at(y)}H${at(x + w)}V${at(y + h)}H${at(x)}ZM${at(x)} ${at(y + 8)}h5v5h-5M${at(x)} ${at(y + h - 13)}h5v5h-5`,
};
