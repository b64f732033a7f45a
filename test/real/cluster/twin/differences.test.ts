// Where the twin is not like the real components: both on the same files, dialled in the same way. The titles are
// those that src/twin/differences.ts names.
import { X509Certificate } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pem, reissued } from '../../../judges/audited-tree.ts';
import { type Draft, keyOf, leafDraft, mint, nameOf, san } from '../../../judges/mint.ts';
import { writePrivateKey } from '../../../../src/x509/index.ts';
import { runProgram } from '../../run-program.ts';
import { apiserverCommand } from '../commands.ts';
import { ground } from '../ground.ts';
import { booted } from '../in-test.ts';
import { TOPOLOGIES } from '../scenarios.ts';
import { planted } from '../symptoms/plant.ts';
import { authorityDraft, stranger } from '../symptoms/plants.ts';
import { until } from '../until.ts';
import { ask, handshake, look, type Pair, type Side, type Sides, sidesOf } from './sides.ts';

const LONG = 60_000; // milliseconds
const APISERVER = 'kube-apiserver@cp1';
const ETCD = 'etcd@cp1';
const KUBELET = 'kubelet@w1';
const SCHEDULER = 'kube-scheduler@cp1';
const PKI = 'nodes/cp1/etc/kubernetes/pki';
const WORKER = 'nodes/w1/etc/kubernetes/pki';

