/** Issuing by the thousand over two processes against one, by the clock on the wall: it wants two idle cores. */
import { type BulkIssued, type BulkIssuer, type BulkOrder, issueMany, openBulk } from '../src/bulk/index.ts';
import { authorityWithKey, now, random, serverTemplate } from './support/material.ts';
import { type Cost, costText, inTurns, medianRatio } from './support/rounds.ts';
import type { Row } from './support/row.ts';

const ROUNDS = 9;

export async function bench(): Promise<Row[]> {
  await spent(issueMany(orders(1_000), { ...terms, authority: authorityWithKey }), 1_000);
  return [await startedAnew(10_000), await startedAnew(50_000), await kept(50_000, 1.8)];
}

const terms = { now, random };

async function startedAnew(count: number): Promise<Row> {
  const setting = { ...terms, authority: authorityWithKey };
  const over = (processes: number) => () => spent(issueMany(orders(count), { ...setting, processes }), count);
  return rowOf(
    count,
    'the other started anew each time',
    await inTurns(ROUNDS, { one: over(1), two: over(2) }),
  );
}

async function kept(count: number, atLeast: number): Promise<Row> {
  const one = openBulk({ authority: authorityWithKey });
  const two = openBulk({ authority: authorityWithKey, processes: 2 });
  const over = (issuer: BulkIssuer) => () => spent(issuer.issue(orders(count), terms), count);
  await over(two)();
  const costs = await inTurns(ROUNDS, { one: over(one), two: over(two) });
  await Promise.all([one.close(), two.close()]);
  return rowOf(count, 'the other kept', costs, atLeast);
}

function rowOf(
  count: number,
  how: string,
  { one, two }: Record<'one' | 'two', Cost[]>,
  atLeast?: number,
): Row {
  const memory = (process.resourceUsage().maxRSS / 1_024).toFixed(0);
  return {
    name: `bulk: ${count.toLocaleString('en')} keys and certificates, two processes, ${how}`,
    ratio: medianRatio(one, two, 'wall'),
    unit: 'times one',
    detail: `${costText(two)} of the caller's process against ${costText(one)}; ${memory} MiB`,
    ...(atLeast !== undefined && { atLeast }),
  };
}

async function spent(work: AsyncIterable<BulkIssued>, count: number): Promise<Cost> {
  const started = performance.now();
  const used = process.cpuUsage();
  let issued = 0;
  for await (const { certificate } of work) issued += certificate.der.length > 0 ? 1 : 0;
  if (issued !== count) throw new Error(`issued ${issued} of ${count}`);
  const { user, system } = process.cpuUsage(used);
  return { wall: performance.now() - started, cpu: (user + system) / 1e3, memory: Number.NaN };
}

function* orders(count: number): Generator<BulkOrder> {
  for (let i = 0; i < count; i++) {
    const dnsNames = [...serverTemplate.dnsNames.slice(1), `worker-${i}`];
    yield { id: `worker-${i}`, template: { ...serverTemplate, dnsNames }, key: 'ecdsa-p256' };
  }
}
