import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { systemKeys, systemRandom } from '../../src/apply/index.ts';
import { prove, reportState } from '../../src/prove/index.ts';
import { compareProof } from '../judges/compare-proof.ts';
import { type ClusterTree, clusterTree } from './cluster-tree.ts';
import { type EtcdClientTls, type EtcdCluster, startEtcdCluster } from './etcd-cluster.ts';
import { apiserverEdges, etcdAddress, etcdClient, etcdEdges, etcdMembers } from './etcd-from-tree.ts';
import { runProgram } from './run-program.ts';

const real = await realTools();

interface Row {
  title: string;
  spec: string;
  /** Pairs of the first node that chain to an authority which etcd does not trust for its clients. */
  strangers: readonly string[];
  /** And of those that it trusts though nobody means them for etcd: what the warning speaks of. */
  admitted: readonly string[];
}

const NODES = [11, 12, 13].map((n) => `{ name: m${n}, addresses: [127.0.0.${n}], roles: [`);
const stacked = `nodes: [${NODES.map((node) => `${node}control-plane, etcd] }`).join(', ')}]`;
const ofTheirOwn = `nodes: [{ name: cp, roles: [control-plane], addresses: [127.0.0.10] }, ${NODES.map(
  (node) => `${node}etcd] }`,
).join(', ')}]`;
const flat = (etcd: string, client: string) =>
  `profile: flat, authorities: { etcd: ${etcd} }, clients: { apiserver-etcd: ${client} }, ${stacked}`;
const PKI = 'etc/kubernetes/pki';

const MATRIX: readonly Row[] = [
  {
    title: 'flat, etcd separate, a client pair of its own',
    spec: flat('separate', 'own'),
    strangers: [`${PKI}/scheduler`, `${PKI}/apiserver-kubelet-client`, `${PKI}/front-proxy-client`],
    admitted: [],
  },
  {
    title: "flat, etcd separate, the apiserver's server pair reused",
    spec: flat('separate', 'reuse-server'),
    strangers: [`${PKI}/front-proxy-client`],
    admitted: [`${PKI}/scheduler`],
  },
  {
    title: 'flat, etcd shared, a client pair of its own',
    spec: flat('shared', 'own'),
    strangers: [`${PKI}/front-proxy-client`],
    admitted: [`${PKI}/scheduler`],
  },
  {
    title: "flat, etcd shared, the apiserver's server pair reused",
    spec: flat('shared', 'reuse-server'),
    strangers: [`${PKI}/front-proxy-client`],
    admitted: [`${PKI}/scheduler`],
  },
  {
    title: 'kubeadm, stacked',
    spec: `profile: kubeadm, ${stacked}`,
    strangers: [`${PKI}/apiserver-kubelet-client`, `${PKI}/front-proxy-client`],
    admitted: [],
  },
  {
    title: 'kubeadm, etcd on nodes of its own',
    spec: `profile: kubeadm, ${ofTheirOwn}`,
    strangers: [`${PKI}/apiserver-kubelet-client`, `${PKI}/front-proxy-client`],
    admitted: [],
  },
];

