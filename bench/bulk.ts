/** Issuing by the thousand over two processes against one, by the clock on the wall: it wants two idle cores. */
import { type BulkOrder, issueMany } from '../src/bulk/index.ts';
import { authorityWithKey, now, random, serverTemplate } from './support/material.ts';
import { type Cost, costText, inTurns, medianRatio } from './support/rounds.ts';
import type { Row } from './support/row.ts';

const ROUNDS = 3;

export async function bench(): Promise<Row[]> {
  await issuing(1_000, 1)();
  return [await twoAgainstOne(10_000), await twoAgainstOne(50_000, 1.8)];
}

async function twoAgainstOne(count: number, atLeast?: number): Promise<Row> {
  const { one, two } = await inTurns(ROUNDS, { one: issuing(count, 1), two: issuing(count, 2) });
  const memory = (process.resourceUsage().maxRSS / 1_024).toFixed(0);
  return {
    name: `bulk: ${count.toLocaleString('en')} keys and certificates, two processes`,
    ratio: medianRatio(one, two, 'wall'),
    unit: 'times one, the other started anew each time',
    detail: `${costText(two)} of the caller's process against ${costText(one)}; ${memory} MiB`,
    ...(atLeast !== undefined && { atLeast }),
  };
}

function issuing(count: number, processes: number): () => Promise<Cost> {
  return async () => {
    const started = performance.now();
    const used = process.cpuUsage();
    let issued = 0;
    for await (const { certificate } of issueMany(orders(count), {
      authority: authorityWithKey,
      now,
      random,
      processes,
    })) {
      issued += certificate.der.length > 0 ? 1 : 0;
    }
    if (issued !== count) throw new Error(`issued ${issued} of ${count}`);
    const { user, system } = process.cpuUsage(used);
    return { wall: performance.now() - started, cpu: (user + system) / 1e3, memory: Number.NaN };
  };
}

function* orders(count: number): Generator<BulkOrder> {
  for (let i = 0; i < count; i++) {
    const dnsNames = [...serverTemplate.dnsNames.slice(1), `worker-${i}`];
    yield { id: `worker-${i}`, template: { ...serverTemplate, dnsNames }, key: 'ecdsa-p256' };
  }
}
