import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CA, has, make, type Made } from '../../test/tls/openssl.ts';
import { type TwinFixture, twinFixture } from '../../test/tls/twin-fixture.ts';
import type { Endpoint, StatePath } from '../cluster/index.ts';

describe.skipIf(!has('openssl'))('files that change under a running twin (needs openssl)', () => {
  let fixture: TwinFixture;
  beforeEach(async () => {
    fixture = await twinFixture();
  });
  afterEach(() => fixture.end());

  function endpoint(id: string): Endpoint {
    const found = fixture.cluster.endpoints.find((endpoint) => endpoint.id === id);
    if (!found) throw new Error(`no endpoint ${id}`);
    return found;
  }

  function serves(id: string): { certificate: StatePath; key: StatePath } {
    const { serves } = endpoint(id);
    if (serves === 'self-signed') throw new Error(`${id} has no files`);
    return serves;
  }

  /** As apply does it: whole or not at all. */
  function replace(file: StatePath, content: string): void {
    const place = path.join(fixture.state.directory, file);
    writeFileSync(`${place}.new`, content);
    renameSync(`${place}.new`, place);
  }

  async function leafOf(id: string, made?: Made): Promise<Buffer> {
    return Buffer.from((await fixture.ask(id, made)).presented[0] ?? []);
  }

  const SERVER = ['extendedKeyUsage=serverAuth,clientAuth', 'subjectAltName=DNS:localhost'];

  it.each(['kube-apiserver@master', 'kubelet@worker-1'])(
    '%s takes up a new pair, and never a torn one',
    async (id) => {
      const { certificate, key } = serves(id);
      const before = await leafOf(id);
      const next = fixture.state.leaf('cluster', '/CN=next', SERVER);
      replace(certificate, next.certificate);
      expect(await leafOf(id)).toEqual(before);
      expect(fixture.twin.log.at(-1)?.text).toContain(
        'err="key failed with : tls: private key does not match public key"',
      );
      replace(key, next.key);
      expect(await leafOf(id)).toEqual(next.der);
      expect(before).not.toEqual(next.der);
    },
  );

  it('a file that is overwritten in place, or goes away, is noticed and kept out while it is no good', async () => {
    const { certificate } = serves('kube-apiserver@master');
    const before = await leafOf('kube-apiserver@master');
    const place = path.join(fixture.state.directory, certificate);
    writeFileSync(place, 'garbage');
    expect(await leafOf('kube-apiserver@master')).toEqual(before);
    expect(fixture.twin.log.at(-1)?.text).toContain('tls: failed to find any PEM data in certificate input');
    rmSync(place);
    expect(await leafOf('kube-apiserver@master')).toEqual(before);
    expect(fixture.twin.log.at(-1)?.text).toContain(`open ${place}: no such file or directory`);
  });

  it('etcd reads its pair at every handshake, and has nothing to answer with when it is torn', async () => {
    const { certificate, key } = serves('etcd@master');
    const client = fixture.state.leaf('etcd', '/CN=client');
    const next = fixture.state.leaf('etcd', '/CN=next', SERVER);
    replace(certificate, next.certificate);
    expect((await fixture.ask('etcd@master', client)).result).toEqual({
      kind: 'refused',
      how: 'alert',
      text: 'remote error: tls: internal error',
    });
    expect(fixture.twin.log.at(-1)?.text).toContain('"error":"tls: private key does not match public key"');
    replace(key, next.key);
    expect(await leafOf('etcd@master', client)).toEqual(next.der);
  });

  it('kube-apiserver takes up client authorities at once, and keeps the old ones when the file is garbage', async () => {
    const [anchors = ''] = endpoint('kube-apiserver@master').clients.anchors;
    const old = fixture.state.authorities.get('cluster')?.certificate ?? '';
    const next = make({ subject: '/CN=KUBERNETES-CA-2', extensions: CA });
    const [oldUser, newUser] = [
      fixture.state.leaf('cluster', '/CN=old'),
      make({ subject: '/CN=new', issuer: next, extensions: ['extendedKeyUsage=clientAuth'] }),
    ];
    const kinds = async (): Promise<string[]> => {
      const asked = [oldUser, newUser].map((made) => fixture.ask('kube-apiserver@master', made));
      return (await Promise.all(asked)).map(({ result }) => result.kind);
    };
    const advertised = async (): Promise<number | undefined> =>
      (await fixture.ask('kube-apiserver@master')).acceptableAuthorities?.length;
    expect(await kinds()).toEqual(['accepted', 'denied']);
    expect(await advertised()).toBe(2);
    replace(anchors, old + next.certificate);
    expect(await kinds()).toEqual(['accepted', 'accepted']);
    expect(await advertised()).toBe(3);
    replace(anchors, 'garbage');
    expect(await kinds()).toEqual(['accepted', 'accepted']);
    const refused = fixture.twin.log.filter(({ text }) => text.includes('error loading CA bundle for'));
    expect(refused.at(-1)?.text).toContain('data does not contain any valid RSA or ECDSA certificates');
    replace(anchors, next.certificate);
    expect(await kinds()).toEqual(['denied', 'accepted']);
  });

  it('an open connection is judged anew at each request', async () => {
    const [anchors = ''] = endpoint('kube-apiserver@master').clients.anchors;
    const user = fixture.state.leaf('cluster', '/O=system:masters/CN=kube-admin');
    const { port } = fixture.twin.address('kube-apiserver@master');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    const status = (): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const tls = { cert: user.certificate, key: user.key, rejectUnauthorized: false };
        request({ host: '127.0.0.1', port, path: '/api/v1/nodes', agent, ...tls }, (response) => {
          ports.add(response.socket.localPort);
          response.resume().on('end', () => resolve(response.statusCode));
        })
          .on('error', reject)
          .end();
      });
    expect(await status()).toBe(200);
    replace(anchors, make({ subject: '/CN=KUBERNETES-CA-2', extensions: CA }).certificate);
    expect(await status()).toBe(401);
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  it('etcd trusts what it read at its start until it is restarted', async () => {
    const next = make({ subject: '/CN=ETCD-CA-2', extensions: CA });
    const client = make({ subject: '/CN=c', issuer: next, extensions: ['extendedKeyUsage=clientAuth'] });
    const [anchors = ''] = endpoint('etcd@master').clients.anchors;
    replace(anchors, next.certificate);
    const refused = await fixture.ask('etcd@master', client);
    expect(refused.result).toMatchObject({ text: 'remote error: tls: unknown certificate authority' });
    const names = refused.acceptableAuthorities?.map((der) => Buffer.from(der).toString('latin1'));
    expect(names).toEqual([expect.stringMatching(/ETCD-CA$/)]);
    await fixture.twin.restart('etcd@master');
    expect((await fixture.ask('etcd@master', client)).result.kind).toBe('accepted');
  });

  it('etcd starts with a garbage CA file, and trusts nobody then', async () => {
    const [anchors = ''] = endpoint('etcd@master').clients.anchors;
    replace(anchors, 'garbage');
    await fixture.twin.restart('etcd@master');
    expect((await fixture.ask('etcd@master', fixture.state.leaf('etcd', '/CN=c'))).result).toMatchObject({
      text: 'remote error: tls: unknown certificate authority',
    });
  });

  it('a component that cannot start is down, says why, and comes back at its address', async () => {
    const { certificate } = serves('kubelet@worker-1');
    const good = fixture.state.pairs.get('node/worker-1/kubelet');
    const { port } = fixture.twin.address('kubelet@worker-1');
    rmSync(path.join(fixture.state.directory, certificate));
    await expect(fixture.twin.restart('kubelet@worker-1')).rejects.toMatchObject({ code: 'twin/material' });
    expect([...fixture.twin.down()]).toEqual([
      ['kubelet@worker-1', expect.objectContaining({ code: 'twin/material' })],
    ]);
    expect((await fixture.ask('kubelet@worker-1')).result).toEqual({
      kind: 'unreachable',
      text: `dial tcp 127.0.0.1:${port}: connect: connection refused`,
    });
    replace(certificate, good?.certificate ?? '');
    await fixture.twin.restart('kubelet@worker-1');
    expect(fixture.twin.address('kubelet@worker-1').port).toBe(port);
    expect((await fixture.ask('kubelet@worker-1')).result).toMatchObject({ kind: 'denied', status: 401 });
  });
});
