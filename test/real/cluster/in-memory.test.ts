// What real programs hold in memory, against what their files hold: a file is changed on a node's disk, and nobody is
// restarted. `prove` must name the program, the file and the remedy, and nothing else; and once that is done, nothing.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { KUBERNETES } from '../../../scripts/real-programs.mjs';
import { utf8 } from '../../../src/base/index.ts';
import { type Certificate, readCertificates, readPrivateKey, writePem } from '../../../src/x509/index.ts';
import { keyOf, mint, rootDraft } from '../../judges/mint.ts';
import type { ClusterTree } from '../cluster-tree.ts';
import { type HeldFile, proveAnswer } from '../kubetls-program.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
import { type Design, hosted, type Topology, yamlOf } from './scenarios.ts';
import { until } from './until.ts';

const LONG = 120_000; // milliseconds
const TO_END = 2_000; // milliseconds; etcd would take its time, and there is nobody to hand over to

/** Each of these files stands on a disk of its own: nobody else reads what is changed of one. */
const topology: Topology = {
  nodes: [
    { name: 'cp1', roles: ['control-plane'], address: '10.20.0.11' },
    { name: 'etcd1', roles: ['etcd'], address: '10.20.0.14' },
    { name: 'w1', roles: ['worker'], address: '10.20.0.21' },
  ],
  balancer: undefined,
};
const design: Design = { title: 'in memory', topology, profile: 'kubeadm', spec: [] };

const stray = mint({ ...rootDraft('stray', keyOf('in-memory stray')), keyUsage: ['keyCertSign'] });
const STRAY = writePem('CERTIFICATE', stray.der);

interface Stale {
  process: string;
  role: string;
  by: string;
  restart: string;
}

interface Row extends Stale {
  what: string;
  file: string;
  change: (text: string, tree: ClusterTree) => string;
  /** Others read the same file at once: their edges are held against what the state says of it. */
  inState?: true;
  /** Who holds the same file, and is to be restarted, too. */
  too?: readonly Stale[];
}

const PKI = 'etc/kubernetes/pki';
const withStray = (text: string): string => text + STRAY;

/**
 * The same name and the same key, another certificate: an authority whose time was prolonged. A second one beside it
 * would end the controller manager, which signs by this file, too.
 */
function reissued(text: string, tree: ClusterTree): string {
  const [old] = readCertificates(utf8(text)).certificates;
  const key = readPrivateKey(readFileSync(tree.at('authorities/cluster/g1/ca.key')));
  if (!old) throw new Error('there is no authority');
  const { subject, subjectKeyId } = old;
  prolonged ??= mint({ ...rootDraft('kubernetes', key), subject, issuer: subject, subjectKeyId });
  return writePem('CERTIFICATE', prolonged.der);
}

/** The file and what the state says of it are to be the same. */
let prolonged: Certificate | undefined;

/** Before 1.36 no client of client-go reads an authority again (src/cluster/reload.ts, ClientsAllowCARotation). */
const kubeletAnchors: readonly Stale[] =
  KUBERNETES === '1.35'
    ? [
        {
          process: 'kube-apiserver@cp1',
          role: 'kubelet-anchors',
          by: 'start',
          restart: 'crictl ps -q --name kube-apiserver | xargs -r crictl stop',
        },
      ]
    : [];

/** Nobody holds it any more: to wait until it has run out takes 15 s. */
const FREE_LEASE = ['-n', 'kube-system', 'delete', 'lease', 'kube-controller-manager'];

const ROWS: readonly Row[] = [
  // First: who was started within three seconds of the change is of an unknown age (src/trust/in-memory/clocks.ts).
  {
    what: "the controller manager's root CA",
    file: `nodes/cp1/${PKI}/ca.crt`,
    change: reissued,
    inState: true,
    process: 'kube-controller-manager@cp1',
    role: 'published-anchors',
    by: 'published',
    restart: 'crictl ps -q --name kube-controller-manager | xargs -r crictl stop',
    too: kubeletAnchors,
  },
  {
    what: "etcd's trusted CA",
    file: `nodes/etcd1/${PKI}/etcd/ca.crt`,
    change: withStray,
    process: 'etcd@etcd1',
    role: 'client-anchors',
    by: 'authorities',
    restart: 'crictl ps -q --name etcd | xargs -r crictl stop',
  },
  {
    what: "kube-apiserver's CA of etcd",
    file: `nodes/cp1/${PKI}/etcd/ca.crt`,
    change: withStray,
    process: 'kube-apiserver@cp1',
    role: 'etcd-anchors',
    by: 'start',
    restart: 'crictl ps -q --name kube-apiserver | xargs -r crictl stop',
  },
  {
    what: 'the public keys of service accounts',
    file: `nodes/cp1/${PKI}/sa.pub`,
    change: (text) =>
      text +
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'pem', type: 'spki' }),
    process: 'kube-apiserver@cp1',
    role: 'token-keys',
    by: 'keys',
    restart: 'crictl ps -q --name kube-apiserver | xargs -r crictl stop',
  },
  {
    what: "the CA in a kubelet's kubeconfig",
    file: 'nodes/w1/etc/kubernetes/kubelet.conf',
    change: (text) =>
      text.replace(/(certificate-authority-data: *)(\S+)/, (_, key: string, data: string) => {
        const both = Buffer.from(data, 'base64').toString() + STRAY;
        return key + Buffer.from(both).toString('base64');
      }),
    process: 'kubelet@w1',
    role: 'kubeconfig',
    by: 'start',
    restart: 'systemctl restart kubelet',
  },
];

