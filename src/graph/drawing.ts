/** From the graph to what is drawn of it: boxes and lines with their words, folded. */
import { grouped, toRfc3339 } from '../base/index.ts';
import { boxOf } from './boxes.ts';
import { clipped } from './wrap.ts';
import { FOLD, foldNodes, type FoldOptions } from './fold.ts';
import type { Drawing, Line } from './picture.ts';
import type { DialLink, LinkKind, TrustGraph, TrustLink, TrustNode } from './types.ts';

export interface DrawingOptions extends FoldOptions {
  /** Lines that are drawn. Whom a box trusts stands in it, too. */
  readonly kinds: ReadonlySet<LinkKind>;
}

export const DRAWING: DrawingOptions = { ...FOLD, kinds: new Set(['signs', 'presents', 'dials']) };

export function drawingOf(graph: TrustGraph, options: DrawingOptions = DRAWING): Drawing {
  const groups = foldNodes(graph, options);
  const names = new Map(graph.nodes.map(({ id, name }) => [id, name]));
  const trusted = grouped(
    graph.links.filter(({ kind }) => kind === 'trusts'),
    ({ from }) => from,
  );
  const dials = graph.links.filter((link) => link.kind === 'dials');
  const blind = new Set(
    dials.filter(({ unverified }) => unverified.includes('server')).map(({ from }) => from),
  );
  const boxes = groups.map((group, i) => {
    const trusts = (trusted.get(group[0].id) ?? []).map(({ to }) => names.get(to) ?? to);
    return boxOf(`n${i + 1}`, group, trusts, blind.has(group[0].id));
  });
  const boxByNode = new Map(groups.flatMap((group, i) => group.map(({ id }) => [id, `n${i + 1}`])));
  const lines = linesOf(graph, boxByNode, options.kinds);
  return {
    title: `Trust graph of ${clipped(graph.name)}`,
    summary: summaryOf(graph, dials),
    boxes,
    lines: lines.map(({ line }) => line),
    refusals: [...grouped(lines, ({ line }) => line.refusal)].flatMap(([number, same]) => {
      const [one] = same;
      if (number === undefined || !one) return [];
      const [from, to] = [one.first.from, one.first.to].map((id) => clipped(names.get(id) ?? id));
      const who = `${from} → ${to}`;
      return [{ number, count: sum(same.map(({ line }) => line.count)), who, error: one.line.error ?? '' }];
    }),
  };
}

/** So that all lines go the same way: authority, certificate, client, endpoint. */
const BACKWARDS: ReadonlySet<LinkKind> = new Set(['presents', 'trusts']);

interface Gathered {
  readonly line: Line;
  /** The link that it is named after. */
  readonly first: TrustLink;
}

/** A line for all links of one kind and outcome between two boxes. */
function linesOf(
  { links }: TrustGraph,
  boxByNode: ReadonlyMap<string, string>,
  kinds: ReadonlySet<LinkKind>,
): Gathered[] {
  const drawn = links.filter(
    ({ kind, from, to }) => kinds.has(kind) && boxByNode.has(from) && boxByNode.has(to),
  );
  const numbers = new Map<string, number>();
  const numberOf = (sentence: string) => {
    const number = numbers.get(sentence) ?? numbers.size + 1;
    numbers.set(sentence, number);
    return number;
  };
  return Array.from(
    grouped(drawn, (link) => {
      const ends = `${boxByNode.get(link.from)} ${boxByNode.get(link.to)} ${link.kind}`;
      if (link.kind !== 'dials') return ends;
      return `${ends} ${link.state} ${link.unverified.length > 0}`;
    }).values(),
    (same) => {
      const [first] = same as [TrustLink];
      const [from, to] = [boxByNode.get(first.from) ?? '', boxByNode.get(first.to) ?? ''];
      const dial = first.kind === 'dials' ? first : undefined;
      const reason = reasonOf(same);
      const line: Line = {
        ...(BACKWARDS.has(first.kind) ? { from: to, to: from } : { from, to }),
        kind: first.kind,
        state: dial?.state ?? 'ok',
        count: same.length,
        unverified: dial !== undefined && dial.unverified.length > 0,
        refusal: dial?.state === 'refused' ? numberOf(sentenceOf(reason?.error ?? '')) : undefined,
        error: reason?.error,
      };
      return { line, first: reason?.first ?? first };
    },
  );
}

/** Of many refusals the most frequent, and how many others there are. */
function reasonOf(
  links: readonly TrustLink[],
): { readonly first: DialLink; readonly error: string } | undefined {
  const refused = links.filter((link) => link.kind === 'dials' && link.error !== undefined) as DialLink[];
  const sorts = [...grouped(refused, ({ error }) => sentenceOf(error ?? '')).values()];
  const [most] = sorts.toSorted((one, other) => other.length - one.length);
  const first = most?.[0];
  if (!most || !first) return undefined;
  const others = refused.length - most.length;
  return {
    first,
    error: `${clipped(first.error ?? '')}${others > 0 ? ` (and ${others} for other reasons)` : ''}`,
  };
}

/** Two refusals are alike when they differ in names, numbers and dates alone. */
function sentenceOf(error: string): string {
  return error.replace(/"[^"]*"|\d+/g, '#');
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

function summaryOf({ nodes, at, edgesFrom }: TrustGraph, dials: readonly DialLink[]): string {
  const count = (kind: TrustNode['kind'], one: string, many: string) => {
    const found = nodes.filter((node) => node.kind === kind).length;
    return `${found} ${found === 1 ? one : many}`;
  };
  const edges = (state: DialLink['state']) => dials.filter((dial) => dial.state === state).length;
  const [refused, unknown] = [edges('refused'), edges('unknown')];
  const states = [
    `${edges('ok')} ok`,
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ];
  return [
    count('authority', 'authority', 'authorities'),
    count('certificate', 'certificate', 'certificates'),
    count('client', 'client', 'clients'),
    count('endpoint', 'endpoint', 'endpoints'),
    edgesFrom === undefined
      ? 'edges unknown'
      : `${dials.length === 1 ? '1 edge' : `${dials.length} edges`}: ${states.join(', ')}`,
    ...(edgesFrom === 'files' ? ['who dials whom is told from the files'] : []),
    `predicted for ${toRfc3339(at)}`,
  ].join(' · ');
}
