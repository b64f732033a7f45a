/** For Graphviz: `dot -Tsvg`. Every text stands between quotes, so that none is an HTML label. */
import { printable } from '../base/index.ts';
import { SIGNS } from './boxes.ts';
import type { Box, Drawing, Line } from './picture.ts';
import { wrapped } from './wrap.ts';

const HEAD_COLUMNS = 100;
const COLUMNS = 36;
const LINES = 3;
/** What a line says of a refusal; the rest is in its tooltip. */
const ERROR_LINES = 3;

const SHAPES = {
  authority: 'shape=hexagon, style=bold',
  certificate: 'shape=note',
  client: 'shape=box, style=rounded',
  endpoint: 'shape=component',
} as const;

const COLORS = { ok: '#1a7f37', partly: '#7a5200', refused: '#b3261e', unknown: '#57606a' } as const;

export function graphDot({ title, summary, boxes, lines }: Drawing): string {
  return `// kubetls graph
digraph trust {
  graph [rankdir=LR, charset="UTF-8", fontname="monospace", labelloc=t, nodesep=0.2, ranksep=1.2,
    label=${quoted([...wrapped(printable(title), HEAD_COLUMNS, 2), summary])}]
  node [fontname="monospace", fontsize=11, margin="0.15,0.08"]
  edge [fontname="monospace", fontsize=10]
${boxes.map(boxText).join('')}${lines.map(lineText).join('')}}
`;
}

function boxText({ id, kind, state, title, texts }: Box): string {
  const label = [
    ...wrapped(`${SIGNS[state]} ${printable(title)}`, COLUMNS, LINES),
    ...texts.flatMap((text) => wrapped(printable(text), COLUMNS, LINES)),
  ];
  const tooltip = [kind, title, ...texts];
  return `  ${id} [${SHAPES[kind]}, color="${COLORS[state]}", label=${quoted(label)}, tooltip=${quoted(tooltip)}]\n`;
}

const PLAIN = {
  signs: 'color="#57606a", penwidth=1.5',
  presents: 'color="#57606a", arrowhead=none',
  trusts: 'color="#57606a", style=dotted, arrowhead=none, constraint=false',
} as const;

function lineText(line: Line): string {
  const { from, to, kind } = line;
  const look = kind === 'dials' ? dialText(line) : PLAIN[kind];
  return `  ${from} -> ${to} [${look}]\n`;
}

function dialText({ state, count, unverified, error }: Line): string {
  const label = [
    `${SIGNS[state]}${count > 1 ? ` ${count}` : ''}`,
    ...(error === undefined ? [] : wrapped(printable(error), COLUMNS, ERROR_LINES)),
  ];
  const style = state === 'refused' ? 'bold' : unverified || state === 'unknown' ? 'dashed' : 'solid';
  const tooltip = error === undefined ? '' : `, tooltip=${quoted([error])}`;
  return `color="${COLORS[state]}", fontcolor="${COLORS[state]}", style=${style}, label=${quoted(label)}${tooltip}`;
}

/**
 * A quoted string of the DOT language: nothing in it ends it, is an escape such as \N, or an entity, which
 * Graphviz resolves in every label.
 */
function quoted(lines: readonly string[]): string {
  const inner = lines.map((line) =>
    printable(line)
      .replaceAll('\\', '\\\\')
      .replaceAll('"', '\\"')
      .replaceAll('&', '&amp;')
      // No characters of XML, which Graphviz writes.
      .replace(/[\ufffe\uffff]/g, '\ufffd'),
  );
  return `"${inner.join('\\n')}"`;
}