describe.skipIf('missing' in real).each(MATRIX.map((row) => [row.title, row] as const))(
  'real etcd from %s (needs Go)',
  (_, row) => {
    const tools = 'missing' in real ? { etcd: '', etcdctl: '' } : real;
    let tree: ClusterTree;
    let etcd: EtcdCluster;
    beforeAll(async () => {
      tree = await clusterTree(`metadata: { name: demo }\nspec: { ${row.spec} }\n`);
      etcd = await startEtcdCluster(tools, etcdMembers(tree));
      await etcd.waitReady();
    });
    afterAll(async () => {
      await etcd?.stop();
      await tree?.remove();
    });
    /** A pair of the first control plane, which trusts etcd's servers as its kube-apiserver does. */
    const client = (base: string): EtcdClientTls => {
      const [edge] = apiserverEdges(tree);
      const pair = tree.at(`nodes/${edge.client.node}/${base}`);
      return { ...etcdClient(edge, tree), cert: `${pair}.crt`, key: `${pair}.key` };
    };

    it('elects a leader among three members that agree, without one refusal in their logs', async () => {
      const files = etcdClient(apiserverEdges(tree)[0], tree);
      const status = await etcd.etcdctl(files, ['endpoint', 'status', '-w', 'json']);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- etcdctl's own shape
      const replies = JSON.parse(status.stdout) as {
        Status: { leader: number; header: { member_id: number } };
      }[];
      expect(new Set(replies.map(({ Status }) => Status.header.member_id)).size).toBe(3);
      expect(new Set(replies.map(({ Status }) => Status.leader)).size).toBe(1);
      const list = await etcd.etcdctl(files, ['member', 'list']);
      expect(list.stdout.match(/, started, m1[123], /g)).toHaveLength(3);
      expect(etcd.members.flatMap((member) => member.tlsErrors())).toEqual([]);
    });

    it('serves each kube-apiserver by the pair that its edges name', async () => {
      const edges = apiserverEdges(tree);
      for (const [i, edge] of edges.entries()) {
        const files = etcdClient(edge, tree);
        const health = await etcd.health(files);
        expect(`${health.stdout}${health.stderr}`.match(/is healthy/g), edge.id).toHaveLength(3);
        expect((await etcd.etcdctl(files, ['put', `key-${i}`, edge.id])).stdout).toBe('OK\n');
        expect((await etcd.etcdctl(files, ['get', `key-${i}`, '--print-value-only'])).stdout).toBe(
          `${edge.id}\n`,
        );
      }
      expect(etcd.members.flatMap((member) => member.tlsErrors())).toEqual([]);
    });

    it('refuses who has no certificate, or one of another authority, and says so', async () => {
      const { ca } = etcdClient(apiserverEdges(tree)[0], tree);
      const endpoints = etcd.members.map((member) => member.client).join(',');
      const nobody = [`--endpoints=${endpoints}`, '--command-timeout=2s', `--cacert=${ca}`, 'get', 'x'];
      const answers = await Promise.all([
        runProgram(tools.etcdctl, nobody),
        ...row.strangers.map((base) => etcd.etcdctl(client(base), ['get', 'x'])),
      ]);
      expect(answers.map(({ code }) => code)).toEqual(answers.map(() => 1));
      const errors = new Set(etcd.members.flatMap((member) => member.tlsErrors()).map(({ error }) => error));
      expect(errors).toEqual(
        new Set([
          "tls: client didn't provide a certificate",
          'tls: failed to verify certificate: x509: certificate signed by unknown authority',
        ]),
      );
    });

    it('lets in whom a warning speaks of, and warns of nobody else', async () => {
      const warned = tree.cluster().warnings.join('\n').includes('can read and write etcd');
      expect(warned).toBe(row.admitted.length > 0);
      for (const base of row.admitted) {
        const put = await etcd.etcdctl(client(base), ['put', 'x', base]);
        expect(put, base).toMatchObject({ code: 0, stdout: 'OK\n' });
      }
    });

    it('proves every edge to either socket: as predicted, and what must be refused is', async () => {
      const edges = etcdEdges(tree);
      const report = await prove({
        edges,
        inventory: await tree.inventory(),
        addressOf: (endpoint) => etcdAddress(endpoint, etcd),
        clock: { now: Date.now },
        random: systemRandom(),
        keys: systemKeys(),
        timeout: 5_000,
        concurrency: 4,
      });
      expect(report.edges).toHaveLength(edges.length);
      const differing = report.edges.flatMap(({ edge, predicted, observed, unknown }) =>
        observed && compareProof(predicted, observed).length === 0
          ? []
          : [{ id: edge.id, observed, unknown }],
      );
      expect(differing).toEqual([]);
      // Two sockets a member, and two intruders each: without a certificate, and with a twin authority's.
      expect(report.refusals).toHaveLength(12);
      expect(reportState(report)).toBe('ok');
    });
  },
);
