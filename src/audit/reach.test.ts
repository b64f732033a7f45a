import { beforeAll, describe, expect, it } from 'vitest';
import { type AuditedTree, cleanTree } from '../../test/judges/audited-tree.ts';
import { NOW } from '../../test/judges/mint.ts';
import { expectedFailure, YEAR } from '../base/index.ts';
import { readInventory } from '../inventory/index.ts';
import { askCompromised, askWithout } from './index.ts';
import type { TreeInput } from './index.ts';

const trees = {} as Record<'flat' | 'kubeadm', AuditedTree>;
beforeAll(async () => {
  trees.flat = await cleanTree('flat');
  trees.kubeadm = await cleanTree('kubeadm');
});
const PKI = 'nodes/cp1/etc/kubernetes/pki';
const ask = ({ inventory, cluster }: AuditedTree, at = NOW): TreeInput => ({ inventory, at, cluster });
const ids = ({ breaks }: ReturnType<typeof askWithout>) => breaks.map(({ edge }) => edge.id);

describe('without a certificate', () => {
  it('its own edges break, and only edges that touch its files are evaluated again', () => {
    const { breaks, touched, edges, files } = askWithout(ask(trees.flat), `${PKI}/scheduler.crt`);
    expect(files).toEqual([`${PKI}/scheduler.crt`]);
    expect(breaks.map(({ edge }) => edge.id)).toEqual(
      [1, 2, 3].map((i) => `kube-scheduler@cp1/kube-apiserver@cp${i}`),
    );
    expect(breaks[0]?.error).toContain('open /etc/kubernetes/pki/scheduler.crt: no such file or directory');
    expect([touched, edges > 60]).toEqual([3, true]);
  });

  it('a server takes all of its clients along', () => {
    const broken = ids(askWithout(ask(trees.flat), `${PKI}/apiserver.crt`));
    expect(broken.length).toBeGreaterThan(8);
    expect(broken.every((id) => id.endsWith('/kube-apiserver@cp1'))).toBe(true);
  });

  it('an authority takes everything that it signed along: every edge of etcd, and no other', () => {
    const { cluster } = trees.flat;
    const broken = new Set(ids(askWithout(ask(trees.flat), 'etcd')));
    const etcd = cluster.edges.filter(({ endpoint }) => endpoint.component === 'etcd').map(({ id }) => id);
    expect(broken).toEqual(new Set(etcd));
  });

  it('embedded in a kubeconfig it is found there, too', () => {
    const { breaks } = askWithout(ask(trees.kubeadm), 'nodes/cp1/etc/kubernetes/scheduler.conf');
    expect(breaks.map(({ edge }) => edge.id)).toEqual(['kube-scheduler@cp1/kube-apiserver@cp1']);
    const cluster = new Set(ids(askWithout(ask(trees.kubeadm), 'cluster')));
    expect(cluster).toContain('kube-controller-manager@cp2/kube-apiserver@cp2');
    expect([...cluster].some((id) => id.includes('/etcd'))).toBe(false);
  });

  it.each([
    ['nobody', 'audit/unknown-target', 'there is no certificate "nobody"'],
    ['kube-apiserver', 'audit/ambiguous-target', '"kube-apiserver" may mean 3 of them'],
  ])('%s is refused', (words, code, message) => {
    expect(failureOf(() => askWithout(ask(trees.flat), words))).toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('of trees that somebody else made', () => {
  const foreign = (path: string) => path.replace('etc/kubernetes/pki', 'opt/ours');
  const derived = ({ inventory, cluster }: AuditedTree): TreeInput => {
    const origins = new Map([...inventory.entries.keys()].map((path) => [path, foreign(path)]));
    const nodes = [...inventory.entries.values()].filter(({ path }) => path.startsWith('nodes/'));
    return {
      inventory: readInventory(
        nodes.map((one) => ({ path: foreign(one.path), mode: one.mode, bytes: one.bytes })),
      ),
      at: NOW,
      derived: { cluster, inventory, unseen: new Set(), origin: (path) => origins.get(path) },
    };
  };

  it('the edges are those that adoption would describe, and files are told where they stand', () => {
    const input = derived(trees.flat);
    const found = askWithout(input, foreign(`${PKI}/scheduler.crt`));
    expect(found.files).toEqual([foreign(`${PKI}/scheduler.crt`)]);
    expect(ids(found)).toEqual(ids(askWithout(ask(trees.flat), `${PKI}/scheduler.crt`)));
    expect(new Set(ids(askWithout(input, foreign(`${PKI}/etcd-ca.crt`))))).toEqual(
      new Set(ids(askWithout(ask(trees.flat), 'etcd'))),
    );
    expect(
      failureOf(() => askWithout({ ...input, derived: undefined }, foreign(`${PKI}/etcd-ca.crt`))),
    ).toMatchObject({
      code: 'audit/no-edges',
    });
  });

  it('whoever has a key is let in by the same endpoints, and deceives the same clients', () => {
    for (const file of ['apiserver.key', 'apiserver-kubelet-client.key', 'ca.key', 'sa.key']) {
      const [there, here] = [
        askCompromised(derived(trees.flat), foreign(`${PKI}/${file}`)),
        askCompromised(ask(trees.flat), `${PKI}/${file}`),
      ];
      const reach = ({ identities, authorities, tokens }: typeof here) => ({
        tokens,
        of: [
          identities.map(({ enters, deceives }) => [enters, deceives.map(({ id }) => id)]),
          authorities.map(({ enters, speaksAt, deceives }) => [enters, speaksAt, deceives]),
        ],
      });
      expect(reach(there), file).toEqual(reach(here));
      expect(there.places).toContain(foreign(`${PKI}/${file}`));
      for (const { held } of [...there.identities, ...there.authorities])
        for (const { path } of held.places) expect(path).not.toContain('etc/kubernetes/pki');
    }
  });
});

describe('with a stolen key', () => {
  it('of kube-apiserver: whoever dials it is deceived, and nobody lets it in', () => {
    const { identities, authorities, tokens } = askCompromised(ask(trees.flat), `${PKI}/apiserver.key`);
    expect([authorities, tokens, identities.length]).toEqual([[], false, 1]);
    const [identity] = identities;
    expect(identity?.enters).toEqual([]);
    // It has the name and the address of its node: its kubelet's, too.
    const places = identity?.deceives
      .map(({ endpoint }) => endpoint.id)
      .filter((id) => !id.startsWith('kube-apiserver@'));
    expect(new Set(places)).toEqual(new Set(['kubelet@cp1']));
    expect(identity?.deceives.length).toBeGreaterThan(20);
  });

  it('how the key was kept is nothing to whoever has it', () => {
    const [plain] = askCompromised(ask(trees.flat), `${PKI}/apiserver.crt`).identities;
    const lost = trees.flat.inventory.withFiles([{ path: `${PKI}/apiserver.key`, remove: true }]);
    const [kept] = askCompromised({ ...ask(trees.flat), inventory: lost }, `${PKI}/apiserver.crt`).identities;
    expect(kept?.deceives.length).toBeGreaterThan(20);
    expect(kept?.deceives).toEqual(plain?.deceives);
  });

  it('of the administrator: everything, wherever the cluster authority is believed', () => {
    const [identity] = askCompromised(ask(trees.flat), 'users/kube-admin/admin.key').identities;
    expect(identity).toMatchObject({
      user: 'kube-admin',
      groups: ['system:masters'],
      ended: false,
      deceives: [],
    });
    expect(identity?.power).toBe('everything, whatever RBAC says');
    expect(identity?.enters).toEqual(expect.arrayContaining(['kube-apiserver@cp1', 'kubelet@worker-1']));
    expect(identity?.enters.some((id) => id.startsWith('etcd'))).toBe(false);
  });

  it('that has ended: nothing any more', () => {
    const [identity] = askCompromised(
      ask(trees.flat, NOW + 2 * YEAR),
      'users/kube-admin/admin.key',
    ).identities;
    expect(identity).toMatchObject({ ended: true, enters: [], deceives: [] });
  });

  it('of an authority: any user where its clients are believed, any server to who believes it', () => {
    const [authority] = askCompromised(ask(trees.flat), 'authorities/cluster/g1/ca.key').authorities;
    expect(authority?.enters).toEqual(expect.arrayContaining(['kube-apiserver@cp1', 'kubelet@worker-1']));
    expect(authority?.enters.some((id) => id.startsWith('etcd'))).toBe(false);
    expect(authority?.deceives).toEqual(
      expect.arrayContaining(['kube-scheduler@cp1', 'kubelet@worker-1', 'kube-admin']),
    );
    const [proxy] = askCompromised(ask(trees.flat), 'front-proxy').authorities;
    expect(proxy?.speaksAt.length).toBeGreaterThan(0);
    expect(proxy?.enters).toEqual([]);
  });

  it('of the service accounts: tokens', () => {
    const { tokens, identities } = askCompromised(ask(trees.flat), `${PKI}/sa.key`);
    expect([tokens, identities]).toEqual([true, []]);
  });

  it('embedded in a kubeconfig', () => {
    const [identity] = askCompromised(
      ask(trees.kubeadm),
      'nodes/cp1/etc/kubernetes/super-admin.conf',
    ).identities;
    expect(identity).toMatchObject({
      user: 'kubernetes-super-admin',
      power: 'everything, whatever RBAC says',
    });
    expect(identity?.enters).toContain('kube-apiserver@cp3');
  });

  it('without kubetls.yaml, from the files alone: who it is', () => {
    const { inventory } = trees.flat;
    const [identity] = askCompromised({ inventory, at: NOW }, 'users/kube-admin/admin.key').identities;
    expect(identity).toMatchObject({ user: 'kube-admin', enters: [] });
    expect(failureOf(() => askWithout({ inventory, at: NOW }, 'etcd')).code).toBe('audit/no-edges');
  });
});

function failureOf(run: () => unknown) {
  try {
    run();
  } catch (error) {
    return expectedFailure(error);
  }
  throw new Error('it did not fail');
}
