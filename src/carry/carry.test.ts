import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disks, disksOf, killed } from '../../test/support/disks.ts';
import { carry, clusterOf, NOW } from '../../test/support/small-cluster.ts';
import { DAY, YEAR } from '../base/index.ts';
import { makeRenewal } from '../plan/index.ts';
import { prove, reportState } from '../prove/index.ts';
import { deliveriesOf, planRollout, rehearseRollout } from '../rollout/index.ts';
import { type Inventory, readInventory } from '../inventory/index.ts';
import { type CarryInput, carryRollout } from './carry.ts';
import { lookWith } from './look.ts';
import { owedIn } from './owed.ts';
import type { Look, Sight } from './types.ts';

const LATER = NOW + YEAR - 30 * DAY;

/** The leaves of the state anew, as `renew --all` makes them. */
async function renewed({ world }: Disks): Promise<Inventory> {
  const { cluster, store } = world;
  const inventory = readInventory(await store.read());
  const plan = makeRenewal(
    { cluster, inventory, at: LATER, written: await store.written() },
    { which: 'all', includes: () => true },
  );
  await carry(plan, { ...world, inventory }, LATER);
  return readInventory(await store.read());
}

/** Plans from what stands on the disks now, and carries it out: what one run of `renew` does. */
async function run(disks: Disks, more: Partial<CarryInput> = {}, state?: Inventory) {
  const { cluster, store } = disks.world;
  const wanted = state ?? readInventory(await store.read());
  const found = disks.found();
  const nodes = new Set(cluster.spec.nodes.map(({ name }) => name));
  const deliveries = deliveriesOf(cluster, wanted, found, nodes, () => true);
  const changed = new Map<string, string[]>();
  for (const { node, files } of deliveries) changed.set(node, [...(changed.get(node) ?? []), ...files]);
  const owed = owedIn(disks.state);
  const rollout = planRollout({
    cluster,
    changed,
    owed: await owed.read(),
    hostOf: (node) => node,
    restartOf: ({ component }) => component,
  });
  expect(rehearseRollout(rollout.steps, cluster, found, wanted, LATER)).toEqual([]);
  const carried = await carryRollout({
    rollout,
    deliveries,
    found,
    hostOf: disks.hostOf,
    restarterOf: disks.restarterOf,
    look: lookWith(disks.look()),
    owed,
    record: async () => {},
    run: 'test',
    ...patience(),
    ...more,
  });
  return { rollout, deliveries, carried, owed: await owed.read() };
}

/** A pause takes 10 ms, and the clock takes it for ten seconds. */
function patience(): Pick<CarryInput, 'clock' | 'sleep'> {
  let slept = 0;
  return {
    clock: { now: () => LATER + slept },
    sleep: async () => {
      slept += 10_000;
      await setTimeout(10);
    },
  };
}

async function whole(disks: Disks): Promise<string> {
  const { cluster } = disks.world;
  const report = await prove({ ...disks.look(), edges: cluster.edges, inventory: disks.found() });
  return reportState(report);
}

describe.each(['flat', 'kubeadm'])('a roll-out to %s nodes', (profile) => {
  let disks: Disks;
  beforeEach(async () => {
    disks = await disksOf(clusterOf({ profile }), { now: () => LATER });
  });
  afterEach(() => disks.end());

  it('brings every leaf, restarts what must be, proves it; no handshake fails meanwhile, and then nothing is to do', async () => {
    await renewed(disks);
    const seen = { handshakes: 0, failed: [] as string[], away: new Set<string>() };
    const ended = new AbortController();
    const hammer = hammered(disks, seen, ended.signal);
    const first = await run(disks).finally(() => ended.abort());
    await hammer;
    expect(first.carried).toMatchObject({ stopped: undefined, doubtful: [], done: first.rollout.steps });
    expect(first.owed).toEqual([]);
    const restarted = disks.log.filter((line) => line.startsWith('restart')).map((line) => line.slice(8));
    expect(restarted).toEqual(
      profile === 'flat'
        ? []
        : ['kube-controller-manager@master', 'kube-scheduler@master', 'kubelet@master', 'kubelet@worker-1'],
    );
    expect(seen.failed).toEqual([]);
    expect(seen.handshakes).toBeGreaterThan(50);
    // Nobody answers only where somebody is restarted.
    for (const id of seen.away) expect(restarted).toContain(id);
    expect(await whole(disks)).toBe('ok');
    const second = await run(disks);
    expect(second.rollout).toEqual({ steps: [], byHand: [] });
    expect(second.deliveries).toEqual([]);
  }, 60_000);
});

