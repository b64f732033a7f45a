/**
 * Issuing by the thousand over two processes against one, by the clock on the wall: it wants two idle cores.
 * Processes that are kept are measured as callers of their own, so that none works in the heap that another has
 * left, and the one as on one core: with a second, V8 collects its garbage there.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type BulkIssued, type BulkOrder, issueMany, openBulk } from '../src/bulk/index.ts';
import { authorityWithKey, now, random, serverTemplate } from './support/material.ts';
import { type Cost, costText, inTurns, medianRatio } from './support/rounds.ts';
import type { Row } from './support/row.ts';

const ROUNDS = 9;
/** What is asked for is near what the machine gives: one busy neighbour more or less decides. */
const ROUNDS_KEPT = 15;

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
  const hasTaskset = spawnSync('taskset', ['--version']).status === 0;
  const one = caller(hasTaskset ? ['taskset', '-c', '0'] : [], 1);
  const two = caller([], 2);
  await issuedBy(two, count);
  const costs = await inTurns(ROUNDS_KEPT, {
    one: () => issuedBy(one, count),
    two: () => issuedBy(two, count),
  });
  one.disconnect();
  two.disconnect();
  return rowOf(count, 'the other kept', costs, atLeast);
}

export const roles = { caller: (processes: string) => answer(Number(processes)) };

function caller(before: readonly string[], processes: number): ChildProcess {
  const [program, ...words] = [...before, process.execPath, process.argv[1] ?? ''];
  return spawn(program, [...words, 'caller', String(processes)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function issuedBy(child: ChildProcess, count: number): Promise<Cost> {
  child.send(count);
  const [cost] = (await once(child, 'message')) as [Cost];
  return cost;
}

/** For as long as somebody asks. */
async function answer(processes: number): Promise<void> {
  const issuer = openBulk({ authority: authorityWithKey, processes });
  process.on('message', (count: number) => {
    void spent(issuer.issue(orders(count), terms), count).then((cost) => process.send?.(cost));
  });
  await once(process, 'disconnect');
  await issuer.close();
}

function rowOf(
  count: number,
  how: string,
  { one, two }: Record<'one' | 'two', Cost[]>,
  atLeast?: number,
): Row {
  return {
    name: `bulk: ${count.toLocaleString('en')} keys and certificates, two processes, ${how}`,
    ratio: medianRatio(one, two, 'wall'),
    unit: 'times one',
    detail: `${costText(two)} of the caller's process against ${costText(one)}`,
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
