import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyOf, mint, rootDraft } from '../../../test/judges/mint.ts';
import { type ClusterTree, clusterTree } from '../../../test/real/cluster-tree.ts';
import { systemKeys, systemRandom } from '../../apply/index.ts';
import { HOUR, KubetlsError, MINUTE } from '../../base/index.ts';
import { directoryHost } from '../../hosts/index.ts';
import type { Held } from '../../trust/index.ts';
import { startTwin, type Twin } from '../../twin/index.ts';
import { writePem } from '../../x509/index.ts';
import { type Disk, type MemoryInput, prove, type ProveInput, reportState } from '../index.ts';

const YAML = `
apiVersion: kubetls/v1
kind: Cluster
metadata: { name: demo }
spec:
  profile: flat
  endpoint: kube-apiserver:6443
  nodes:
    - { name: cp, roles: [control-plane, etcd], addresses: [127.0.0.1] }
    - { name: w1, roles: [worker], addresses: [127.0.0.2] }
  users: [{ name: nobody, groups: [] }, { name: kube-admin, groups: ["system:masters"] }]
`;
const CP = 'nodes/cp/etc/kubernetes';
const STRAY = writePem('CERTIFICATE', mint(rootDraft('stray', keyOf('memory stray'))).der);

describe('what a twin holds in memory', () => {
  let tree: ClusterTree;
  let twin: Twin;
  beforeEach(async () => {
    tree = await clusterTree(YAML);
    twin = await startTwin(tree.cluster(), tree.state, { clock: { now: Date.now }, keys: systemKeys() });
  });
  afterEach(async () => {
    changed.clear();
    await twin.close();
    await tree.remove();
  });

  /** Files of which the disks say that they were changed a minute from now; of all others, an hour ago. */
  const changed = new Set<string>();
  const disksIn = (): Map<string, Disk> =>
    new Map(
      ['cp', 'w1'].map((node) => {
        const host = directoryHost(tree.at(`nodes/${node}`));
        const times = async (paths: readonly string[]) =>
          (await host.times(paths)).map(({ path }) => {
            const at = Date.now() + (changed.has(`nodes/${node}/${path}`) ? MINUTE : -HOUR);
            return { path, modified: at, changed: at };
          });
        return [node, { read: (paths) => host.read(paths), times }];
      }),
    );

  async function proofOf(memory: Partial<MemoryInput> = {}, more: Partial<ProveInput> = {}) {
    const cluster = tree.cluster();
    return prove({
      edges: cluster.edges,
      inventory: await tree.inventory(),
      addressOf: ({ id }) => twin.address(id),
      clock: { now: Date.now },
      random: systemRandom(),
      keys: systemKeys(),
      strangers: false,
      timeout: 5_000,
      concurrency: 8,
      memory: { cluster, disks: disksIn(), ...memory },
      ...more,
    });
  }
  const heldBy = async (memory: Partial<MemoryInput> = {}, more: Partial<ProveInput> = {}) =>
    (await proofOf(memory, more)).memory ?? [];
  const named = (held: readonly Held[]) =>
    held.map(({ component, node, role, by }) => `${component}@${node} ${role}: ${by}`);
  const stale = (held: readonly Held[]) => named(held.filter(({ state }) => state === 'stale'));

  /** As an administrator would. */
  function change(file: string, made: (text: string) => string): void {
    const path = tree.at(file);
    writeFileSync(`${path}.new`, made(readFileSync(path, 'utf8')), { mode: 0o600 });
    renameSync(`${path}.new`, path);
    changed.add(file);
  }

  it('is what its files hold; only what no socket shows is unknown', async () => {
    const held = await heldBy();
    expect(stale(held)).toEqual([]);
    const unknown = held.filter(({ state }) => state === 'unknown');
    expect(new Set(unknown.map(({ component }) => component))).toEqual(new Set(['kube-proxy']));
    expect(named(held)).toEqual(
      expect.arrayContaining([
        'etcd@cp client-anchors: trial',
        'kube-apiserver@cp serving: leaf',
        'kube-apiserver@cp etcd-anchors: start',
        'kube-apiserver@cp token-keys: keys',
        'kube-controller-manager@cp published-anchors: published',
        'kube-controller-manager@cp token-keys: leadership',
        'kubelet@w1 kubeconfig: start',
      ]),
    );
  });

  it('of a kube-proxy is asked on its own node: it has no socket of TLS', async () => {
    const asked: string[] = [];
    const disks = new Map(
      [...disksIn()].map(([node, disk]) => {
        const run: Disk['run'] = async (command) => {
          asked.push(`${node} ${command.slice(4).join(' ')}`);
          return { status: 0, stdout: `process_start_time_seconds ${Date.now() / 1000}\n`, stderr: '' };
        };
        return [node, { ...disk, run }] as const;
      }),
    );
    const proxies = (held: readonly Held[]) => held.filter(({ component }) => component === 'kube-proxy');
    const held = await heldBy({ disks });
    expect(new Set(proxies(held).map(({ state }) => state))).toEqual(new Set(['fresh']));
    expect(named(held)).toContain('kube-proxy@w1 kubeconfig: start');
    expect(asked.sort()).toEqual([
      'cp http://127.0.0.1:10249/metrics',
      'w1 http://127.0.0.1:10249/metrics http://127.0.0.2:10249/metrics',
    ]);
    change('nodes/w1/etc/kubernetes/kube-proxy.kubeconfig', (text) => `${text}\n# new\n`);
    expect(stale(await heldBy({ disks }))).toEqual(['kube-proxy@w1 kubeconfig: start']);
  });

  it.each([
    [
      'nobody answers there',
      async () => ({ status: 1, stdout: '', stderr: 'curl: (7) no\u001b[2J\n' }),
      'does not answer: curl: (7) no\\x1b[2J',
    ],
    [
      'something else answers',
      async () => ({ status: 0, stdout: 'nothing\n', stderr: '' }),
      'the answer has no process_start_time_seconds',
    ],
    [
      'no command runs',
      () => directoryHost(tree.state).run(['true'], { timeout: 1_000 }),
      'could not be asked: no command runs on a directory',
    ],
    ['nobody may', undefined, 'on its node http://127.0.0.1:10249/metrics was not asked'],
  ] as const)('of a kube-proxy is unknown, and why: %s', async (_, run, why) => {
    const disks = new Map(
      [...disksIn()].map(([node, disk]) => [node, { ...disk, ...(run && { run }) }] as const),
    );
    const held = await heldBy({ disks });
    const proxy = held.find(({ component, role }) => component === 'kube-proxy' && role === 'kubeconfig');
    expect(proxy).toMatchObject({ state: 'unknown', text: expect.stringContaining(why) as string });
  });

  it.each([
    {
      file: `${CP}/pki/etcd-ca.crt`,
      change: (text: string) => text + STRAY,
      old: ['etcd@cp client-anchors: authorities', 'kube-apiserver@cp etcd-anchors: start'],
      restart: ['etcd@cp', 'etcd-peer@cp', 'kube-apiserver@cp'],
    },
    {
      file: `${CP}/pki/sa.pub`,
      change: (text: string) =>
        text +
        generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'pem', type: 'spki' }),
      old: ['kube-apiserver@cp token-keys: keys'],
      restart: ['kube-apiserver@cp'],
    },
    {
      file: `${CP}/pki/sa.key`,
      change: (text: string) => `${text}\n`,
      old: ['kube-apiserver@cp token-keys: start', 'kube-controller-manager@cp token-keys: leadership'],
      restart: ['kube-apiserver@cp', 'kube-controller-manager@cp'],
    },
    {
      file: `${CP}/pki/ca.crt`,
      change: (text: string) => text + STRAY,
      old: [
        'kube-controller-manager@cp published-anchors: published',
        // Its path is named by a kubeconfig.
        'kubelet@cp kubeconfig-anchors: start',
      ],
      restart: ['kube-controller-manager@cp', 'kubelet@cp'],
    },
    {
      file: 'nodes/w1/etc/kubernetes/kubelet.kubeconfig',
      change: (text: string) => `${text}\n# new\n`,
      old: ['kubelet@w1 kubeconfig: start'],
      restart: ['kubelet@w1'],
    },
  ])(
    'is old when $file was changed, until it is started anew',
    async ({ file, change: made, old, restart }) => {
      change(file, made);
      expect(stale(await heldBy())).toEqual(old);
      const report = await proofOf();
      expect(reportState(report)).toBe('failed');
      const files = report.memory?.filter(({ state }) => state === 'stale').flatMap((one) => one.files);
      expect(new Set(files)).toEqual(new Set([file]));
      for (const id of restart) await twin.restart(id);
      changed.clear();
      expect(stale(await heldBy())).toEqual([]);
    },
  );

  it('is shown in part where no disk is in sight, and the rest is unknown with its reason', async () => {
    const report = await proofOf({ disks: new Map() });
    // Extra facts: the edges are proven without them.
    expect(reportState(report)).toBe('ok');
    const held = report.memory ?? [];
    expect(named(held.filter(({ state }) => state === 'fresh'))).toEqual(
      expect.arrayContaining(['kube-apiserver@cp token-keys: keys', 'etcd@cp client-anchors: trial']),
    );
    const unknown = held.filter(({ state }) => state === 'unknown');
    expect(unknown.length).toBeGreaterThan(5);
    for (const { text, onDisk } of unknown) {
      expect(text).toContain('does not say how it is reached');
      expect(onDisk).toBe(false);
    }
  });

  it('says why a disk could not be read, and looks at the others', async () => {
    rmSync(tree.at('nodes/w1'), { recursive: true });
    const away = (await heldBy()).filter(({ node, state }) => node === 'w1' && state === 'unknown');
    expect(away.length).toBeGreaterThan(0);
    for (const { text } of away) expect(text).toMatch(/not in sight: is not there, or no directory/);
    const broken: Disk = {
      read: () => Promise.reject(new KubetlsError({ code: 'hosts/read', message: 'no' })),
      times: async () => [],
    };
    const held = await heldBy({ disks: new Map([...disksIn(), ['cp', broken]]) });
    expect(
      held.filter(({ text }) => text === 'the disk of its node is not in sight: no').length,
    ).toBeGreaterThan(0);
  });

  it('is asked by whom the program lets ask', async () => {
    const users = YAML.replace(/users: .*/, 'users: [{ name: nobody, groups: [] }]');
    await tree.edit(users);
    await tree.apply();
    const held = await heldBy();
    const keys = held.find(({ role, told }) => role === 'token-keys' && told);
    // Nobody of these may see the keys; when it was started, none may either.
    expect(keys).toMatchObject({ state: 'unknown', component: 'kube-apiserver' });
    expect(keys?.text).toMatch(/^GET \/metrics: forbidden: User "/);
    // Kubelets are asked by kube-apiserver.
    expect(named(held)).toContain('kubelet@w1 kubeconfig: start');
  });

  it('is of the programs at both ends of the edges that are proven', async () => {
    const edges = tree.cluster().edges.filter(({ id }) => id === 'kubelet@w1/kube-apiserver@cp');
    const held = await heldBy({}, { edges });
    expect(new Set(held.map(({ component, node }) => `${component}@${node}`))).toEqual(
      new Set(['kubelet@w1', 'kube-apiserver@cp']),
    );
    expect(held.find(({ role, component }) => role === 'kubeconfig' && component === 'kubelet')?.state).toBe(
      'fresh',
    );
  });

  it('is not asked for unless it is wanted', async () => {
    const { memory: _, ...without } = await inputWithout();
    expect((await prove(without)).memory).toBeUndefined();
  });

  async function inputWithout(): Promise<ProveInput> {
    return {
      edges: tree.cluster().edges,
      inventory: await tree.inventory(),
      addressOf: ({ id }) => twin.address(id),
      clock: { now: Date.now },
      random: systemRandom(),
      keys: systemKeys(),
      timeout: 5_000,
      concurrency: 8,
    };
  }

  it('tells how far it is, and an interrupt ends it', async () => {
    const disks: [number, number][] = [];
    const answers: [number, number][] = [];
    await heldBy({
      onDisks: (done, of) => void disks.push([done, of]),
      onAnswers: (done, of) => void answers.push([done, of]),
    });
    expect(disks.at(-1)).toEqual([2, 2]);
    const [done, of] = answers.at(-1) ?? [0, 0];
    expect(done).toBe(of);
    expect(of).toBeGreaterThan(5);
    const stop = new AbortController();
    const stopped = proofOf({ onDisks: () => stop.abort() }, { signal: stop.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'prove/interrupted' });
  });
});
