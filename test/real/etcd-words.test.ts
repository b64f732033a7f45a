// What real etcd writes into its log about a client, against what evaluate says of the client's files.
import { copyFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { systemKeys, systemRandom } from '../../src/apply/index.ts';
import { DAY, HOUR } from '../../src/base/index.ts';
import type { Edge } from '../../src/cluster/index.ts';
import { type CertificateTemplate, issueCertificate, signerFor } from '../../src/issue/index.ts';
import { evaluate } from '../../src/trust/index.ts';
import { writePem, writePrivateKey } from '../../src/x509/index.ts';
import { LEAF } from '../judges/templates.ts';
import { type ClusterTree, clusterTree } from './cluster-tree.ts';
import { type EtcdCluster, type EtcdMember, startEtcdCluster } from './etcd-cluster.ts';
import { apiserverEdges, etcdClient, etcdMembers } from './etcd-from-tree.ts';

const real = await realTools();

const YAML = `metadata: { name: demo }
spec: { profile: flat, nodes: [{ name: m1, roles: [control-plane, etcd], addresses: [127.0.0.15] }] }
`;

type Client = (tree: ClusterTree, twin: ClusterTree) => Promise<void>;

const CLIENTS: Readonly<Record<string, Client>> = {
  'of another authority': (tree) => take(tree, `nodes/m1/etc/kubernetes/pki/front-proxy-client`, tree),
  'of another authority with the same name': (tree, twin) => take(twin, pairOf(tree), tree),
  'for servers only': (tree) => issue(tree, { extendedKeyUsage: ['serverAuth'] }),
  'for nothing that TLS knows': (tree) => issue(tree, { extendedKeyUsage: ['codeSigning'] }),
  'that has expired': (tree) => issue(tree, { lifetime: HOUR }, -2 * HOUR),
  'that is not yet valid': (tree) => issue(tree, {}, 2 * HOUR),
};

describe.skipIf('missing' in real)('real etcd about a client (needs Go)', () => {
  const tools = 'missing' in real ? { etcd: '', etcdctl: '' } : real;
  let tree: ClusterTree;
  let twin: ClusterTree;
  let etcd: EtcdCluster;
  let member: EtcdMember;
  beforeAll(async () => {
    const clock = { now: () => Date.now() - DAY };
    [tree, twin] = await Promise.all([clusterTree(YAML, { clock }), clusterTree(YAML, { clock })]);
    etcd = await startEtcdCluster(tools, etcdMembers(tree));
    await etcd.waitReady();
    [member = member] = etcd.members;
  });
  afterAll(async () => {
    await etcd?.stop();
    await Promise.all([tree?.remove(), twin?.remove()]);
  });

  it.each(Object.entries(CLIENTS))('%s: its log has the words that were foretold', async (_, plant) => {
    const [edge] = apiserverEdges(tree);
    const before = member.tlsErrors().length;
    await plant(tree, twin);
    const predicted = evaluate(edge, await tree.inventory(), Date.now());
    expect(predicted.server.ok).toBe(true);
    const { code } = await etcd.etcdctl(etcdClient(edge, tree), ['get', 'x']);
    expect(code).toBe(1);
    await vi.waitFor(() => {
      const errors = member
        .tlsErrors()
        .slice(before)
        .map(({ error = '' }) => timeless(error));
      expect(new Set(errors)).toEqual(new Set([timeless(predicted.client.error ?? 'nothing')]));
    });
  });
});

const timeless = (text: string) => text.replace(/current time \S+/, 'current time NOW');

/** Of kube-apiserver towards etcd, without `.crt` and `.key`. */
function pairOf(tree: ClusterTree): string {
  const { presents }: Edge = apiserverEdges(tree)[0];
  if (presents.kind !== 'pair') throw new Error('kube-apiserver shows etcd no pair');
  return presents.certificate.replace(/\.crt$/, '');
}

async function take(from: ClusterTree, base: string, to: ClusterTree): Promise<void> {
  for (const ending of ['crt', 'key'])
    await copyFile(from.at(`${base}.${ending}`), to.at(`${pairOf(to)}.${ending}`));
}

/** A client certificate of etcd's own authority that differs in this, issued so long from now. */
async function issue(tree: ClusterTree, change: Partial<CertificateTemplate>, fromNow = 0): Promise<void> {
  const { entries } = await tree.inventory();
  const ca = entries.get('authorities/etcd/g1/ca.crt')?.content;
  const caKey = entries.get('authorities/etcd/g1/ca.key')?.content;
  const certificate = ca?.kind === 'certificates' ? ca.certificates[0] : undefined;
  if (!certificate || caKey?.kind !== 'private-key') throw new Error('no authority of etcd');
  const key = systemKeys().generate('ecdsa-p256');
  const leaf = issueCertificate({
    template: { ...LEAF, extendedKeyUsage: ['clientAuth'], ...change },
    publicKey: key.publicKey,
    authority: { certificate, signer: signerFor(caKey.key) },
    now: Date.now() + fromNow,
    random: systemRandom(),
  });
  await writeFile(tree.at(`${pairOf(tree)}.crt`), writePem('CERTIFICATE', leaf.der));
  await writeFile(tree.at(`${pairOf(tree)}.key`), writePrivateKey(key, 'traditional').reveal());
}
