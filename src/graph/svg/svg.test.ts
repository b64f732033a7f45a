import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Area, boxesIn, linesIn, sizeOf } from '../../../test/judges/svg-areas.ts';
import { workersGraph } from '../../../test/judges/trust-graphs.ts';
import { type Drawing, DRAWING, drawingOf, graphSvg, type TrustGraph } from '../index.ts';

const unfolded = {
  ...DRAWING,
  most: Number.POSITIVE_INFINITY,
  kinds: new Set([...DRAWING.kinds, 'trusts' as const]),
};

const meet = (one: Area, other: Area) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** What must hold of every picture. */
function expectReadable(svg: string, boxes: number, lines: number): void {
  const page = sizeOf(svg);
  const drawn = boxesIn(svg);
  expect(drawn).toHaveLength(boxes);
  for (const [i, { area, texts }] of drawn.entries()) {
    const isInside = (part: Area) =>
      part.left >= area.left &&
      part.right <= area.right &&
      part.top >= area.top &&
      part.bottom <= area.bottom;
    expect(texts.filter((text) => !isInside(text))).toEqual([]);
    expect(area.left >= 0 && area.top >= 0 && area.right <= page.width && area.bottom <= page.height).toBe(
      true,
    );
    expect(drawn.slice(i + 1).filter((other) => meet(area, other.area))).toEqual([]);
  }
  const wires = linesIn(svg);
  expect(wires).toHaveLength(lines);
  for (const { left, right, top, bottom } of wires)
    expect(left >= 0 && top >= 0 && right <= page.width && bottom <= page.height).toBe(true);
}

describe('an SVG of a trust graph', () => {
  it.each([
    ['nothing', 0, 0],
    ['one worker', 1, 0],
    ['ten', 10, 1],
    ['500, folded', 500, 3],
  ])('%s: no two boxes meet, texts are in their boxes, all is in the picture', (_, workers, bad) => {
    const refused = new Set(Array.from({ length: bad }, (_one, i) => i));
    const drawing = drawingOf(workersGraph({ workers, refused }));
    expectReadable(graphSvg(drawing), drawing.boxes.length, drawing.lines.length);
  });

  it('any size, any names, any lines', () => {
    const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }));
    fc.assert(
      fc.property(
        fc.array(name, { maxLength: 8 }),
        fc.array(fc.nat({ max: 7 })),
        fc.boolean(),
        (names, bad, fold) => {
          const nameOf = (i: number) => `${names[i] ?? 'demo'}${i}`;
          const graph = workersGraph({ workers: names.length, refused: new Set(bad), nameOf });
          const drawing = drawingOf(graph, fold ? DRAWING : unfolded);
          expectReadable(graphSvg(drawing), drawing.boxes.length, drawing.lines.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('any boxes, and lines between any two of them', () => {
    const kind = fc.constantFrom('authority', 'certificate', 'client', 'endpoint');
    const box = fc.record({
      kind,
      text: fc.string({ maxLength: 90 }),
      count: fc.integer({ min: 1, max: 3 }),
    });
    const line = fc.record({
      from: fc.nat(),
      to: fc.nat(),
      kind: fc.constantFrom('signs', 'presents', 'trusts', 'dials'),
      count: fc.integer({ min: 1, max: 2 }),
    });
    fc.assert(
      fc.property(
        fc.array(box, { minLength: 2, maxLength: 25 }),
        fc.array(line, { maxLength: 60 }),
        (boxes, lines) => {
          const nameOf = (i: number) => `n${(i % boxes.length) + 1}`;
          const drawing: Drawing = {
            title: '',
            summary: '',
            refusals: [],
            boxes: boxes.map(({ kind: one, text, count }, i) => {
              return { id: nameOf(i), kind: one, state: 'ok', count, title: text, texts: [text] };
            }),
            lines: lines
              .filter(({ from, to }) => nameOf(from) !== nameOf(to))
              .map((one) => ({
                ...one,
                from: nameOf(one.from),
                to: nameOf(one.to),
                state: 'ok',
                unverified: false,
                refusal: undefined,
                error: undefined,
              })),
          };
          expectReadable(graphSvg(drawing), drawing.boxes.length, drawing.lines.length);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('authorities that certify each other are drawn, too', () => {
    const graph = workersGraph({ workers: 1 });
    const [ca] = graph.nodes;
    const loop: TrustGraph = {
      ...graph,
      nodes: [...graph.nodes, { ...(ca as NonNullable<typeof ca>), id: 'authority:b', name: 'b' }],
      links: [
        ...graph.links,
        { kind: 'signs', from: 'authority:ca', to: 'authority:b' },
        { kind: 'signs', from: 'authority:b', to: 'authority:ca' },
      ],
    };
    const drawing = drawingOf(loop);
    expectReadable(graphSvg(drawing), drawing.boxes.length, drawing.lines.length);
  });

  it('is the same each time', () => {
    const drawing = drawingOf(workersGraph({ workers: 30, refused: new Set([3]) }), unfolded);
    expect(graphSvg(drawing)).toBe(graphSvg(drawing));
  });

  it('stands by itself: no script, no address, a title and a description, light and dark', () => {
    const svg = graphSvg(drawingOf(workersGraph({ workers: 3, refused: new Set([1]) })));
    const addresses = svg.match(/\b(?:https?:|href|src=|@import|<script|<foreignObject|url\((?!#))[^ >]*/g);
    expect(addresses).toEqual(['http://www.w3.org/2000/svg"']);
    expect(svg).toContain('<title id="title">Trust graph of demo</title>');
    expect(svg).toMatch(/<desc id="desc">1 authority .* x509: no “1”<\/desc>/);
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  it('tells what is refused by sign, dashes and number, not by colour alone', () => {
    const svg = graphSvg(drawingOf(workersGraph({ workers: 3, refused: new Set([1]) })));
    expect(svg).toMatch(/<path class="wire s-refused" [^>]*stroke-dasharray/);
    expect(svg).toContain('>✗1</text>');
    expect(svg).toContain('>✗ ENDPOINT</text>');
    expect(svg).toContain('>✗1 kube-apiserver@master → kubelet@worker-1: x509: no “1”</text>');
  });

  it('of 5,000 workers is small, and soon there', () => {
    const refused = new Set(Array.from({ length: 100 }, (_, i) => 50 * i));
    const graph = workersGraph({ workers: 5_000, refused });
    const started = performance.now();
    const svg = graphSvg(drawingOf(graph));
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(svg.length).toBeLessThan(40_000);
  });

  it('too much for a picture is refused, with what to do', () => {
    const drawing = drawingOf(workersGraph({ workers: 500 }), unfolded);
    expect(() => graphSvg(drawing)).toThrow('2004 boxes and');
  });
});
