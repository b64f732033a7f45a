import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import type { Cluster, KubeconfigItem } from '../../src/cluster/index.ts';
import { evaluate } from '../../src/trust/index.ts';
import { type ClusterTree, clusterTree } from './cluster-tree.ts';
import { runProgram } from './run-program.ts';

const real = await realTools();

const SPECS: readonly (readonly [string, string])[] = [
  ['flat', 'profile: flat'],
  [
    'flat, IPv6, pairs reused',
    "profile: flat, endpoint: '[fd00::10]:6443', clients: { kubelet-apiserver: reuse-server }",
  ],
  ['kubeadm', 'profile: kubeadm, endpoint: api.example.test'],
];
const NODES = `nodes: [
    { name: m1, roles: [control-plane, etcd], addresses: [10.0.0.11] },
    { name: worker-1, addresses: [10.0.0.21] }]`;

describe.skipIf('missing' in real).each(SPECS)('real kubectl about %s (needs Go)', (_, spec) => {
  const kubectl = 'missing' in real ? '' : real.kubectl;
  let tree: ClusterTree;
  let cluster: Cluster;
  let configs: KubeconfigItem[];
  beforeAll(async () => {
    tree = await clusterTree(`metadata: { name: demo }\nspec: { ${spec}, ${NODES} }\n`);
    cluster = tree.cluster();
    configs = cluster.items.filter((item) => item.kind === 'kubeconfig');
    expect(configs.length).toBeGreaterThanOrEqual(6);
  });
  afterAll(() => tree?.remove());

  const run = (item: KubeconfigItem, ...args: string[]) =>
    runProgram(kubectl, ['--kubeconfig', tree.at(item.file.path), ...args], {
      env: { PATH: process.env.PATH, HOME: '/nonexistent' },
    });
  const ask = async (item: KubeconfigItem, ...args: string[]) => {
    const { code, stdout, stderr } = await run(item, ...args);
    expect({ code, stderr }, item.id).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  it('loads every kubeconfig without a word, and writes it again as it stands', async () => {
    for (const item of configs) {
      expect(await ask(item, 'config', 'get-contexts', '-o', 'name')).toBe(`${item.contextName}\n`);
      expect(await ask(item, 'config', 'current-context')).toBe(`${item.contextName}\n`);
      expect(await ask(item, 'config', 'view', '--raw')).toBe(
        await readFile(tree.at(item.file.path), 'utf8'),
      );
    }
  });

  it('finds the files that each points at', async () => {
    const inventory = await tree.inventory();
    for (const item of configs) {
      const flat = await ask(item, 'config', 'view', '--raw', '--flatten', '-o', 'json');
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- kubectl's own shape
      const { clusters, users } = JSON.parse(flat) as Flattened;
      const embedded = (data: string | undefined) => Buffer.from(data ?? '', 'base64').toString();
      const certificate = embedded(users[0].user['client-certificate-data']);
      expect(embedded(clusters[0].cluster['certificate-authority-data'])).toMatch(/^-----BEGIN CERT/);
      expect(certificate).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
      expect(embedded(users[0].user['client-key-data'])).toMatch(/^-----BEGIN [A-Z ]*PRIVATE KEY-----\n/);
      if ('embed' in item.credentials) continue;
      const base = item.file.path.slice(0, item.file.path.lastIndexOf('/') + 1);
      const named = inventory.get(base + item.credentials.paths.certificate);
      expect(certificate, item.id).toBe(Buffer.from(named?.bytes ?? []).toString());
    }
  });
});

interface Flattened {
  clusters: [{ cluster: Record<string, string> }];
  users: [{ user: Record<string, string> }];
}

/** A person's files, and what may have become of one of them; undefined: it is gone. */
const DAMAGE: readonly (readonly [string, string, ((text: string) => string) | undefined])[] = [
  ['the CA file is cut off', 'ca.crt', (text) => text.slice(0, 300)],
  ['the CA file is gone', 'ca.crt', undefined],
  ['the CA file is a key', 'ca.crt', (text) => text.replaceAll('CERTIFICATE', 'PRIVATE KEY')],
  ['the CA file is a key and a remark', 'ca.crt', (text) => `${text.replaceAll('CERTIFICATE', 'KEY')}mine\n`],
  ['the CA file holds half a certificate in whole armour', 'ca.crt', (text) => text.replace(/^.{64}\n/m, '')],
  ['the certificate is cut off', 'admin.crt', (text) => text.slice(0, 300)],
  ['the certificate is gone', 'admin.crt', undefined],
  ['the key is cut off', 'admin.key', (text) => text.slice(0, 100)],
  ['the key is gone', 'admin.key', undefined],
];

describe.skipIf('missing' in real)('what kubectl says when (needs Go)', () => {
  const kubectl = 'missing' in real ? '' : real.kubectl;
  let tree: ClusterTree;
  beforeAll(async () => {
    tree = await clusterTree(`metadata: { name: demo }\nspec: { profile: flat, ${NODES} }\n`);
  });
  afterAll(() => tree?.remove());

  const said = ({ code, stderr }: { code: number | null; stderr: string }) =>
    `${code === 1 ? '' : `exit ${code}: `}${stderr.replaceAll(`${tree.state}/`, '')}`;

  it.each(DAMAGE)('%s is what kubetls foretells', async (_, name, change) => {
    const file = tree.at(`users/kube-admin/${name}`);
    const before = await readFile(file, 'utf8');
    if (change) await writeFile(file, change(before));
    else await rm(file);
    try {
      const edge = tree.cluster().edges.find(({ client }) => client.name === 'kube-admin');
      if (!edge) throw new Error('no administrator');
      const predicted = evaluate(edge, await tree.inventory(), Date.now());
      const config = tree.at('users/kube-admin/admin.kubeconfig');
      const flags = ['--kubeconfig', config, '--server', 'https://127.0.0.1:1', 'get', '--raw', '/'];
      // kubectl leaves away how clientcmd begins, and has the whole path of what kubetls calls by its place.
      const text = predicted.error?.replace(/^invalid configuration: /, '') ?? 'nothing';
      // It reads a pair of files beside its first dial: on a busy machine the refused port may be told first.
      await expect
        .poll(() => runProgram(kubectl, flags, { env: { PATH: process.env.PATH } }).then(said), {
          timeout: 20_000,
        })
        .toContain(text);
    } finally {
      await writeFile(file, before);
    }
  });
});