describe.skipIf('missing' in ground)(
  'the twin and the real components (needs Go, root and network namespaces)',
  () => {
    const cluster = booted({ title: 'twin', topology: TOPOLOGIES.single, profile: 'flat', spec: [] });
    let sides: Sides;
    beforeAll(async () => void (sides = await sidesOf(cluster())), LONG);
    afterAll(() => sides?.close());

    const pair = async (base: string): Promise<Pair> => ({
      cert: await readFile(cluster().tree.at(`${base}.crt`)),
      key: await readFile(cluster().tree.at(`${base}.key`)),
    });
    const admin = () => pair('users/kube-admin/admin');
    const world = async () => {
      const { tree } = cluster();
      return {
        cluster: tree.cluster(),
        inventory: await tree.inventory(),
        written: await tree.written(),
      };
    };
    const both = async <T>(see: (side: Side) => Promise<T>) => ({
      real: await see(sides.real),
      twin: await see(sides.twin),
    });

    it('speaks HTTP/1.1 where they speak HTTP/2', async () => {
      const dialled = [
        [APISERVER, await admin()],
        [ETCD, await pair(`${PKI}/apiserver-etcd-client`)],
      ] as const;
      for (const [endpoint, credential] of dialled) {
        const protocol = async (side: Side) => {
          const options = { ALPNProtocols: ['h2', 'http/1.1'] };
          const socket = await handshake(side, endpoint, credential, options);
          socket.destroy();
          return socket.alpnProtocol;
        };
        expect(await both(protocol), endpoint).toEqual({ real: 'h2', twin: false });
      }
    });

    it('resumes no session where they do', async () => {
      const credential = await admin();
      const isResumed = async (side: Side) => {
        const options = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
        const first = await handshake(side, APISERVER, credential, options);
        const session = first.getSession();
        first.destroy();
        const again = await handshake(side, APISERVER, credential, {
          ...options,
          ...(session && { session }),
        });
        const isReused = again.isSessionReused();
        again.destroy();
        return isReused;
      };
      expect(await both(isResumed)).toEqual({ real: true, twin: false });
    });

    it('ends a watch at once, and takes no object, where they go on', async () => {
      const credential = await admin();
      const watch = (side: Side) =>
        ask(side, APISERVER, '/api/v1/namespaces?watch=true', credential, {
          until: (text) => text.includes('"ADDED"'),
        });
      const watched = await both(watch);
      expect(watched.real).toMatchObject({ status: 200, ended: false });
      expect(watched.twin).toEqual({ status: 200, ended: true, body: '' });
      const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'mine' } });
      const written = await both((side) =>
        ask(side, APISERVER, '/api/v1/namespaces', credential, { method: 'POST', body }),
      );
      expect([written.real.status, written.twin.status]).toEqual([201, 405]);
    });

    it("takes a peer of etcd from loopback, whom the real one holds against the peer's names", async () => {
      const { directory } = cluster();
      const peer = await issued('etcd', [san('10.20.0.11')]);
      expect((await ask(sides.twin, 'etcd-peer@cp1', '/version', peer)).status).toBe(200);
      const [cert, key] = [path.join(directory, 'peer.crt'), path.join(directory, 'peer.key')];
      await writeFile(cert, peer.cert);
      await writeFile(key, peer.key);
      const curl = [
        'curl',
        '-sk',
        '--http1.1',
        '-o',
        '/dev/null',
        '-S',
        '-w',
        '%{http_code}',
        '--cert',
        cert,
        '--key',
        key,
      ];
      const from = async (address: string) =>
        (await cluster().run([...curl, '--interface', address, 'https://10.20.0.11:2380/raft/probing']))
          .stdout;
      expect([await from('10.20.0.11'), await from('127.0.0.1')]).toEqual(['200', '000']);
      expect(sides.real.log(ETCD)).toMatch(/rejected connection on peer endpoint.*"127\.0\.0\.1/);
    });

    it('sees a symbolic link that was swapped, which they never notice', { timeout: LONG }, async () => {
      const serving = await served();
      const changed = reissued(await world(), `${WORKER}/kubelet`, { names: [san('w1'), san('10.20.0.21')] });
      const homes = [cluster().disks.of('w1'), path.join(cluster().tree.state, 'nodes/w1')];
      const folders = homes.map((home) => path.join(home, 'etc/kubernetes/pki'));
      for (const folder of folders) await behindLink(folder, changed.bytes);
      await Promise.all([sides.real, sides.twin].map((side) => side.restart(KUBELET)));
      expect(await served()).toEqual(serving);
      for (const folder of folders) await swapLink(folder);
      const swapped = await served();
      expect(swapped.twin).not.toBe(serving.twin);
      // A file that is renamed into place they see within 15 ms.
      for (let i = 0; i < 20; i++) expect((await served()).real).toBe(serving.real);
    });

    it('names new client authorities at once, which a kubelet does at its next tick', {
      timeout: LONG,
    }, async () => {
      // The tick of a minute begins with the process.
      await sides.real.restart(KUBELET);
      const restore = await planted(cluster(), [await withStranger(`${WORKER}/ca.crt`)]);
      const guest = await issued(stranger);
      const answers = async (side: Side) => (await ask(side, KUBELET, '/pods', guest)).status;
      await until('the kubelet believes it', async () => (await answers(sides.real)) === 403);
      expect(await answers(sides.twin)).toBe(403);
      const named = async (side: Side) =>
        (await look(side, KUBELET, guest)).acceptableAuthorities?.map((der) =>
          Buffer.from(der).toString('hex'),
        );
      const names = await both(named);
      const added = Buffer.from(stranger.subject.der).toString('hex');
      expect(names.twin).toContain(added);
      expect(names.real).not.toContain(added);
      await restore();
    });

    it('forgets a client authority that is gone, which they keep from a ConfigMap', {
      timeout: LONG,
    }, async () => {
      const guest = await issued(stranger);
      const status = (endpoint: string) => async (side: Side) =>
        (await ask(side, endpoint, '/metrics', guest)).status;
      const [apiserver, scheduler] = [status(APISERVER), status(SCHEDULER)];
      const restore = await planted(cluster(), [await withStranger(`${PKI}/ca.crt`)]);
      await until('the scheduler believes it', async () => (await scheduler(sides.real)) === 403);
      expect(await both(apiserver)).toEqual({ real: 403, twin: 403 });
      expect(await scheduler(sides.twin)).toBe(403);
      await restore();
      await until('kube-apiserver forgets it', async () => (await apiserver(sides.real)) === 401);
      expect(await both(scheduler)).toEqual({ real: 403, twin: 401 });
    });

    it('lets a kubelet list the pods of all nodes, which the Node authorizer does not', async () => {
      const kubelet = await pair(`${WORKER}/kubelet-client`);
      const status = async (side: Side) => (await ask(side, APISERVER, '/api/v1/pods', kubelet)).status;
      expect(await both(status)).toEqual({ real: 403, twin: 200 });
    });

    it('starts without service-account keys and takes no token, which the real one needs and takes', async () => {
      await cluster().mustKubectl(['wait', '--for=create', 'serviceaccount/default', '--timeout=60s']);
      const token = (await cluster().mustKubectl(['create', 'token', 'default'])).trim();
      const headers = { authorization: `Bearer ${token}` };
      const status = async (side: Side) =>
        (await ask(side, APISERVER, '/api/v1/pods', undefined, { headers })).status;
      // Forbidden, as he is known.
      expect(await both(status)).toEqual({ real: 403, twin: 401 });
      const { common, wiring } = cluster();
      const [own] = wiring.apiservers;
      const restore = await planted(cluster(), [{ path: `${PKI}/sa.pub`, remove: true }]);
      await sides.twin.restart(APISERVER);
      const address = { host: '10.20.0.11', port: 7443 };
      const started = await cluster().run(apiserverCommand(common, { ...own!, address }));
      expect(started.code).toBe(1);
      expect(started.stderr).toMatch(/sa\.pub.*no such file/);
      await restore();
    });

    it('leads since it was started, where the real one has to renew its Lease', async () => {
      const credential = await admin();
      const lease = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager';
      const renewed = async (side: Side) => {
        const { body } = await ask(side, APISERVER, lease, credential);
        return /"renewTime": ?"(.*?)"/.exec(body)?.[1] ?? body;
      };
      const before = await both(renewed);
      await until('the Lease is renewed', async () => (await renewed(sides.real)) !== before.real);
      expect(await renewed(sides.twin)).toBe(before.twin);
      expect(Date.parse(before.twin)).toBeGreaterThan(0);
    });

    it('makes its own certificates with ECDSA keys, where they make RSA keys', async () => {
      const kind = async (side: Side) => {
        const { publicKey } = new X509Certificate((await certificateOf(side, SCHEDULER)).raw);
        return publicKey.asymmetricKeyType;
      };
      expect(await both(kind)).toEqual({ real: 'rsa', twin: 'ec' });
    });

    it('logs a handshake that failed, which kube-apiserver only counts', { timeout: LONG }, async () => {
      const { tools } = cluster().common;
      const refuse = async (side: Side) => {
        const server = `https://127.0.0.1:${side.port(APISERVER)}`;
        const config = ['--kubeconfig', cluster().wiring.admin];
        const dialled = ['--server', server, '--tls-server-name', 'nobody.example.test'];
        const env = { PATH: process.env.PATH, HOME: cluster().directory };
        const { stderr } = await runProgram(tools.kubectl, [...config, ...dialled, 'get', 'nodes'], { env });
        expect(stderr).toContain('not nobody.example.test');
      };
      await both(refuse);
      const counted = async () => {
        const { body } = await ask(sides.real, APISERVER, '/metrics', await admin());
        return /^apiserver_tls_handshake_errors_total [1-9]/m.test(body);
      };
      await until('kube-apiserver has counted it', counted, { timeout: 20_000 });
      const LINE = 'http: TLS handshake error';
      expect(sides.real.log(APISERVER)).not.toContain(LINE);
      expect(sides.twin.log(APISERVER)).toContain(LINE);
    });

    /** A client, by an authority of the cluster or by one that it does not have. */
    async function issued(by: 'etcd' | Draft, names?: Draft['names']): Promise<Pair> {
      const key = keyOf('a guest');
      const parent = by === 'etcd' ? authorityDraft(await world(), by) : by;
      const draft = { ...leafDraft(nameOf('guest'), key, parent, []), names };
      return {
        cert: pem(mint({ ...draft, extendedKeyUsage: ['serverAuth', 'clientAuth'] })),
        key: Buffer.from(writePrivateKey(key, 'traditional').reveal()),
      };
    }

    async function withStranger(file: string) {
      const own = await readFile(cluster().tree.at(file));
      return { path: file, mode: 0o644, bytes: Buffer.concat([own, pem(mint(stranger))]) };
    }

    const served = () => both(async (side) => (await certificateOf(side, KUBELET)).fingerprint256);
  },
);

async function certificateOf(side: Side, endpoint: string) {
  const socket = await handshake(side, endpoint);
  const certificate = socket.getPeerCertificate();
  socket.destroy();
  return certificate;
}

/** As Kubernetes mounts Secrets: `kubelet.crt` -> `..data/kubelet.crt`, `..data` -> a folder. `next` waits in another. */
async function behindLink(folder: string, next: Uint8Array): Promise<void> {
  const at = (...names: string[]) => path.join(folder, ...names);
  for (const one of ['..one', '..two']) {
    await mkdir(at(one));
    for (const file of ['kubelet.crt', 'kubelet.key']) await copyFile(at(file), at(one, file));
  }
  await writeFile(at('..two/kubelet.crt'), next);
  await symlink('..one', at('..data'));
  for (const file of ['kubelet.crt', 'kubelet.key']) {
    await rm(at(file));
    await symlink(`..data/${file}`, at(file));
  }
}

async function swapLink(folder: string): Promise<void> {
  await symlink('..two', path.join(folder, '..next'));
  await rename(path.join(folder, '..next'), path.join(folder, '..data'));
}
