// A load balancer's name and address, a control plane and a worker are added to a cluster that runs: what has to change
// is changed, taken up and proven, and nothing else is touched.
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { handshakesDuring } from '../handshakes.ts';
import { proveAnswer } from '../kubetls-program.ts';
import { fingerprints } from '../node-files.ts';
import { untilAggregated } from './aggregation.ts';
import { get, tunnel } from './dial.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
import { runPods } from './pods.ts';
import { type Design, hosted, type Member, TOPOLOGIES, yamlOf } from './scenarios.ts';
import { wiringOf } from './wiring.ts';

const LONG = 180_000; // milliseconds
const DESIGN: Design = {
  title: 'two control planes and a worker, and then one more of each',
  topology: TOPOLOGIES.externalEtcd,
  profile: 'flat',
  spec: [],
};
const CONTROL_PLANE: Member = { name: 'cp3', roles: ['control-plane'], address: '10.20.0.13' };
const WORKER: Member = { name: 'w2', roles: ['worker'], address: '10.20.0.22' };
const NEW_NODES = [CONTROL_PLANE, WORKER];
const NEW_NAMES = ['api.new.example.test', '203.0.113.7'];
const CHANGED: Design = {
  ...DESIGN,
  topology: { ...DESIGN.topology, nodes: [...DESIGN.topology.nodes, ...NEW_NODES] },
  spec: [`sans: { kube-apiserver: [${NEW_NAMES.join(', ')}] }`],
};
const CONTROL_PLANES = CHANGED.topology.nodes.filter(({ roles }) => roles.includes('control-plane'));
/** What the tables say of that; it was 55 and 64. Four strangers are refused at each of 21 sockets. */
const PROVEN = { edges: 102, refusals: 4 * 21 };

const pairs = (...names: string[]) => names.flatMap((name) => [`pki/${name}.crt`, `pki/${name}.key`]);
const kubeconfigs = (...names: string[]) => names.map((name) => `${name}.kubeconfig`);
const ON_WORKER = [
  'pki/ca.crt',
  ...pairs('kubelet', 'kubelet-client', 'kube-proxy'),
  ...kubeconfigs('kubelet', 'kube-proxy'),
];
const ON_CONTROL_PLANE = [
  ...ON_WORKER,
  ...['ca.key', 'etcd-ca.crt', 'front-proxy-ca.crt', 'sa.key', 'sa.pub'].map((name) => `pki/${name}`),
  ...pairs('apiserver', 'apiserver-etcd-client', 'apiserver-kubelet-client', 'front-proxy-client'),
  ...pairs('controller-manager', 'scheduler'),
  ...kubeconfigs('controller-manager', 'scheduler'),
];
const onNode = (node: string, files: readonly string[]) =>
  files.map((file) => `nodes/${node}/etc/kubernetes/${file}`);
const CREATED = [...onNode(CONTROL_PLANE.name, ON_CONTROL_PLANE), ...onNode(WORKER.name, ON_WORKER)].sort();
const REPLACED = ['cp1', 'cp2'].flatMap((node) => onNode(node, ['pki/apiserver.crt']));

