import { beforeAll, describe, expect, it } from 'vitest';
import { type AuditedTree, cleanTree, crt, planFor, reissued } from '../../test/judges/audited-tree.ts';
import { mint, NOW } from '../../test/judges/mint.ts';
import { planted } from '../../test/judges/planted-lint.ts';
import { listWithEntry, plantedEntries, plantedLists } from '../../test/judges/planted-revocation-lists.ts';
import { type TreePlant, treePlants } from '../../test/judges/planted-tree/index.ts';
import { DAY } from '../base/index.ts';
import { type FileChange, readInventory } from '../inventory/index.ts';
import { auditTree, checkTable, type TreeFinding } from './index.ts';

const trees = {} as Record<'flat' | 'kubeadm', AuditedTree>;
beforeAll(async () => {
  trees.flat = await cleanTree('flat');
  trees.kubeadm = await cleanTree('kubeadm');
});

function findings(
  tree: AuditedTree,
  changes: readonly FileChange[] = [],
  at = NOW,
  alone = false,
  seen: TreePlant['told'] = {},
): TreeFinding[] {
  const inventory = tree.inventory.withFiles(changes);
  const { cluster } = tree;
  const declared = alone ? {} : { cluster, plan: planFor(tree, inventory, at) };
  return auditTree({ inventory, at, ...declared, ...seen });
}

/** Planted certificates have counted serial numbers. */
const told = (all: readonly TreeFinding[]) => all.filter(({ id }) => id !== 'serial-short');
const bad = (all: readonly TreeFinding[]) =>
  all.filter(({ severity }) => severity !== 'info').map(({ id, where }) => `${id} ${where.file}`);

/** Of the room lint, and planted there: that they are told, by their own ids. */
const FORMS: readonly (readonly [id: string, more: readonly string[], change: () => FileChange])[] = [
  ...planted.map(
    ({ id, draft, more = [] }) => [id, more, () => crt('nodes/cp1/srv/extra.crt', mint(draft))] as const,
  ),
  ...[
    ...plantedLists,
    ...plantedEntries.map(([id, extensions]) => [id, () => listWithEntry(extensions)] as const),
  ].map(
    ([id, list]) => [id, [], () => ({ path: 'nodes/cp1/srv/a.crl', mode: 0o644, bytes: list() })] as const,
  ),
];

/** Made by openssl in lint's own test, since our encoder does not write them. */
const ELSEWHERE = ['serial-zero', 'serial-long', 'signature-weak', 'key-unknown'];

describe('the audit of a tree', () => {
  it('a clean one: nothing but what is truly so', () => {
    expect(bad(findings(trees.flat))).toEqual([]);
    expect(bad(findings(trees.kubeadm))).toEqual([
      'masters-member nodes/cp1/etc/kubernetes/super-admin.conf',
    ]);
  });

  it.each(treePlants.map((plant) => [plant.id, plant] as const))(
    'planted: %s',
    (id, { profile = 'flat', plant, more = [], at = NOW, alone = false, told: seen }) => {
      const tree = trees[profile];
      const before = new Set(
        findings(tree, [], at, alone).map(({ id, where, evidence }) => `${id} ${where.file} ${evidence}`),
      );
      const found = told(findings(tree, plant(tree), at, alone, seen)).filter(
        (one) => !before.has(`${one.id} ${one.where.file} ${one.evidence}`),
      );
      expect(
        new Set(found.map((one) => one.id)),
        found.map(({ id, message, where }) => `${id} ${where.file} ${message}`).join('\n'),
      ).toEqual(new Set([id, ...more]));
      const row = checkTable.find((one) => one.id === id);
      expect(found.some((one) => one.id === id && one.message.startsWith(row?.title ?? '?'))).toBe(true);
    },
  );

  it.each(FORMS)('by lint: %s', (id, more, change) => {
    const found = findings(trees.flat, [change()], NOW, true).filter(({ group }) => group === 'form');
    const ids = new Set(found.map((one) => one.id).filter((one) => one !== 'serial-short' || one === id));
    expect(ids).toEqual(new Set([id, ...more]));
  });

  it('every check has its planted fault, and an id of its own', () => {
    const ids = checkTable.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(80);
    const covered = [...treePlants.map(({ id }) => id), ...FORMS.map(([id]) => id), ...ELSEWHERE];
    const exceptions = checkTable.filter(({ group }) => group === 'exceptions').map(({ id }) => id);
    expect(new Set([...covered, ...exceptions])).toEqual(new Set(ids));
  });

  it('every row says all that a reader needs, in our manner', () => {
    for (const { id, title, why, remedy, source } of checkTable) {
      expect(id).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
      for (const text of [title, why, remedy, source]) expect(text, id).toMatch(/\S/);
      expect(
        [title, why, remedy].filter((text) => text.endsWith('.')),
        id,
      ).toEqual([]);
    }
  });

  it('what stands where other distributions have it is known, too', () => {
    const change = reissued(trees.flat, 'nodes/cp1/etc/kubernetes/pki/apiserver', { names: [] });
    const moved = { ...change, path: 'nodes/server/var/lib/kubernetes/kube-api-server.crt' };
    const found = findings(trees.flat, [moved], NOW, true).filter(({ where }) => where.file === moved.path);
    expect(found.map(({ id }) => id)).toContain('pair-without-key');
  });

  it('a short life does not alarm before nine tenths of it are over', () => {
    const short = (at: number) => {
      const life = { notBefore: NOW, notAfter: NOW + DAY };
      const change = reissued(trees.flat, 'users/kube-admin/admin', life);
      return findings(trees.flat, [change], at, true)
        .filter(({ id }) => id.startsWith('expir'))
        .map(({ id }) => id);
    };
    expect([short(NOW + 0.85 * DAY), short(NOW + 0.95 * DAY), short(NOW + 2 * DAY)]).toEqual([
      [],
      ['expiring'],
      ['expired'],
    ]);
  });

  it('nothing issued yet is one finding', () => {
    const { cluster, written } = trees.flat;
    const inventory = readInventory([]);
    const plan = planFor({ cluster, written, inventory }, inventory);
    const found = auditTree({ inventory, at: NOW, cluster, plan });
    expect(found.map(({ id, severity }) => `${severity} ${id}`)).toEqual(['error drift']);
  });

  it('only and skip choose by id', () => {
    const { inventory } = trees.kubeadm;
    const ids = (choice: Parameters<typeof auditTree>[1]) => [
      ...new Set(auditTree({ inventory, at: NOW }, choice).map(({ id }) => id)),
    ];
    expect(ids({ only: new Set(['masters-member']) })).toEqual(['masters-member']);
    expect(ids({ skip: new Set(['masters-member', 'encipherment-on-ec']) })).toEqual(['admins-member']);
  });
});
