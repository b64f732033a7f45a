import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { handshakesDuring } from '../handshakes.ts';
import { kubetlsCommand, proveAnswer } from '../kubetls-program.ts';
import { mustRun } from '../run-program.ts';
import { at } from './commands.ts';
import { get, tunnel } from './dial.ts';
import { deploy } from './disks.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
import { runPods } from './pods.ts';
import { type Design, TOPOLOGIES, yamlOf } from './scenarios.ts';

const LONG = 180_000; // milliseconds
const DESIGN: Design = {
  title: 'three of each, and then one more',
  topology: TOPOLOGIES.ha,
  profile: 'flat',
  spec: [],
};
const NEW_NODE = { name: 'w4', roles: ['worker'], address: '10.20.0.24' } as const;
const NEW_NAME = 'api.new.example.test';
const CHANGED: Design = {
  ...DESIGN,
  topology: { ...DESIGN.topology, nodes: [...DESIGN.topology.nodes, NEW_NODE] },
  spec: [`sans: { kube-apiserver: [${NEW_NAME}, 203.0.113.7] }`],
};
const SERVING = 'etc/kubernetes/pki/apiserver';

describe.skipIf('missing' in ground)(
  'a name more and a node more, in a running cluster (needs Go, root and network namespaces)',
  () => {
    const cluster = booted(DESIGN);
    const kubetls = async (...words: string[]) => {
      const [program, ...args] = await kubetlsCommand(cluster().tree, words);
      return mustRun(program, args);
    };
    const administrator = async () => {
      const { tree } = cluster();
      const read = (file: string) => readFile(tree.at(`users/kube-admin/${file}`));
      return { cert: await read('admin.crt'), key: await read('admin.key'), ca: await read('ca.crt') };
    };
    const pids = () =>
      cluster()
        .components()
        .map((one) => [one.id, one.pid()]);
    /** Of each kube-apiserver, dialled under a name: its answer, or what is wrong with it. */
    const answers = async (servername: string) => {
      const client = await administrator();
      const { apiservers } = cluster().wiring;
      return Promise.all(
        apiservers.map(({ address }) =>
          get(cluster().namespace.door, `https://${at(address)}/readyz`, { ...client, servername }).then(
            ({ status }) => status,
            (error: { code?: string }) => error.code,
          ),
        ),
      );
    };

    it('changes the certificates that have the name, and makes those that the node needs', async () => {
      expect(await answers(NEW_NAME)).toEqual(Array(3).fill('ERR_TLS_CERT_ALTNAME_INVALID'));
      await cluster().tree.edit(yamlOf(CHANGED));
      const { stdout } = await kubetls('plan', '-o', 'json');
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape that docs promise
      const { actions } = JSON.parse(stdout) as { actions: { verb: string; node: string; path: string }[] };
      const done = actions.filter(({ verb }) => verb !== 'keep');
      const replaced = done.filter(({ verb }) => verb !== 'create').map(({ path }) => path);
      expect(replaced.sort()).toEqual(['cp1', 'cp2', 'cp3'].map((node) => `nodes/${node}/${SERVING}.crt`));
      expect(new Set(done.filter(({ verb }) => verb === 'create').map(({ node }) => node))).toEqual(
        new Set([NEW_NODE.name]),
      );
    });

    it(
      'is served by every kube-apiserver at once, without a restart and without one failed handshake',
      async () => {
        const { tree, disks, wiring, namespace } = cluster();
        const [first] = wiring.apiservers;
        if (!first) throw new Error('there is no kube-apiserver');
        const { host, port } = first.address;
        const before = pids();
        const keys = () =>
          Promise.all(
            ['cp1', 'cp2', 'cp3'].map((node) => readFile(disks.at(`nodes/${node}/${SERVING}.key`))),
          );
        const keysBefore = await keys();
        const seen = await handshakesDuring(
          `https://${at(first.address)}/readyz`,
          await administrator(),
          async (soFar) => {
            await vi.waitFor(() => expect(soFar.done).toBeGreaterThan(10), { timeout: 30_000 });
            await kubetls('apply', '-y');
            const changed = await deploy(tree, disks);
            expect(changed.filter((file) => !file.startsWith(`nodes/${NEW_NODE.name}/`))).toEqual(
              ['cp1', 'cp2', 'cp3'].map((node) => `nodes/${node}/${SERVING}.crt`),
            );
            await vi.waitFor(async () => expect(await answers(NEW_NAME)).toEqual([200, 200, 200]), {
              timeout: 30_000,
            });
            const enough = soFar.done + 20;
            await vi.waitFor(() => expect(soFar.done).toBeGreaterThan(enough), { timeout: 30_000 });
          },
          () => tunnel(namespace.door, host, port),
        );
        expect(seen.failures).toEqual([]);
        expect(seen.serials).toHaveLength(2);
        expect(pids()).toEqual(before);
        // 0004: no file of a pair is ever without its other half.
        expect(await keys()).toEqual(keysBefore);
      },
      LONG,
    );

    it(
      'lets the node join, and brings logs and exec from it',
      async () => {
        const node = cluster()
          .tree.cluster()
          .spec.nodes.find(({ name }) => name === NEW_NODE.name);
        if (!node) throw new Error('the file does not have it');
        await cluster().join(node);
        await runPods(cluster(), [NEW_NODE.name]);
        expect(await cluster().mustKubectl(['logs', 'on-w4'])).toBe('this is still\n');
        expect(await cluster().mustKubectl(['exec', 'on-w4', '--', 'printenv', 'CONTAINER'])).toContain(
          'on-w4',
        );
        expect(cluster().faults()).toEqual([]);
      },
      LONG,
    );

    it('each kube-proxy tells in the clear since when it runs: it has no socket of TLS', async () => {
      const { status, body } = await get(
        cluster().namespace.door,
        `http://${NEW_NODE.address}:10249/metrics`,
      );
      expect(status).toBe(200);
      expect(body).toMatch(/^process_start_time_seconds 1\.\d+e\+09$/m);
    });

    it('is proven whole, the new node among the others', async () => {
      const report = proveAnswer(await cluster().kubetls(['prove', '-o', 'json']));
      const notOk = ({ state }: { state: string }) => state !== 'ok';
      expect(report.edges.filter(notOk)).toEqual([]);
      expect(report.refusals.filter(notOk)).toEqual([]);
      // To each kube-apiserver from its kubelet and its kube-proxy, and from each to its kubelet.
      expect(report.edges).toHaveLength(111 + 9);
    });
  },
);
