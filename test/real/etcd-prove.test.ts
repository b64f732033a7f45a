import { X509Certificate } from 'node:crypto';
import { copyFile, readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { evaluateAll } from '../../src/trust/index.ts';
import { type ClusterTree, clusterTree } from './cluster-tree.ts';
import { type EtcdCluster, startEtcdCluster } from './etcd-cluster.ts';
import {
  apiserverEdges,
  etcdAddress,
  etcdClient,
  etcdEdges,
  etcdMembers,
  isPeerEdge,
} from './etcd-from-tree.ts';
import { handshakesDuring } from './handshakes.ts';
import { kubetls, kubetlsProve, type ProvenEdge } from './kubetls-program.ts';
import { opensslLeaf } from './openssl-pki.ts';

const real = await realTools();

const MEMBERS = [11, 12, 13].map((n) => `{ name: m${n}, roles: [etcd], addresses: [127.0.0.${n}] }`);
const apart = `nodes: [{ name: cp, roles: [control-plane], addresses: [127.0.0.10] }, ${MEMBERS.join(', ')}]`;
const single = 'nodes: [{ name: cp, roles: [control-plane, etcd], addresses: [127.0.0.14] }]';
const PKI = 'etc/kubernetes/pki';

describe.skipIf('missing' in real)('kubetls beside real etcd (needs Go)', () => {
  const tools = 'missing' in real ? { etcd: '', etcdctl: '' } : real;
  let tree: ClusterTree;
  let etcd: EtcdCluster;
  const start = async (spec: string) => {
    tree = await clusterTree(yaml(spec));
    etcd = await startEtcdCluster(tools, etcdMembers(tree));
    await etcd.waitReady();
  };
  const yaml = (spec: string) => `metadata: { name: demo }\nspec: { ${spec} }\n`;
  afterEach(async () => {
    await etcd?.stop();
    await tree?.remove();
  });

  /** The real sockets in place of the addresses of the yaml. */
  const sockets = () => {
    const endpoints = tree.cluster().endpoints.filter(({ component }) => component === 'etcd');
    return endpoints.flatMap((endpoint) => {
      const { host, port } = etcdAddress(endpoint, etcd);
      return ['--connect', `${endpoint.id}=${host}:${port}`];
    });
  };
  /** And only the edges to them. */
  const connected = () => [...sockets(), '--edge', '/etcd@', '--edge', '/etcd-peer@'];

  describe('prove --connect', () => {
    beforeEach(() => start(`profile: flat, ${apart}`));

    it('finds every edge and every refusal as predicted', async () => {
      const { code, edges, refusals } = await kubetlsProve(tree, connected());
      expect(code).toBe(0);
      expect(edges.map(({ id }) => id).sort()).toEqual(
        etcdEdges(tree)
          .map(({ id }) => id)
          .sort(),
      );
      expect(edges.flatMap(disagreement)).toEqual([]);
      expect(new Set(refusals.map(({ state }) => state))).toEqual(new Set(['ok']));
      expect(refusals).toHaveLength(12);
    });

    it("foretells what another authority in a client's CA file breaks", async () => {
      await copyFile(tree.at(`nodes/cp/${PKI}/front-proxy-ca.crt`), tree.at(`nodes/cp/${PKI}/etcd-ca.crt`));
      const { code, edges } = await kubetlsProve(tree, connected());
      expect(code).toBe(1);
      expect(edges.flatMap(disagreement)).toEqual([]);
      const failed = edges.filter(({ state }) => state === 'failed');
      expect(failed.map(({ id }) => id)).toEqual(
        ['m11', 'm12', 'm13'].map((node) => `kube-apiserver@cp/etcd@${node}`),
      );
      expect(new Set(failed.map(({ observed }) => observed?.error))).toEqual(
        new Set(['tls: failed to verify certificate: x509: certificate signed by unknown authority']),
      );
    });

    // etcd reads its CA files at start only, so the member is restarted. It finds no quorum then, and opens
    // its client port to nobody: what cannot be seen must at least be predicted to fail.
    it("foretells what another authority in a member's CA file breaks", async () => {
      await copyFile(tree.at(`nodes/cp/${PKI}/front-proxy-ca.crt`), tree.at(`nodes/m11/${PKI}/etcd-ca.crt`));
      await etcd.members.find(({ name }) => name === 'm11')?.restart();
      const { code, edges } = await kubetlsProve(tree, [...connected(), '--timeout', '1']);
      expect(code).toBe(1);
      const unseen = edges.filter(({ observed }) => observed === null);
      expect(edges.filter((edge) => !unseen.includes(edge)).flatMap(disagreement)).toEqual([]);
      expect(unseen.filter(({ predicted }) => predicted.ok)).toEqual([]);
      const failed = edges.filter(({ state }) => state === 'failed').map(({ id }) => id);
      expect(failed).toEqual(edges.map(({ id }) => id).filter((id) => id.includes('m11')));
      expect(failed).toContain('etcd@m12/etcd-peer@m11');
    });
  });

  // client/pkg/transport/listener_tls.go, checkCertSAN: on loopback every member dials from 127.0.0.1, which
  // the certificates of kubetls have for that reason.
  it('foretells what etcd says to a peer whose certificate lacks the address that it dials from', async () => {
    tree = await clusterTree(yaml(`profile: flat, ${apart}`));
    const authority = {
      cert: tree.at('authorities/etcd/g1/ca.crt'),
      key: tree.at('authorities/etcd/g1/ca.key'),
    };
    // A DNS name would be looked up.
    const made = await opensslLeaf(tree.at('..'), 'lacking', authority, ['IP:127.0.0.13']);
    await copyFile(made.cert, tree.at(`nodes/m13/${PKI}/etcdserver.crt`));
    await copyFile(made.key, tree.at(`nodes/m13/${PKI}/etcdserver.key`));
    etcd = await startEtcdCluster(tools, etcdMembers(tree));
    await etcd.waitReady(['m11', 'm12']);

    const inventory = await tree.inventory();
    const addresses = new Map(['m11', 'm12', 'm13'].map((node) => [node, '127.0.0.1']));
    const verdicts = evaluateAll(etcdEdges(tree).filter(isPeerEdge), inventory, Date.now(), { addresses });
    const refused = [...verdicts].filter(([, { ok }]) => !ok).map(([id]) => id);
    expect(refused).toEqual(['etcd@m13/etcd-peer@m11', 'etcd@m13/etcd-peer@m12']);
    const predicted = verdicts.get('etcd@m13/etcd-peer@m11')?.client.error;
    expect(predicted).toBe('x509: certificate is valid for 127.0.0.13, not 127.0.0.1');
    const { members } = etcd;
    await vi.waitFor(
      () => {
        const errors = members.find(({ name }) => name === 'm11')?.tlsErrors() ?? [];
        expect(new Set(errors.map(({ error }) => error))).toEqual(new Set([predicted]));
      },
      { timeout: 30_000 },
    );

    // What is refused for where it was dialled from says nothing of the member.
    const { code, edges } = await kubetlsProve(tree, [...sockets(), '--edge', 'etcd@m13/etcd-peer@']);
    expect(edges.map(({ id, state, unknown }) => ({ id, state, unknown }))).toEqual(
      refused.map((id) => ({
        id,
        state: 'unknown',
        unknown: `etcd looks at where a peer comes from: prove it on m13, since ${predicted}`,
      })),
    );
    expect(code).toBe(3);
  });

  // 0004: a renewal keeps the key. etcd reads both files at every handshake.
  it('renews a serving pair in place: no handshake fails, and each new certificate is served', async () => {
    await start(`profile: flat, ${single}`);
    const [edge] = apiserverEdges(tree);
    const [member] = etcd.members;
    if (!member || edge.endpoint.serves === 'self-signed') throw new Error('no etcd');
    const { cert, key, ca } = etcdClient(edge, tree);
    const client = { cert: await readFile(cert), key: await readFile(key), ca: await readFile(ca) };
    const served = edge.endpoint.serves;
    const serial = async () => new X509Certificate(await readFile(tree.at(served.certificate))).serialNumber;
    const keyBefore = await readFile(tree.at(served.key));
    const serials = [await serial()];

    const seen = await handshakesDuring(`${member.client}/version`, client, async (soFar) => {
      for (let days = 365; days < 3_650; days *= 2) {
        // What stands there has less left than is asked for.
        const lifetimes = `{ certificate: ${days * 2 - 1}d, renewBefore: ${days + 1}d, authority: 20y }`;
        await tree.edit(yaml(`profile: flat, lifetimes: ${lifetimes}, ${single}`));
        const { code, stderr } = await kubetls(tree, ['apply', '-y']);
        expect(code, stderr).toBe(0);
        serials.push(await serial());
        const enough = soFar.done + 20;
        await vi.waitFor(() => expect(soFar.done).toBeGreaterThan(enough), { timeout: 30_000 });
      }
    });

    expect(seen.failures).toEqual([]);
    expect(new Set(serials).size).toBe(5);
    expect(seen.serials).toEqual(serials);
    expect(await readFile(tree.at(served.key))).toEqual(keyBefore);
    expect(member.tlsErrors()).toEqual([]);
  });
});

/** Where an edge was not seen to be as predicted. The endpoint's reasons stay in its log: of the client only yes and no. */
function disagreement({ id, predicted, observed }: ProvenEdge): object[] {
  const same =
    observed?.server.ok === predicted.server.ok &&
    observed.server.error === predicted.server.error &&
    observed.client.ok === predicted.client.ok;
  return same ? [] : [{ id, predicted, observed }];
}
