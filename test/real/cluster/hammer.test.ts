// The hammer itself: a connection that nobody asks anything on still tells who was refused, and why.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../../src/inventory/index.ts';
import { type AuditedTree, keyFile, reissued } from '../../judges/audited-tree.ts';
import { keyOf } from '../../judges/mint.ts';
import { rootlessGround } from './ground.ts';
import { hammeredWhile } from './hammer.ts';
import type { Hammered } from './hammer-report.ts';
import { booted } from './in-test.ts';
import { TOPOLOGIES } from './scenarios.ts';
import { planted } from './symptoms/plant.ts';
import { by, ended, PKI, stranger } from './symptoms/plants.ts';

const CLIENT = `${PKI}/apiserver-etcd-client`;
const TO_ETCD = 'kube-apiserver@cp1/etcd@cp1';
const ADMIN = 'users/kube-admin/admin';
const BY_ADMIN = 'kube-admin/kube-apiserver@cp1';

interface Row {
  fault: string;
  edge: string;
  plant: (tree: AuditedTree) => FileChange;
  kind: 'tls' | 'unauthorized' | 'torn';
  says: RegExp;
}

const ROWS: readonly Row[] = [
  {
    fault: 'etcd is shown what has ended',
    edge: TO_ETCD,
    plant: (tree) => reissued(tree, CLIENT, ended(), 'etcd'),
    kind: 'tls',
    says: /remote error: tls: (expired|bad) certificate/,
  },
  {
    fault: 'etcd is shown what another authority issued',
    edge: TO_ETCD,
    plant: (tree) => reissued(tree, CLIENT, by(stranger), 'etcd'),
    kind: 'tls',
    says: /remote error: tls: (certificate required|bad certificate|unknown certificate authority)/,
  },
  {
    fault: 'etcd serves what has ended',
    edge: TO_ETCD,
    plant: (tree) => reissued(tree, `${PKI}/etcdserver`, ended(), 'etcd'),
    kind: 'tls',
    says: /x509: certificate has expired/,
  },
  {
    fault: 'what is to be shown is no pair',
    edge: TO_ETCD,
    plant: () => keyFile(`${CLIENT}.key`, keyOf('of another')),
    kind: 'torn',
    says: /private key does not match public key/,
  },
  {
    fault: 'kube-apiserver is shown what has ended',
    edge: BY_ADMIN,
    plant: (tree) => reissued(tree, ADMIN, ended()),
    kind: 'unauthorized',
    says: /status 401/,
  },
];

const RATE = 50;
const A_WHILE = 500; // milliseconds

describe.skipIf('missing' in rootlessGround)('the hammer (needs Go and user namespaces)', () => {
  const cluster = booted({
    title: 'hammered',
    topology: TOPOLOGIES.single,
    profile: 'flat',
    rootless: true,
    spec: [],
  });

  it.each(ROWS)('sees that $fault', async ({ edge, plant, kind, says }) => {
    const { tree } = cluster();
    const world = {
      cluster: tree.cluster(),
      inventory: await tree.inventory(),
      written: await tree.written(),
    };
    const hammered = async (work: () => Promise<void>): Promise<Hammered> => {
      const includes = ({ id }: { id: string }) => id === edge;
      const { edges } = await hammeredWhile(cluster(), { rate: RATE, includes }, work);
      expect(edges.map(({ id }) => id)).toEqual([edge]);
      const [one] = edges;
      if (!one) throw new Error('nothing was hammered');
      expect(one).toMatchObject({
        tls: 0,
        unauthorized: 0,
        torn: 0,
        refused: 0,
        cut: 0,
        other: 0,
        [kind]: one[kind],
      });
      return one;
    };
    let mend: (() => Promise<void>) | undefined;
    try {
      const amid = await hammered(async () => {
        await sleep(A_WHILE);
        mend = await planted(cluster(), [plant(world)]);
        await sleep(A_WHILE);
      });
      // Most of what was sound was asked nothing, and all that was refused has said so.
      expect(amid.ok).toBeGreaterThan(0);
      expect(amid.asked - amid.unauthorized).toBeLessThan(amid.ok);
      expect(amid[kind]).toBeGreaterThan(RATE / 5);
      expect(amid.lost[kind]).toBe(amid[kind]);
      const after = await hammered(() => sleep(A_WHILE));
      expect(after).toMatchObject({ ok: 0, gap: 0, lost: { [kind]: 0 } });
      expect(after[kind]).toBeGreaterThan(RATE / 5);
      for (const text of Object.keys({ ...amid.texts, ...after.texts })) expect(text).toMatch(says);
    } finally {
      await mend?.();
    }
    expect(await hammered(() => sleep(A_WHILE))).toMatchObject({ [kind]: 0, texts: {} });
  });

  it('tells who has gone from who refuses', async () => {
    const scheduler = cluster().component('kube-scheduler@cp1');
    const includes = ({ endpoint }: { endpoint: { id: string } }) => endpoint.id === scheduler.id;
    const { edges } = await hammeredWhile(cluster(), { rate: RATE, includes }, () => scheduler.restart());
    expect(edges).toHaveLength(2);
    for (const one of edges) {
      expect(one.refused + one.cut).toBeGreaterThan(0);
      expect(one).toMatchObject({ tls: 0, unauthorized: 0, torn: 0, other: 0 });
    }
  });
});
