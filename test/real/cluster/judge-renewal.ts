// What a hammer must have seen of a renewal of every leaf.
import { expect } from 'vitest';
import {
  awayTogether,
  failuresBeside,
  type Hammered,
  type HammerReport,
  rateOf,
  worstOf,
} from './hammer-report.ts';
import type { RealCluster } from './real-cluster.ts';

/**
 * Every edge was dialled, none failed, and only what was restarted was away; each end has shown the new certificate.
 * `atLeast`: connections a second on each edge, and half of that in any five seconds.
 */
export function judgeRenewal(
  { tree }: RealCluster,
  report: HammerReport,
  restarted: readonly string[],
  atLeast: number,
): void {
  const { edges, items } = tree.cluster();
  expect(report.edges.map(({ id }) => id)).toEqual(edges.map(({ id }) => id));
  const of = new Map(edges.map((edge) => [edge.id, edge]));
  const endpointOf = ({ id }: Hammered) => of.get(id)?.endpoint.id ?? '';
  const isLeft = (one: Hammered) => !restarted.includes(endpointOf(one));
  const failures = (one: Hammered) => failuresBeside(isLeft(one) ? 0 : 1, endpointOf(one), one);
  expect(report.edges.filter((one) => failures(one) > 0)).toEqual([]);
  expect(report.edges.filter(isLeft).filter(({ refused, cut }) => refused + cut > 0)).toEqual([]);
  expect(awayTogether(report)).toEqual([]);
  const rates = report.edges.map((one) => ({ id: one.id, rate: rateOf(report, one), worst: worstOf(one) }));
  expect(rates.filter(({ rate, worst }) => rate < atLeast || worst < atLeast / 2)).toEqual([]);
  const pairs = new Set(items.flatMap((item) => (item.kind === 'pair' ? [item.certificate.path] : [])));
  for (const { id, served, shown } of report.edges) {
    const { endpoint, presents } = of.get(id) ?? {};
    if (endpoint && endpoint.serves !== 'self-signed' && pairs.has(endpoint.serves.certificate))
      expect(served, `served to ${id}`).toHaveLength(2);
    if (presents && presents.kind !== 'none') expect(shown, `shown by ${id}`).toHaveLength(2);
  }
}
