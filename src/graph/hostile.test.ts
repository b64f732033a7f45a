/** Names from outside, in every form: nothing of them is read as anything but a name. What programs say: test/real/graph-judges.test.ts. */
import { describe, expect, it } from 'vitest';
import { HOSTILE, workersGraph } from '../../test/judges/trust-graphs.ts';
import { DRAWING, drawingOf, graphDot, graphJson, graphMermaid, graphSvg } from './index.ts';

const unfolded = {
  ...DRAWING,
  most: Number.POSITIVE_INFINITY,
  kinds: new Set([...DRAWING.kinds, 'trusts' as const]),
};

/** Every place in which a text can be holds this one. */
function graphNamed(text: string) {
  return workersGraph({
    workers: 2,
    refused: new Set([1]),
    error: text,
    nameOf: (i) => (i < 0 ? text : `${text}${i}`),
  });
}

it('a name of a megabyte makes no picture of one', () => {
  const graph = graphNamed(`${'x'.repeat(500_000)} ${'"-T1'.repeat(125_000)}`);
  const drawing = drawingOf(graph, unfolded);
  for (const text of [graphSvg(drawing), graphMermaid(drawing), graphDot(drawing)])
    expect(text.length).toBeLessThan(100_000);
});

const CONTROL = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|[\ufffe\uffff]/u;

describe.each(HOSTILE)('%j', (text) => {
  const graph = graphNamed(text);
  const drawing = drawingOf(graph, unfolded);

  it('in SVG is text', () => {
    const svg = graphSvg(drawing);
    expect(svg).not.toMatch(CONTROL);
    const tags = new Set(Array.from(svg.matchAll(/<\/?([\w!?-]+)/g), ([, tag]) => tag));
    const known = ['!--', 'defs', 'desc', 'g', 'marker', 'path', 'rect', 'style', 'svg', 'text', 'title'];
    expect([...tags].filter((tag) => !known.includes(tag ?? ''))).toEqual([]);
    expect(svg.match(/&(?!(?:amp|lt|gt|quot|#39);)/)).toBeNull();
    expect(svg.match(/ on\w+=["']/)).toBeNull();
  });

  it('in Mermaid is a label', () => {
    const lines = graphMermaid(drawing).trimEnd().split('\n');
    const label = '"(?:[\\p{L}\\p{N} .:@/✓✗×·…→-]|#\\d+;|<br/>)*"';
    const grammar = new RegExp(
      [
        '%% kubetls graph',
        'flowchart LR',
        '  acc(?:Title|Descr): (?:[\\p{L}\\p{N} .:@/✓✗×·…→-]|#\\d+;)*',
        `  n\\d+(?:\\{\\{${label}\\}\\}|\\[${label}\\]|\\(\\[${label}\\]\\)|\\[\\[${label}\\]\\])(?::::\\w+)?`,
        `  n\\d+ (?:-->|---|-\\.->?|==>)(?:\\|${label}\\|)? n\\d+`,
        '  classDef \\w+ [\\w:#, -]+',
        '  linkStyle [\\d,]+ [\\w:#,-]+',
      ]
        .map((line) => `^${line}$`)
        .join('|'),
      'u',
    );
    expect(lines.filter((line) => !grammar.test(line))).toEqual([]);
  });

  it('in DOT is a quoted string', () => {
    const value = '(?:"(?:[^"\\\\]|\\\\[\\\\"n])*"|[\\w.]+)';
    const attributes = `\\[\\w+=${value}(?:,\\s+\\w+=${value})*\\]`;
    const statement = new RegExp(`^  (?:graph|node|edge|n\\d+(?: -> n\\d+)?) ${attributes}$`, 'u');
    const [, body = ''] = /^\/\/ kubetls graph\ndigraph trust \{\n([^]*)\}\n$/.exec(graphDot(drawing)) ?? [];
    const statements = body
      .replace(/,\n {4}/g, ', ')
      .trimEnd()
      .split('\n');
    expect(statements.length).toBe(3 + drawing.boxes.length + drawing.lines.length);
    expect(statements.filter((line) => !statement.test(line))).toEqual([]);
    expect(body).not.toMatch(CONTROL);
  });

  it('in JSON is itself', () => {
    const { links } = JSON.parse(JSON.stringify(graphJson(graph))) as { links: { error: string | null }[] };
    expect(links.map(({ error }) => error)).toContain(JSON.parse(JSON.stringify(text)));
  });
});
