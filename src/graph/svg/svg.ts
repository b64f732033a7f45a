/** A picture that needs nothing else: no script, no font, no file. It follows the reader's light or dark. */
import { escaped, KubetlsError, printable } from '../../base/index.ts';
import type { GraphCode } from '../types.ts';
import type { Drawing, Refusal } from '../picture.ts';
import { wrapped } from '../wrap.ts';
import { boxText, worded } from './box.ts';
import { layOut } from './layout.ts';
import { legend, LEGEND } from './legend.ts';
import { joined, lineText } from './line.ts';
import { at } from './number.ts';
import { FONT, SIZE, STYLE, widthOf } from './style.ts';

const MARGIN = 20;
/** Some ten seconds of layout, which takes four times as long for twice as much. Nobody reads so large a picture. */
const MOST = { boxes: 800, lines: 2_000 } as const;
/** Room for the head, whatever is below it. */
const LEAST_WIDTH = 620;
const LINE = 16;
/** Reasons that are written out; each has a number on its line. */
const REASONS = 24;
const REASON_LINES = 4;

/** @throws KubetlsError `graph/too-large` */
export function graphSvg(drawing: Drawing): string {
  const { title, summary, boxes, lines, refusals } = drawing;
  if (boxes.length > MOST.boxes || lines.length > MOST.lines) throw tooLarge(boxes.length, lines.length);
  const words = boxes.map(worded);
  const { routes, boxes: placed, ...inner } = layOut(words, lines.map(joined));
  const width = Math.max(inner.width, LEAST_WIDTH, LEGEND.width);
  const columns = Math.floor(width / widthOf(1, SIZE.text));
  const head = [
    ...wrapped(printable(title), Math.floor(width / widthOf(1, SIZE.head)), 2),
    ...wrapped(printable(summary), columns, 4),
  ];
  const top = 30 + head.length * LINE;
  const reasons = reasonLines(refusals, columns);
  const below = top + inner.height + 24;
  const height = below + LEGEND.height + (reasons.length > 0 ? 12 + reasons.length * LINE : 0);
  const total = [width + 2 * MARGIN, height + 2 * MARGIN].map(Math.ceil);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total.join(' ')}" width="${total[0]}" height="${total[1]}" role="img" aria-labelledby="title desc" font-family="${FONT}">
<!-- kubetls graph -->
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped([summary, ...refusals.slice(0, REASONS).map(reasonText)].join(' '))}</desc>
<style>${STYLE}</style>
<defs>${TIPS}</defs>
<rect class="paper" width="100%" height="100%"/>
<g class="page" transform="translate(${MARGIN} ${MARGIN})">
${head.map((line, i) => headText(line, i)).join('\n')}
<g class="drawing" transform="translate(${at((width - inner.width) / 2)} ${top})">
${lines.map((line, i) => lineText(line, routes[i] ?? { points: [], label: undefined })).join('')}${words.map((word, i) => boxText(word, placed[i] ?? { ...word, x: 0, y: 0 })).join('')}</g>
${boxes.length === 0 ? `<text class="dim" font-size="${SIZE.text}" y="${top}">Nothing to draw.</text>\n` : ''}<g class="legend" transform="translate(0 ${at(below)})">
${legend(lines.some(({ kind }) => kind === 'trusts'))}
${reasons.map((line, i) => `<text class="ink" font-size="${SIZE.text}" y="${LEGEND.height + 12 + i * LINE}">${escaped(line)}</text>`).join('\n')}
</g>
</g>
</svg>
`;
}

function tooLarge(boxes: number, lines: number): KubetlsError<GraphCode> {
  return new KubetlsError({
    code: 'graph/too-large',
    message: `${boxes} boxes and ${lines} lines are more than a picture of ${MOST.boxes} and ${MOST.lines} holds`,
    hint: 'fold them, draw fewer edges, or leave the layout to another program: DOT',
  });
}

function headText(line: string, i: number): string {
  const first = i === 0;
  return `<text class="${first ? 'ink' : 'dim'}" font-size="${first ? SIZE.head : SIZE.text}"${first ? ' font-weight="bold"' : ''} y="${14 + i * LINE + (first ? 0 : 6)}">${escaped(line)}</text>`;
}

function reasonText({ number, count, who, error }: Refusal): string {
  return `✗${number} ${who}${count > 1 ? ` and ${count - 1} more` : ''}: ${error}`;
}

/** White space at the beginning of a text is not drawn; this is no white space to SVG. */
const INDENT = '\u00a0'.repeat(4);

function reasonLines(refusals: readonly Refusal[], columns: number): string[] {
  const lines = refusals
    .slice(0, REASONS)
    .flatMap((refusal) =>
      wrapped(printable(reasonText(refusal)), columns - 4, REASON_LINES).map((line, i) =>
        i === 0 ? line : `${INDENT}${line}`,
      ),
    );
  const more = refusals.length - REASONS;
  return more > 0 ? [...lines, `and ${more} more reasons: -o json has all`] : lines;
}

/** Arrow heads, one for each colour: a marker does not take the colour of its line everywhere. */
const TIPS = (['plain', 'ok', 'refused', 'unknown'] as const)
  .map(
    (name) =>
      `<marker id="${name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="${name === 'plain' ? 'tip' : `f-${name}`}" d="M0 1L10 5L0 9Z"/></marker>`,
  )
  .join('');