const CUT = /^(?:EOF|read: connection reset by peer|write: broken pipe)$/;

/** Every edge, again and again, with the files that stand on the disks at that moment. */
async function hammered(
  disks: Disks,
  seen: { handshakes: number; failed: string[]; away: Set<string> },
  ended: AbortSignal,
): Promise<void> {
  const { cluster } = disks.world;
  while (!ended.aborted) {
    const report = await prove({ ...disks.look(), edges: cluster.edges, inventory: disks.found() });
    for (const { edge, observed } of report.edges) {
      seen.handshakes++;
      // Who is restarted amid a handshake says nothing more.
      if (!observed || CUT.test(observed.error ?? '')) seen.away.add(edge.endpoint.id);
      else if (!observed.ok) seen.failed.push(`${edge.id}: ${observed.error}`);
    }
  }
}

describe('a roll-out stops', () => {
  let disks: Disks;
  beforeEach(async () => {
    disks = await disksOf(clusterOf({ profile: 'kubeadm' }), { now: () => LATER });
    await renewed(disks);
  });
  afterEach(() => disks.end());

  const scheduler = 'kube-scheduler@master';
  const seeing =
    (id: string, state: Sight['state']): Look =>
    ({ healthy, edges }) =>
      Promise.resolve(
        [...healthy, ...edges].map((one) =>
          one === id ? { id, state, why: 'why' } : { id: one, state: 'ok', why: '' },
        ),
      );

  it('at the first gate that does not open; the next run goes on behind it', async () => {
    const { carried, owed } = await run(disks, { look: seeing(scheduler, 'unseen') });
    expect(carried.stopped).toMatchObject({
      why: 'failed',
      step: { id: `gate ${scheduler}` },
      failure: { code: 'carry/gate', message: `${scheduler} does not hold after 180 s: why` },
    });
    expect(disks.log.some((line) => line.includes('worker-1'))).toBe(false);
    expect(owed.map(({ component, stage }) => `${component} ${stage}`)).toEqual([
      'kubelet restart',
      'kube-scheduler restarted',
    ]);
    disks.log.length = 0;
    const next = await run(disks);
    expect(next.carried.stopped).toBeUndefined();
    expect(disks.log).not.toContain(`restart ${scheduler}`);
    expect(disks.log[0]).toBe('restart kubelet@master');
    expect(await whole(disks)).toBe('ok');
  }, 60_000);

  it('where nobody sees again what was restarted, unless that is accepted', async () => {
    const look = seeing(scheduler, 'hidden');
    const { carried } = await run(disks, { look });
    expect(carried.stopped).toMatchObject({ why: 'unseen', failure: { code: 'carry/unseen' } });
    expect(carried.done.at(-1)?.id).toBe(`restart ${scheduler}`);
    expect((await run(disks, { look })).carried.stopped).toMatchObject({ why: 'unseen' });
    const next = await run(disks, { look, acceptUnseen: true });
    expect(next.carried.stopped).toBeUndefined();
    expect(next.carried.doubtful.map(({ id }) => id)).toEqual([scheduler]);
  });

  it('between two steps when it is told to', async () => {
    const told = new AbortController();
    const { carried } = await run(disks, {
      signal: told.signal,
      onStep: ({ id }, state) => {
        if (id === 'restart kube-controller-manager@master' && state === 'done') told.abort();
      },
    });
    expect(carried.stopped).toMatchObject({ why: 'interrupted' });
    expect(disks.log.filter((line) => line.startsWith('restart'))).toEqual([
      'restart kube-controller-manager@master',
    ]);
  });

  it('when a machine fails, in its own words', async () => {
    const { carried } = await run(disks, {
      hostOf: (node) => ({
        ...disks.hostOf(node),
        write: () => Promise.reject(killed('the disk')),
      }),
    });
    expect(carried).toMatchObject({ done: [], stopped: { failure: { message: 'killed at the disk' } } });
  });
});
