/** A line: what it is by its stroke, its outcome by sign, dashes and colour. */
import { escaped } from '../../base/index.ts';
import { SIGNS } from '../boxes.ts';
import type { Line } from '../picture.ts';
import { columnsOf } from '../wrap.ts';
import type { Joined, Layout } from './types.ts';
import { at } from './number.ts';
import { curve } from './route.ts';
import { SIZE, widthOf } from './style.ts';

/** A line that holds says only of how many edges it is; one that does not hold has the number of its reason. */
function labelOf({ kind, state, count, refusal }: Line): string {
  if (kind !== 'dials') return '';
  const times = count > 1 ? ` ×${count}` : '';
  if (refusal !== undefined) return `${SIGNS.refused}${refusal}${times}`;
  return state === 'unknown' || count > 1 ? `${SIGNS[state]}${times}` : '';
}

/** Certificates stand beside who presents them. */
const WEIGHTS = { signs: 2, presents: 8, trusts: 1, dials: 4 } as const;

export function joined(line: Line): Joined {
  const label = labelOf(line);
  const width = widthOf(columnsOf(label) + 2, SIZE.text);
  return {
    from: line.from,
    to: line.to,
    weight: WEIGHTS[line.kind],
    label: label === '' ? undefined : { width, height: 16 },
  };
}

export function lineText(line: Line, { points, label }: Layout['routes'][number]): string {
  const tip = tipOf(line);
  const path = `<path class="wire${line.kind === 'dials' ? ` s-${line.state}` : ''}" ${strokeOf(line)} d="${curve(points)}"${tip}/>\n`;
  if (!label) return path;
  const words = labelOf(line);
  const width = widthOf(columnsOf(words) + 1, SIZE.text);
  return `${path}<rect class="paper" x="${at(label.x - width / 2)}" y="${at(label.y - 8)}" width="${width}" height="16" rx="4"/><text class="f-${line.state}" font-size="${SIZE.text}" font-weight="bold" text-anchor="middle" x="${at(label.x)}" y="${at(label.y + 4)}">${escaped(words)}</text>\n`;
}

/** Who signs and who dials does something to the other end: only these have an arrow head. */
export function tipOf({ kind, state }: Pick<Line, 'kind' | 'state'>): string {
  if (kind === 'presents' || kind === 'trusts') return '';
  return ` marker-end="url(#${kind === 'dials' ? state : 'plain'})"`;
}

/** `signs` is thick, `presents` thin, `trusts` dotted; a dialled edge is dashed when something in it is not verified. */
export function strokeOf({ kind, state, unverified }: Pick<Line, 'kind' | 'state' | 'unverified'>): string {
  if (kind === 'signs') return 'stroke-width="1.8"';
  if (kind === 'presents') return 'stroke-width="1"';
  if (kind === 'trusts') return 'stroke-width="1.2" stroke-dasharray="1 4"';
  if (state === 'refused') return 'stroke-width="2.6" stroke-dasharray="9 3"';
  if (state === 'unknown') return 'stroke-width="1.4" stroke-dasharray="2 5"';
  return unverified ? 'stroke-width="1.4" stroke-dasharray="5 4"' : 'stroke-width="1.4"';
}
