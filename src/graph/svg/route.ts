/** The way of a line: from the right side of a box to the left side of another, through dagre's points between. */
import { at } from './number.ts';
import type { Joined, Placed, Point } from './types.ts';

/**
 * Lines share the side of a box evenly, in the order of where they go, so that their ends do not meet.
 *
 * @param between dagre's points of each line, those on the boxes included
 */
export function spread(
  boxes: readonly Placed[],
  lines: readonly Joined[],
  between: readonly (readonly Point[])[],
): (readonly Point[])[] {
  const placed = new Map(boxes.map((box) => [box.id, box]));
  const ways = lines.map(({ from, to }, i) => {
    const [start, end, points] = [placed.get(from), placed.get(to), between[i] ?? []];
    if (!start || !end || rightOf(start) >= leftOf(end)) return { points, start: undefined, end: undefined };
    const inner = points.slice(1, -1).filter(({ x }) => x > rightOf(start) && x < leftOf(end));
    return { points: inner, start, end };
  });
  const [starts, ends] = [new Map<number, Point>(), new Map<number, Point>()];
  for (const box of boxes) {
    const leaving = ways.flatMap(({ start, points, end }, i) =>
      start === box ? [{ i, y: points[0]?.y ?? end.y }] : [],
    );
    const coming = ways.flatMap(({ end, points, start }, i) =>
      end === box ? [{ i, y: points.at(-1)?.y ?? start.y }] : [],
    );
    share(box, rightOf(box), leaving, starts);
    share(box, leftOf(box), coming, ends);
  }
  return ways.map(({ points }, i) => {
    const [start, end] = [starts.get(i), ends.get(i)];
    return start && end ? [start, ...points, end] : points;
  });
}

function share(
  { y, height }: Placed,
  x: number,
  lines: readonly { readonly i: number; readonly y: number }[],
  into: Map<number, Point>,
): void {
  const sorted = lines.toSorted((one, other) => one.y - other.y || one.i - other.i);
  const step = height / (sorted.length + 1);
  for (const [k, { i }] of sorted.entries()) into.set(i, { x, y: y - height / 2 + step * (k + 1) });
}

const leftOf = ({ x, width }: Placed): number => x - width / 2;
const rightOf = ({ x, width }: Placed): number => x + width / 2;

/**
 * A monotone cubic through all the points (Steffen, "A simple method for monotonic interpolation", 1990), level at
 * both ends: it leaves no box that holds the points. A line that turns back is drawn straight.
 */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const move = `M${at(first.x)} ${at(first.y)}`;
  const turnsBack = rest.some(({ x }, i) => x <= (points[i]?.x ?? x));
  if (turnsBack) return move + rest.map(({ x, y }) => `L${at(x)} ${at(y)}`).join('');
  const slopes = points.map((_, i) => slopeAt(points, i));
  return (
    move +
    rest
      .map((to, i) => {
        const from = points[i] ?? to;
        const third = (to.x - from.x) / 3;
        return `C${at(from.x + third)} ${at(from.y + third * (slopes[i] ?? 0))} ${at(to.x - third)} ${at(to.y - third * (slopes[i + 1] ?? 0))} ${at(to.x)} ${at(to.y)}`;
      })
      .join('')
  );
}

function slopeAt(points: readonly Point[], i: number): number {
  const [before, here, after] = [points[i - 1], points[i], points[i + 1]];
  if (!before || !here || !after) return 0;
  const [left, right] = [here.x - before.x, after.x - here.x];
  const [rise, fall] = [(here.y - before.y) / left, (after.y - here.y) / right];
  if (rise * fall <= 0) return 0;
  const mean = (rise * right + fall * left) / (left + right);
  return Math.sign(mean) * Math.min(Math.abs(mean), 2 * Math.abs(rise), 2 * Math.abs(fall));
}
