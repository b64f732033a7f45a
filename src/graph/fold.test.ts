import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authority, certificate, workersGraph } from '../../test/judges/trust-graphs.ts';
import { DRAWING, drawingOf, type Drawing, type TrustGraph } from './index.ts';

const titles = ({ boxes }: Drawing) => boxes.map(({ title }) => title);
const unfolded = { ...DRAWING, most: Number.POSITIVE_INFINITY };

describe('folding', () => {
  it('few are drawn one by one', () => {
    const graph = workersGraph({ workers: 2 });
    expect(titles(drawingOf(graph)).toSorted()).toEqual(graph.nodes.map(({ name }) => name).toSorted());
  });

  it('of 500 workers the two that are refused keep their boxes, with their certificates and reasons', () => {
    const drawing = drawingOf(workersGraph({ workers: 500, refused: new Set([7, 123]) }));
    expect(titles(drawing)).toEqual([
      'ca',
      'kube-apiserver@master',
      'kube-apiserver',
      'kube-apiserver@master',
      'kubelet server × 498',
      'server worker-7',
      'server worker-123',
      'kubelet client × 500',
      'kubelet × 498',
      'kubelet@worker-7',
      'kubelet@worker-123',
      'kubelet × 500',
    ]);
    expect(drawing.lines.filter(({ state }) => state === 'refused')).toHaveLength(2);
    expect(drawing.refusals).toEqual([
      { number: 1, count: 2, who: 'kube-apiserver@master → kubelet@worker-7', error: 'x509: no “7”' },
    ]);
    expect(drawing.summary).toContain('1000 edges: 998 ok, 2 refused');
  });

  it('many that are refused are one box, which names some and says why', () => {
    const refused = new Set(Array.from({ length: 400 }, (_, i) => i));
    const drawing = drawingOf(workersGraph({ workers: 500, refused }));
    const box = drawing.boxes.find(({ kind, state }) => kind === 'endpoint' && state === 'refused');
    expect(box).toMatchObject({ title: 'kubelet × 400', count: 400 });
    expect(box?.texts.join(' ')).toContain('worker-0, worker-1, … worker-399');
    expect(box?.texts.join(' ')).toContain('open worker-0: no such file (and 399 more)');
    expect(drawing.boxes.length).toBeLessThan(15);
  });

  it('where all fare alike nobody is singled out', () => {
    const drawing = drawingOf(workersGraph({ workers: 4, refused: new Set([0, 1, 2, 3]) }));
    expect(titles(drawing).filter((title) => title.startsWith('kubelet@'))).toEqual([]);
  });

  it('as many as asked for keep their boxes', () => {
    const graph = workersGraph({ workers: 20 });
    expect(drawingOf(graph, { ...DRAWING, most: 20 }).boxes).toHaveLength(graph.nodes.length);
    expect(drawingOf(graph, { ...DRAWING, most: 19 }).boxes.length).toBeLessThan(15);
    expect(drawingOf(graph, unfolded).boxes).toHaveLength(graph.nodes.length);
  });

  it('loses nothing: every node is in one box, every link that is drawn in one line', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 12 }),
        fc.array(fc.nat({ max: 11 })),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 5 }),
        (workers, refused, most, named) => {
          const graph = workersGraph({ workers, refused: new Set(refused) });
          const { boxes, lines } = drawingOf(graph, { ...DRAWING, most, named });
          const sum = (counts: readonly { readonly count: number }[]) =>
            counts.reduce((all, { count }) => all + count, 0);
          expect(sum(boxes)).toBe(graph.nodes.length);
          expect(sum(lines)).toBe(graph.links.filter(({ kind }) => kind !== 'trusts').length);
          const refusals = graph.links.filter((link) => link.kind === 'dials' && link.state === 'refused');
          expect(sum(lines.filter(({ state }) => state === 'refused'))).toBe(refusals.length);
          expect(sum(drawingOf(graph, { ...DRAWING, most, named }).refusals)).toBe(refusals.length);
        },
      ),
    );
  });

  it('stays small for 5,000 nodes, and for a tree with as many authorities', () => {
    const refused = new Set(Array.from({ length: 2_000 }, (_, i) => 2 * i));
    expect(drawingOf(workersGraph({ workers: 5_000, refused })).boxes.length).toBeLessThan(20);
    const strangers: TrustGraph = {
      ...workersGraph({ workers: 0 }),
      nodes: Array.from({ length: 3_000 }, (_, i) => [
        { ...authority(`ca ${i}`), state: 'unknown' as const },
        certificate('not presented', `leaf ${i}`),
      ]).flat(),
      links: Array.from({ length: 3_000 }, (_, i) => ({
        kind: 'signs' as const,
        from: `authority:ca ${i}`,
        to: `certificate:leaf ${i}`,
      })),
    };
    const { boxes, lines } = drawingOf(strangers);
    expect([boxes.length, lines.length]).toEqual([2, 1]);
  });
});
