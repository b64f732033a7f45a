import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, mint, rootDraft } from '../../test/judges/mint.ts';
import { type ClusterTree, clusterTree } from '../../test/real/cluster-tree.ts';
import { systemKeys, systemRandom } from '../apply/index.ts';
import { DAY, utf8, YEAR } from '../base/index.ts';
import { startTwin } from '../twin/index.ts';
import { writePem } from '../x509/index.ts';
import { type EdgeProof, proofState, prove, type ProveInput, refusalState, reportState } from './index.ts';

const YAML = `
apiVersion: kubetls/v1
kind: Cluster
metadata: { name: demo }
spec:
  profile: flat
  endpoint: kube-apiserver:6443
  nodes: [{ name: cp, roles: [control-plane, etcd, worker], addresses: [127.0.0.1] }]
  users: [{ name: kube-admin, groups: ["system:masters"] }]
`;
const PKI = 'nodes/cp/etc/kubernetes/pki';

/** What a server does that lies: which authorities it names and believes, and what it answers. */
interface Lie {
  /** Undefined: it does not ask for a certificate. */
  readonly authorities: readonly string[] | undefined;
  /** By whether the certificate chains to one of the authorities. */
  readonly answer: (known: boolean, socket: TLSSocket) => readonly [number, unknown];
}

const whoIs = (username: string, groups: readonly string[] = []) => ({
  kind: 'SelfSubjectReview',
  status: { userInfo: { username, groups } },
});

