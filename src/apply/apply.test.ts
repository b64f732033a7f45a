import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applied, carry, changesOf, clusterOf, NOW, planOf } from '../../test/support/small-cluster.ts';
import { toHex, toRfc3339, YEAR } from '../base/index.ts';
import { readInventory } from '../inventory/index.ts';
import { makePlan } from '../plan/index.ts';
import { directoryStore, memoryStore } from '../stores/index.ts';
import { chainHead, serialsByAuthority } from './ledger.ts';

const LEAF = 'nodes/master/etc/kubernetes/pki/apiserver';

function expectChained(lines: readonly string[]): void {
  for (const [i, line] of lines.entries())
    expect((JSON.parse(line) as { previous: string }).previous).toBe(chainHead(lines[i - 1]));
}

describe('apply', () => {
  it('is idempotent: the second run plans nothing and writes nothing', async () => {
    const world = await applied();
    const before = await world.store.read();
    expect(changesOf(await planOf(world))).toEqual([]);
    await carry(await planOf(world), world);
    expect(await world.store.read()).toEqual(before);
  });

  it('keeps the keys when it renews', async () => {
    const world = await applied();
    const later = NOW + YEAR - 1000;
    await carry(await planOf(world, later), world, later);
    const [key, crt] = await Promise.all([
      world.store.readFile(`${LEAF}.key`),
      world.store.readFile(`${LEAF}.crt`),
    ]);
    expect(key?.bytes).toEqual(world.inventory.get(`${LEAF}.key`)?.bytes);
    expect(crt?.bytes).not.toEqual(world.inventory.get(`${LEAF}.crt`)?.bytes);
  });

  it('knows the key that a certificate was made for, whoever made it, and sees another one', async () => {
    const root = mkdtempSync(join(tmpdir(), 'kubetls-apply-'));
    try {
      const world = await applied(clusterOf(), NOW, directoryStore(root));
      const key = join(root, `${LEAF}.key`);
      const first = readFileSync(key);
      copyFileSync(join(root, 'nodes/master/etc/kubernetes/pki/scheduler.key'), key);
      const inventory = readInventory(await world.store.read());
      await carry(await planOf(world), { ...world, inventory }, NOW, 'all');
      expect(changesOf(await planOf(world))).toEqual([]);
      writeFileSync(key, first);
      expect(changesOf(await planOf(world))).toEqual([`replace ${LEAF}.crt (key-mismatch)`]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('keeps a mode that is stricter than it need be', async () => {
    const world = await applied();
    const later = NOW + YEAR - 1000;
    const { bytes } = world.inventory.get(`${LEAF}.crt`) as { bytes: Uint8Array };
    await world.store.commit({
      run: 'person',
      sets: [{ id: 'x', changes: [{ path: `${LEAF}.crt`, mode: 0o440, bytes }] }],
    });
    await world.store.finish('person');
    expect(changesOf(await planOf(world))).toEqual([]);
    const inventory = readInventory(await world.store.read());
    await carry(await planOf(world, later), { ...world, inventory }, later);
    expect((await world.store.readFile(`${LEAF}.crt`))?.mode).toBe(0o440);
  });

  it('refuses a plan whose prefix breaks an edge, before it writes anything', async () => {
    const world = await applied();
    const inventory = world.inventory.withFiles(
      ['crt', 'key'].map((ending) => ({
        path: `authorities/cluster/g1/ca.${ending}`,
        remove: true as const,
      })),
    );
    const plan = makePlan({
      cluster: world.cluster,
      inventory,
      at: NOW,
      written: await world.store.written(),
    });
    const before = await world.store.read();
    await expect(carry(plan, { ...world, inventory }, NOW, 'all')).rejects.toMatchObject({
      code: 'apply/breaks-edges',
    });
    expect(await world.store.read()).toEqual(before);
  });

  it('writes a ledger line for each certificate, chained, with no key in it', async () => {
    const world = await applied();
    const lines = await world.store.readLedger();
    const issued = world.cluster.items.filter(({ kind }) => kind === 'authority' || kind === 'pair').length;
    expect(lines.length).toBe(issued);
    expectChained(lines);
    for (const line of lines) expect(line).not.toContain('PRIVATE');
    expect(new Set(lines.map((line) => (JSON.parse(line) as { serial: string }).serial)).size).toBe(issued);
  });

  it('refuses when somebody changed a file after the plan was made, and writes nothing of that step', async () => {
    const world = await applied();
    const later = NOW + YEAR - 1000;
    const plan = await planOf(world, later);
    const changed = { path: `${LEAF}.crt`, mode: 0o644, bytes: Buffer.from('mine') };
    await world.store.commit({ run: 'somebody', sets: [{ id: 'x', changes: [changed] }] });
    await world.store.finish('somebody');
    await expect(carry(plan, world, later)).rejects.toMatchObject({ code: 'stores/changed' });
    expect(Buffer.from((await world.store.readFile(`${LEAF}.crt`))?.bytes ?? []).toString()).toBe('mine');
    const lines = (await world.store.readLedger()).map((line) => JSON.parse(line) as Record<string, string>);
    const renewed = lines.filter(({ event, at }) => event === 'issued' && at !== toRfc3339(NOW));
    expect(renewed.length).toBeGreaterThan(5);
    const voided = lines.filter(({ event }) => event === 'void').map((line) => line['sha256']);
    const refused = plan.actions.find(({ path }) => path.startsWith(LEAF))?.id;
    const from = renewed.findIndex(({ action }) => action === refused);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(voided).toEqual(renewed.slice(from).map((line) => line['sha256']));
    expectChained(await world.store.readLedger());
  });

  it('issues nothing while another run holds the store', async () => {
    const store = memoryStore();
    await store.begin('theirs');
    await expect(applied(clusterOf(), NOW, store)).rejects.toMatchObject({ code: 'stores/interrupted' });
    expect(await store.readLedger()).toEqual([]);
  });

  it('never forks the chain when two runs go at once', async () => {
    const store = memoryStore();
    const results = await Promise.allSettled([1, 2, 3].map((n) => applied(clusterOf(), NOW + n, store)));
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expectChained(await store.readLedger());
  });

  it('never gives a serial number twice', async () => {
    const world = await applied();
    const lines = await world.store.readLedger();
    const taken = [...(serialsByAuthority(lines).get('cluster') ?? [])];
    expect(taken.length).toBeGreaterThan(5);
    const certificate = world.inventory.get(`${LEAF}.crt`)?.content;
    const serial = certificate?.kind === 'certificates' ? certificate.certificates[0]?.serial : undefined;
    expect(taken).toContain(toHex(serial ?? new Uint8Array()));
  });

  it('goes on where an interrupted run stopped', async () => {
    const cluster = clusterOf();
    const store = memoryStore();
    const stopped = { ...store, commit: () => Promise.reject(new Error('power failure')) };
    await expect(applied(cluster, NOW, stopped)).rejects.toThrow('power failure');
    const stillborn = (await store.readLedger()).map((line) => JSON.parse(line) as Record<string, string>);
    const sums = (event: string) =>
      stillborn.flatMap((line) => (line['event'] === event ? [line['sha256']] : []));
    expect(sums('void').length).toBeGreaterThan(5);
    expect(sums('void')).toEqual(sums('issued'));
    const world = await applied(cluster, NOW, store);
    expect(changesOf(await planOf(world))).toEqual([]);
    expectChained(await store.readLedger());
  });
});
