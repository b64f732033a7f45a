/** For Mermaid, which GitHub, GitLab and many editors draw where a page has it. */
import { printable } from '../base/index.ts';
import { SIGNS } from './boxes.ts';
import type { Box, Drawing, Line } from './picture.ts';
import { wrapped } from './wrap.ts';

const COLUMNS = 36;
const LINES = 3;

/** Mermaid draws no more (its defaults, maxEdges and maxTextSize), and says so in place of the picture. */
export const MERMAID_LIMITS = { lines: 500, characters: 50_000 } as const;

const SHAPES = {
  authority: ['{{"', '"}}'],
  certificate: ['["', '"]'],
  client: ['(["', '"])'],
  endpoint: ['[["', '"]]'],
} as const;

const ARROWS = { signs: '-->', presents: '---', trusts: '-.-', dials: '==>' } as const;

/** Strokes only: the fill is that of the page's own theme, light or dark. */
const CLASSES = `  classDef refused stroke:#d1242f,stroke-width:4px
  classDef partly stroke:#bf8700,stroke-width:3px
  classDef unknown stroke-dasharray:5 4
`;

export function graphMermaid({ title, summary, boxes, lines }: Drawing): string {
  const refused = lines.flatMap(({ state }, i) => (state === 'refused' ? [i] : []));
  return `%% kubetls graph
flowchart LR
  accTitle: ${encoded(title)}
  accDescr: ${encoded(summary)}
${boxes.map(boxText).join('')}${lines.map(lineText).join('')}${CLASSES}${
  refused.length > 0 ? `  linkStyle ${refused.join(',')} stroke:#d1242f,stroke-width:3px\n` : ''
}`;
}

function boxText({ id, kind, state, title, texts }: Box): string {
  const [open, close] = SHAPES[kind];
  const label = [`${SIGNS[state]} ${printable(title)}`, ...texts.map(printable)]
    .flatMap((text) => wrapped(text, COLUMNS, LINES))
    .map(encoded)
    .join('<br/>');
  return `  ${id}${open}${label}${close}${state === 'ok' ? '' : `:::${state}`}\n`;
}

function lineText(line: Line): string {
  const { from, to, kind, unverified, state } = line;
  const loose = kind === 'dials' && state !== 'refused' && (unverified || state === 'unknown');
  const label = labelOf(line);
  return `  ${from} ${loose ? '-.->' : ARROWS[kind]}${label === '' ? '' : `|"${label}"|`} ${to}\n`;
}

function labelOf({ kind, state, count, error, unverified }: Line): string {
  if (kind === 'trusts') return 'trusted by';
  if (kind !== 'dials') return '';
  const head = [SIGNS[state], ...(count > 1 ? [String(count)] : []), ...(unverified ? ['unverified'] : [])];
  const lines = error === undefined ? [] : wrapped(printable(error), COLUMNS, LINES);
  return [head.join(' '), ...lines].map(encoded).join('<br/>');
}

/**
 * Only letters, digits, our own signs, and a few others inside of words stand for themselves: everything else may
 * be a quote, a bracket, Markdown, HTML or a directive to Mermaid, and is written as its code. Formulas ($$),
 * icons (fa:fa-ban) and its own marks for codes (ﬂ°, ¶ß) it looks for behind the codes: these are kept apart by a
 * word joiner, which nobody sees.
 */
function encoded(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/\$(?=\$)|:(?=fa-)|\ufb02(?=\u00b0)|\u00b6(?=\u00df)/g, '$&\u2060')
    .replace(
      /((?<=[\p{L}\p{N}])[.:@/-](?=[\p{L}\p{N}]))|[^\p{L}\p{N} \u2713\u2717\u00d7\u00b7\u2026\u2192]/gu,
      (sign, kept?: string) => kept ?? `#${sign.codePointAt(0)};`,
    );
}
