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
  graph(): { readonly width?: number; readonly height?: number };
  setNode(id: string, label: { width: number; height: number }): void;
  node(id: string): Placed;
  setEdge(from: string, to: string, label: Record<string, unknown>, name: string): void;
  edge(from: string, to: string, name: string): { points: Point[]; x?: number; y?: number };
}

const { graphlib, layout } = dagre as unknown as Dagre;

const SPACE = { rankdir: 'LR', nodesep: 14, edgesep: 8, ranksep: 60, marginx: 2, marginy: 2 } as const;

/** @param lines whose ends are both among the boxes, and are not the same */
export function layOut(boxes: readonly Sized[], lines: readonly Joined[]): Layout {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ ...SPACE });
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const [i, { from, to, weight, label }] of lines.entries())
    graph.setEdge(from, to, { weight, labelpos: 'c', width: 0, height: 0, ...label }, String(i));
  if (boxes.length > 0) layout(graph);
  const { width = 0, height = 0 } = boxes.length > 0 ? graph.graph() : {};
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
  return {
    width,
    height,
    boxes: placed,
    routes: laid.map(({ x, y }, i) => {
      const label = lines[i]?.label && x !== undefined && y !== undefined ? { x, y } : undefined;
      return { points: ways[i] ?? [], label };
    }),
  };
}