describe.skipIf('missing' in ground)(
  'names and nodes more, in a running cluster (needs Go, root and network namespaces)',
  () => {
    const cluster = booted(DESIGN);
    const kubetls = async (...words: string[]) => {
      const { code, stdout, stderr } = await cluster().kubetls(words, '', LONG);
      expect(code, stdout + stderr).toBe(0);
      return stdout;
    };
    const administrator = async () => {
      const { tree } = cluster();
      const read = (file: string) => readFile(tree.at(`users/kube-admin/${file}`));
      return { cert: await read('admin.crt'), key: await read('admin.key'), ca: await read('ca.crt') };
    };
    const pids = (): Record<string, number> =>
      Object.fromEntries(
        cluster()
          .components()
          .map((one) => [one.id, one.pid()]),
      );
    /** Path, mode and content of what the state has, and of what is in /etc of the nodes. */
    const standing = async () => {
      const { tree, disks, directory } = cluster();
      const nodes = tree.cluster().spec.nodes.map(({ name }) => path.join(disks.of(name), 'etc'));
      const roots = [...['authorities', 'nodes', 'users'].map((name) => tree.at(name)), ...nodes];
      const linesIn = async (root: string) =>
        (await fingerprints(root)).map((line) => `${path.relative(directory, root)}${line}`);
      return (await Promise.all(roots.map(linesIn))).flat();
    };
    /** What each kube-apiserver answers who takes it for `name`: kubectl; or `not NAME`, as Go says of what it serves. */
    const calledBy = (name: string) =>
      Promise.all(
        CONTROL_PLANES.map(async ({ address }) => {
          const words = ['--server', `https://${address}:6443`, '--tls-server-name', name];
          const { stdout, stderr } = await cluster().kubectl([...words, 'get', '--raw', '/readyz']);
          const [, lacks] = /x509: certificate is valid for .*, (not \S+)\n$/.exec(stderr) ?? [];
          return lacks ?? stdout + stderr;
        }),
      );
    let before: { pids: Record<string, number>; files: readonly string[] } | undefined;

    it('plans and makes the certificates that lack a name, and what the nodes need', async () => {
      before = { pids: pids(), files: await standing() };
      await cluster().tree.edit(hosted(yamlOf(CHANGED), cluster().disks.of));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape that docs promise
      const { actions } = JSON.parse(await kubetls('plan', '-o', 'json')) as {
        actions: { verb: string; path: string; paths: string[] }[];
      };
      const done = actions.filter(({ verb }) => verb !== 'keep');
      const created = done.filter(({ verb }) => verb === 'create').flatMap(({ paths }) => paths);
      expect(created.sort()).toEqual(CREATED);
      const changed = done.filter(({ verb }) => verb !== 'create').map(({ verb, path }) => `${verb} ${path}`);
      expect(changed.sort()).toEqual(REPLACED.map((file) => `replace ${file}`));
      await kubetls('apply', '-y');
    });

    it('brings no leaves to a machine that has nothing else yet, and says what to do', async () => {
      for (const { name } of NEW_NODES) await mkdir(cluster().disks.of(name));
      const { code, stderr } = await cluster().kubetls(['renew', '-y']);
      expect(code).toBe(4);
      expect(stderr).toContain(`copy nodes/${CONTROL_PLANE.name} of the state onto its root`);
    });

    it.each(NEW_NODES.map(({ name }) => name))(
      'lets %s join, which was given its tree of the state',
      async (name) => {
        const { tree, disks } = cluster();
        await cp(tree.at(`nodes/${name}`), disks.of(name), { recursive: true });
        await cluster().join(name);
        expect(cluster().faults()).toEqual([]);
      },
      LONG,
    );

    it(
      'has logs and exec brought from old and new nodes, through the new kube-apiserver',
      async () => {
        const nodes = ['cp1', 'w1', ...NEW_NODES.map(({ name }) => name)];
        await runPods(cluster(), nodes);
        const kubectl = (...words: string[]) =>
          cluster().mustKubectl(['--server', `https://${CONTROL_PLANE.address}:6443`, ...words]);
        for (const node of nodes) {
          expect(await kubectl('logs', `on-${node}`)).toBe('this is still\n');
          expect(await kubectl('exec', `on-${node}`, '--', 'printenv', 'CONTAINER')).toContain(`on-${node}`);
        }
        const wiring = wiringOf(cluster().tree.cluster(), cluster().disks.at);
        expect(await untilAggregated({ ...cluster(), wiring })).toHaveLength(CONTROL_PLANES.length);
      },
      LONG,
    );

    it('each kube-proxy tells in the clear since when it runs: it has no socket of TLS', async () => {
      const { status, body } = await get(cluster().namespace.door, `http://${WORKER.address}:10249/metrics`);
      expect(status).toBe(200);
      expect(body).toMatch(/^process_start_time_seconds 1\.\d+e\+09$/m);
    });

    it.each(NEW_NAMES)('has no kube-apiserver answer for %s yet, but the new one', async (name) => {
      const expected = CONTROL_PLANES.map((node) => (node === CONTROL_PLANE ? 'ok' : `not ${name}`));
      expect(await calledBy(name)).toEqual(expected);
    });

    it(
      'has the names brought to every kube-apiserver, without a restart and without one failed handshake',
      async () => {
        const [first] = cluster().wiring.apiservers;
        if (!first) throw new Error('there is no kube-apiserver');
        const { host, port } = first.address;
        const seen = await handshakesDuring(
          `https://${host}:${port}/readyz`,
          await administrator(),
          async (soFar) => {
            await vi.waitFor(() => expect(soFar.done).toBeGreaterThan(10), { timeout: 30_000 });
            expect(await kubetls('renew', '-y')).toContain('Rolled out: 2 nodes, 0 restarts');
            const enough = soFar.done + 20;
            await vi.waitFor(() => expect(soFar.done).toBeGreaterThan(enough), { timeout: 30_000 });
          },
          () => tunnel(cluster().namespace.door, host, port),
        );
        expect(seen.failures).toEqual([]);
        expect(seen.serials).toHaveLength(2);
        for (const name of NEW_NAMES)
          expect(await calledBy(name), name).toEqual(CONTROL_PLANES.map(() => 'ok'));
      },
      LONG,
    );

    it('is proven whole, the new nodes among the others, and leaves nothing to do', async () => {
      const report = proveAnswer(await cluster().kubetls(['prove', '-o', 'json']));
      const notOk = ({ state }: { state: string }) => state !== 'ok';
      expect(report.edges.filter(notOk)).toEqual([]);
      expect(report.refusals.filter(notOk)).toEqual([]);
      expect({ edges: report.edges.length, refusals: report.refusals.length }).toEqual(PROVEN);
      expect(report.inMemory.filter(({ state }) => state === 'stale')).toEqual([]);
      expect(await kubetls('renew')).toContain('Nothing to do');
    });

    it('has nothing else touched: no program, and no file of the state or of a node', async () => {
      if (!before) throw new Error('nobody has looked before');
      const { pids: ran, files } = before;
      expect(pids()).toMatchObject(ran);
      const now = await standing();
      const onlyIn = (some: readonly string[], others: readonly string[]) =>
        some.filter((line) => !others.includes(line)).map((line) => line.split(' ')[0] ?? line);
      const inBoth = (paths: readonly string[]) => paths.flatMap((file) => [file, `kubetls-state/${file}`]);
      expect(onlyIn(files, now).sort()).toEqual(inBoth(REPLACED).sort());
      expect(onlyIn(now, files).sort()).toEqual(inBoth([...REPLACED, ...CREATED]).sort());
    });
  },
);
