/** Where boxes and lines go: dagre's layered layout, from left to right. Lengths are pixels. */
import dagre from '@dagrejs/dagre';
import { spread } from './route.ts';
import type { Joined, Layout, Placed, Point, Sized } from './types.ts';

/** What is used of dagre, whose own types name their files without endings: Node's resolution finds none. */
interface Dagre {
  readonly graphlib: { readonly Graph: new (options: { multigraph: boolean }) => DagreGraph };
  readonly layout: (graph: DagreGraph) => void;
}

interface DagreGraph {
  setGraph(label: Record<string, unknown>): void;
  setNode(id: string, label: { width: number; height: number }): void;
  node(id: string): Placed;
  setEdge(from: string, to: string, label: Record<string, unknown>, name: string): void;
  edge(from: string, to: string, name: string): { points: Point[]; x?: number; y?: number };
}

const { graphlib, layout } = dagre as unknown as Dagre;

const SPACE = { rankdir: 'LR', nodesep: 14, edgesep: 8, ranksep: 60 } as const;
/** Half of the thickest stroke, and half of a label. */
const EDGE = 10;

/** @param lines whose ends are both among the boxes, and are not the same */
export function layOut(boxes: readonly Sized[], lines: readonly Joined[]): Layout {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ ...SPACE });
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const [i, { from, to, weight, label }] of lines.entries())
    graph.setEdge(from, to, { weight, labelpos: 'c', width: 0, height: 0, ...label }, String(i));
  if (boxes.length > 0) layout(graph);
  const placed = boxes.map((box) => {
    const { x, y } = graph.node(box.id);
    return { ...box, x, y };
  });
  const laid = lines.map(({ from, to }, i) => graph.edge(from, to, String(i)));
  const ways = spread(
    placed,
    lines,
    laid.map(({ points }) => points),
  );
  return atOrigin(
    placed,
    laid.map(({ x, y }, i) => {
      const label = lines[i]?.label && x !== undefined && y !== undefined ? { x, y } : undefined;
      return { points: ways[i] ?? [], label };
    }),
  );
}

/** The size that dagre tells is that of the boxes: a long line may leave it. */
function atOrigin(boxes: Layout['boxes'], routes: Layout['routes']): Layout {
  const corners = [
    ...boxes.flatMap(({ x, y, width, height }) => [
      { x: x - width / 2, y: y - height / 2 },
      { x: x + width / 2, y: y + height / 2 },
    ]),
    ...routes.flatMap(({ points, label }) => (label ? [...points, label] : points)),
  ];
  const least = (key: keyof Point) =>
    corners.reduce((all, one) => Math.min(all, one[key]), Number.POSITIVE_INFINITY);
  const most = (key: keyof Point) =>
    corners.reduce((all, one) => Math.max(all, one[key]), Number.NEGATIVE_INFINITY);
  if (corners.length === 0) return { width: 0, height: 0, boxes, routes };
  const [left, top] = [least('x') - EDGE, least('y') - EDGE];
  const moved = <T extends Point>(one: T): T => ({ ...one, x: one.x - left, y: one.y - top });
  return {
    width: most('x') - left + EDGE,
    height: most('y') - top + EDGE,
    boxes: boxes.map(moved),
    routes: routes.map(({ points, label }) => ({ points: points.map(moved), label: label && moved(label) })),
  };
}