describe('a proof', () => {
  let tree: ClusterTree;
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  beforeAll(async () => void (tree = await clusterTree(YAML)));
  afterAll(() => tree.remove());
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });

  const anchors = (name: string) => readFileSync(tree.at(`${PKI}/${name}.crt`), 'utf8');

  /** It has the right certificate, and that is all that is right about it. */
  async function lying(endpoint: 'apiserver' | 'etcd', { authorities, answer }: Lie): Promise<number> {
    const base = endpoint === 'etcd' ? 'etcdserver' : 'apiserver';
    const pair = { cert: anchors(base), key: readFileSync(tree.at(`${PKI}/${base}.key`)) };
    const asks = { requestCert: true, rejectUnauthorized: false, ca: [...(authorities ?? [])] };
    const server = createServer({ ...pair, ...(authorities && asks) }, (socket) => {
      socket
        .on('error', () => {})
        .once('data', () => {
          const [status, body] = answer(socket.authorized, socket);
          const json = JSON.stringify(body);
          const head = `HTTP/1.1 ${status} Words\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n`;
          socket.end(head + json);
        });
    });
    servers.push(server);
    server
      .on('tlsClientError', () => {})
      .on('connection', (socket: Socket) => {
        sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
      });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
    return (server.address() as AddressInfo).port;
  }

  async function proofOf(
    endpoint: string,
    port: number,
    more: Partial<ProveInput> = {},
  ): ReturnType<typeof prove> {
    return prove({
      // The strangers come from the edges of the whole cluster; only those of this endpoint can be dialled.
      edges: tree.cluster().edges,
      inventory: await tree.inventory(),
      addressOf: ({ id }) => (id === endpoint ? { host: '127.0.0.1', port } : undefined),
      clock: { now: Date.now },
      random: systemRandom(),
      keys: systemKeys(),
      timeout: 5_000,
      concurrency: 8,
      ...more,
    });
  }

  async function against(endpoint: 'apiserver' | 'etcd', lie: Lie) {
    const id = endpoint === 'etcd' ? 'etcd@cp' : 'kube-apiserver@cp';
    const report = await proofOf(id, await lying(endpoint, lie));
    expect(reportState(report)).not.toBe('ok');
    const edges = new Map(report.edges.map((proof) => [proof.edge.id, proof]));
    const refusals = new Map(report.refusals.map((proof) => [proof.id, proof]));
    const of = (edge: string): EdgeProof | undefined => edges.get(`${edge}/${id}`);
    return { of, refusal: (what: string) => refusals.get(`${id}: ${what}`) };
  }

  const honest = (known: boolean, socket: TLSSocket): readonly [number, unknown] => {
    if (!known) return [401, { message: 'Unauthorized' }];
    const { CN, O } = socket.getPeerCertificate().subject;
    return [201, whoIs(String(CN), O === undefined ? [] : [O].flat())];
  };

  it('of a twin is whole, and refuses the clients of the other authorities', async () => {
    const options = { clock: { now: Date.now }, keys: systemKeys(), ports: () => 0 };
    const twin = await startTwin(tree.cluster(), tree.state, options);
    try {
      const report = await proofOf('', 0, { addressOf: ({ id }) => twin.address(id) });
      expect(report.edges.filter((proof) => proofState(proof) !== 'ok')).toEqual([]);
      expect(report.refusals.filter((proof) => refusalState(proof) !== 'ok')).toEqual([]);
      expect(report.refusals.map(({ id }) => id)).toEqual(
        expect.arrayContaining([
          'etcd@cp: other-authority cluster',
          'etcd@cp: other-authority front-proxy',
          'kube-apiserver@cp: other-authority etcd',
          'kube-apiserver@cp: other-authority front-proxy',
          'kubelet@cp: other-authority front-proxy',
        ]),
      );
      expect(report.refusals.map(({ id }) => id)).not.toContain('kubelet@cp: other-authority cluster');
    } finally {
      await twin.close();
    }
  });

  it('holds of a server that does not lie: the lies below are all that fails', async () => {
    const authorities = [anchors('ca'), anchors('front-proxy-ca')];
    const answer: Lie['answer'] = (known, socket) =>
      honest(known && socket.getPeerCertificate().subject.CN !== 'front-proxy-client', socket);
    const port = await lying('apiserver', { authorities, answer });
    const { edges, refusals } = await proofOf('kube-apiserver@cp', port);
    const mine = (id: string) => edges.find(({ edge }) => edge.id === `${id}/kube-apiserver@cp`);
    expect(mine('kube-admin')?.observed).toMatchObject({ ok: true, stale: false, notes: [] });
    const owed = refusals.filter(({ endpoint }) => endpoint.id === 'kube-apiserver@cp');
    expect(owed.map(refusalState)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });

  it.each([503, 302, 404, 200])('says nothing of a server that answers %d to everyone', async (status) => {
    const authorities = [anchors('ca'), anchors('front-proxy-ca')];
    const { of, refusal } = await against('apiserver', { authorities, answer: () => [status, {}] });
    const proof = of('kube-admin');
    expect(proof && proofState(proof)).toBe('unknown');
    expect(proof?.unknown).toMatch(`HTTP ${status}: `);
    for (const what of ['no-certificate', 'wrong-authority', 'other-authority etcd']) {
      const owed = refusal(what);
      expect(owed && refusalState(owed), what).toBe('unknown');
    }
  });

  it('sees who is taken for somebody else, and who is without groups', async () => {
    const authorities = [anchors('ca'), anchors('front-proxy-ca')];
    const answer: Lie['answer'] = () => [201, whoIs('system:kube-proxy')];
    const { of } = await against('apiserver', { authorities, answer });
    expect(of('kube-admin')?.observed?.client.error).toBe(
      'authenticated as "system:kube-proxy", presented "kube-admin"',
    );
    expect(of('kube-proxy@cp')?.observed?.client.ok).toBe(true);
    const ungrouped = await against('apiserver', { authorities, answer: () => [201, whoIs('kube-admin')] });
    expect(ungrouped.of('kube-admin')?.observed?.client.error).toBe(
      'authenticated as "kube-admin" without its groups "system:masters"',
    );
  });

  it('sees who is recognized as somebody else', async () => {
    const message = 'forbidden: User "system:kube-proxy" cannot get path "/"';
    const authorities = [anchors('ca'), anchors('front-proxy-ca')];
    const { of } = await against('apiserver', { authorities, answer: () => [403, { message }] });
    expect(of('kube-admin')?.observed?.client.error).toContain('presented "kube-admin"');
  });

  it('sees that no certificate was asked for', async () => {
    const answer: Lie['answer'] = () => [201, whoIs('kube-admin', ['system:masters'])];
    const { of } = await against('apiserver', { authorities: undefined, answer });
    expect(of('kube-admin')?.observed?.client.error).toBe('the endpoint never asked for a certificate');
  });

  it('sees one authority too many, in the handshake and in who is let in', async () => {
    const authorities = ['etcd-ca', 'ca'].map(anchors);
    const answer: Lie['answer'] = (known) => (known ? [200, {}] : [401, {}]);
    const { of, refusal } = await against('etcd', { authorities, answer });
    const proof = of('kube-apiserver@cp');
    expect(proof?.observed).toMatchObject({ ok: true, stale: true });
    expect(proof?.observed?.notes.join()).toContain('which is not among its anchors in the state');
    const owed = refusal('other-authority cluster');
    expect(owed && refusalState(owed)).toBe('failed');
    expect(owed?.observed?.error).toContain(
      'etcd@cp let in a client with a certificate of another authority',
    );
    const invented = refusal('wrong-authority');
    expect(invented && refusalState(invented)).toBe('ok');
  });

  it('sees an old root that is still in memory, and a new one that is not yet', async () => {
    const old = utf8(writePem('CERTIFICATE', mint(rootDraft('old root', keyOf('old root'))).der));
    const authorities = [anchors('ca'), Buffer.from(old).toString()];
    const { of } = await against('apiserver', { authorities, answer: honest });
    const proof = of('kube-admin');
    expect(proof && proofState(proof)).toBe('failed');
    expect(proof?.observed?.notes).toEqual([
      expect.stringMatching(
        /^accepts certificates of .*old root, which is not among its anchors in the state$/,
      ),
      expect.stringMatching(/^does not say that it accepts .*, which is among its anchors in the state$/),
    ]);
  });

  it('is of another instant when it is asked to be, though the handshake is of now', async () => {
    const authorities = [anchors('ca'), anchors('front-proxy-ca')];
    const port = await lying('apiserver', { authorities, answer: honest });
    const before = Date.now();
    const at = before + 30 * YEAR;
    const report = await proofOf('kube-apiserver@cp', port, { at });
    expect(report.at).toBe(at);
    expect(report.handshakesAt - before).toBeLessThan(DAY);
    const proof = report.edges.find(({ edge }) => edge.id === 'kube-admin/kube-apiserver@cp');
    expect(proof?.predicted.error).toContain('certificate has expired');
    expect(proof?.observed?.server.error).toContain('certificate has expired');
  });

  it('that was interrupted is none', async () => {
    const aborted = AbortSignal.abort();
    await expect(proofOf('kube-apiserver@cp', 1, { signal: aborted })).rejects.toMatchObject({
      code: 'prove/interrupted',
    });
  });
});
