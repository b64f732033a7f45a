/** The words in a box. */
import { type Instant, toRfc3339 } from '../base/index.ts';
import type { Box } from './picture.ts';
import type { Group } from './fold.ts';
import type { NodeState, TrustNode } from './types.ts';
import { clipped } from './wrap.ts';

export const KIND_WORDS: Readonly<Record<TrustNode['kind'], string>> = {
  authority: 'authority',
  certificate: 'certificate',
  client: 'client',
  endpoint: 'endpoint',
};

/** Never colour alone. */
export const SIGNS: Readonly<Record<NodeState, string>> = {
  ok: '✓',
  partly: '!',
  refused: '✗',
  unknown: '?',
};

/** Names that a box holds. */
const SHOWN = 3;

/** @param blind it does not look at what a server presents */
export function boxOf(id: string, group: Group, trusts: readonly string[], blind: boolean): Box {
  const [first] = group;
  const single = group.length === 1;
  return {
    id,
    kind: first.kind,
    state: worst(group),
    count: group.length,
    title: clipped(single ? first.name : `${first.role} × ${group.length}`),
    texts: [
      ...(single ? [] : [namesOf(group)]),
      ...(first.kind === 'certificate' && single ? [first.role] : []),
      ...(first.kind === 'endpoint' && single ? [first.address] : []),
      ...lifeOf(group),
      ...trustOf(first, trusts, blind),
      ...problemsOf(group),
    ].map(clipped),
  };
}

/** Of a box that holds sound ones alone, or unsound ones of one sort. */
function worst(group: Group): NodeState {
  const states = new Set(group.map(({ state }) => state));
  return (['refused', 'partly', 'unknown'] as const).find((state) => states.has(state)) ?? 'ok';
}

function namesOf(group: Group): string {
  const names = group.map(shortName);
  const distinct = [...new Set(names)];
  if (distinct.length <= SHOWN) return distinct.join(', ');
  return `${distinct.slice(0, SHOWN - 1).join(', ')}, … ${distinct.at(-1)}`;
}

/** The node is enough where the rest of the name says the role again. */
function shortName(node: TrustNode): string {
  const machine = 'node' in node ? node.node : undefined;
  return machine !== undefined && node.name === `${node.role}@${machine}` ? machine : node.name;
}

function lifeOf(group: Group): string[] {
  const ends = group.flatMap((node) => ('notAfter' in node ? (node.notAfter ?? []) : []));
  // What is over says so itself.
  if (ends.length === 0 || group[0].problem !== undefined) return [];
  const [first, last] = [dayOf(Math.min(...range(ends))), dayOf(Math.max(...range(ends)))];
  return [first === last ? `until ${first}` : `until ${first} to ${last}`];
}

/** The least and the greatest: a call takes no 10,000 arguments on every stack. */
function range(times: readonly Instant[]): [Instant, Instant] {
  return times.reduce<[Instant, Instant]>(
    ([least, most], time) => [Math.min(least, time), Math.max(most, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

function dayOf(at: Instant): string {
  return toRfc3339(at).slice(0, 10);
}

function trustOf(node: TrustNode, trusts: readonly string[], blind: boolean): string[] {
  const names = [...new Set(trusts)];
  const more = names.length > SHOWN ? `, … ${names.length} in all` : '';
  const text = names.slice(0, SHOWN).join(', ') + more;
  if (node.kind === 'client') {
    if (names.length === 0) return [blind ? 'verifies no server' : 'trusts nobody'];
    return [`trusts ${text}${blind ? ' (not on every edge)' : ''}`];
  }
  if (node.kind !== 'endpoint') return [];
  return [
    ...(node.selfSigned ? ['certificate of its own, in memory'] : []),
    names.length === 0 ? 'lets nobody in' : `lets in ${text}`,
  ];
}

/** A day is enough to say when a certificate ended. */
const CLOCK = /(?<=^(?:ended|begins) [\d-]+)T.*$/;

function problemsOf(group: Group): string[] {
  const problems = [...new Set(group.flatMap(({ problem }) => problem?.replace(CLOCK, '') ?? []))];
  const [first] = problems;
  if (first === undefined) return [];
  return [problems.length === 1 ? first : `${first} (and ${problems.length - 1} more)`];
}