describe.skipIf('missing' in ground)(
  'what real programs hold in memory (needs Go, root and network namespaces)',
  () => {
    const cluster = booted(design);
    beforeAll(async () => {
      const { disks, tree } = cluster();
      // The disks of its nodes are directories.
      await tree.edit(hosted(yamlOf(design), disks.of));
    });
    const proof = async (...words: string[]) => {
      const report = proveAnswer(
        await cluster().kubetls(['prove', ...cluster().connect, ...words, '-o', 'json']),
      );
      return {
        ...report,
        of: (state: HeldFile['state']) => report.inMemory.filter((one) => one.state === state),
      };
    };

    const stale = async () => {
      const { code, edges, refusals, of } = await proof();
      const notOk = [...edges, ...refusals].filter(({ state }) => state !== 'ok');
      return { code, notOk, old: of('stale') };
    };

    it(
      'is what their files hold: all of it is seen',
      async () => {
        const published = ['-n', 'kube-system', 'get', 'configmap', 'kube-root-ca.crt', '--ignore-not-found'];
        await until(
          'the authority is published',
          async () => (await cluster().mustKubectl(published)) !== '',
        );
        const { code, edges, of } = await proof();
        expect(of('stale')).toEqual([]);
        expect(of('unknown')).toEqual([]);
        expect(edges.filter(({ state }) => state !== 'ok')).toEqual([]);
        expect(code).toBe(0);
        const seen = of('fresh').map(({ process, role, by }) => `${process} ${role}: ${by}`);
        for (const { process, role, by } of ROWS) {
          const usual = by === 'authorities' ? 'trial' : by;
          expect(seen).toContain(`${process} ${role}: ${usual}`);
        }
      },
      LONG,
    );

    it(
      'shows in part where no disk is in sight, which is said and is no failure',
      async () => {
        const { code, of } = await proof('--no-disks');
        expect(code).toBe(0);
        expect(of('stale')).toEqual([]);
        const seen = of('fresh').map(({ process, role, by }) => `${process} ${role}: ${by}`);
        expect(seen).toEqual(
          expect.arrayContaining([
            'etcd@etcd1 client-anchors: trial',
            'kube-apiserver@cp1 token-keys: keys',
            'kube-controller-manager@cp1 published-anchors: published',
          ]),
        );
        const unseen = of('unknown').filter(
          ({ process, role }) => `${process} ${role}` === 'kubelet@w1 kubeconfig',
        );
        expect(unseen.map(({ text }) => text)).toEqual([expect.stringContaining('not in sight')]);
        expect(of('fresh').filter(({ onDisk }) => onDisk)).toEqual([]);
      },
      LONG,
    );

    it.each(ROWS)(
      '$what: the program, the file and the remedy are named; after it nothing is',
      async ({ file, change, inState, too = [], ...first }) => {
        const { disks, tree } = cluster();
        for (const at of [disks.at(file), ...(inState ? [tree.at(file)] : [])])
          await changeFile(at, (text) => change(text, tree));
        const { process, role } = first;
        let last = await stale();
        const seen = async () => (last = await stale()).old.length > 0 && last.notOk.length === 0;
        const whole = async () => (last = await stale()).old.length + last.notOk.length === 0;
        await until(`${process} is seen to be old`, seen, { why: () => JSON.stringify(last, null, 1) });
        const { code, old } = last;
        const expected = [first, ...too].map((one) => ({
          process: one.process,
          node: one.process.replace(/^.*@/, ''),
          role: one.role,
          files: [file],
          state: 'stale',
          by: one.by,
          text: expect.any(String) as unknown,
          onDisk: true,
          remedy: {
            kind: 'restart',
            within: null,
            commands: [expect.stringContaining(one.restart) as unknown],
          },
        }));
        expect(old).toEqual(expected);
        expect(code).toBe(1);
        // What it holds from now on is what the state says, too: its edges are held against that.
        await copyFile(disks.at(file), tree.at(file));
        await cluster().component(process).stop(TO_END);
        if (role === 'published-anchors') await cluster().mustKubectl(FREE_LEASE);
        await cluster().component(process).start();
        for (const one of too) await cluster().component(one.process).restart();
        await until(`${process} is fresh, and every edge proven`, whole, {
          why: () => JSON.stringify(last, null, 1),
        });
      },
      LONG,
    );
  },
);

/** Written beside and renamed, as an administrator's tool would. */
async function changeFile(file: string, change: (text: string) => string): Promise<void> {
  const before = await readFile(file, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${file} did not change`);
  await writeFile(`${file}.new`, after, { mode: (await stat(file)).mode & 0o777 });
  await rename(`${file}.new`, file);
}
