import { connect as dial, createServer, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { has } from '../../test/tls/openssl.ts';
import { get, type TwinFixture, twinFixture } from '../../test/tls/twin-fixture.ts';

describe.skipIf(!has('openssl'))('clients that mean no good (needs openssl)', () => {
  let fixture: TwinFixture;
  const sockets = new Set<Socket>();
  beforeEach(async () => {
    fixture = await twinFixture({ patience: { handshake: 300, request: 500 } });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await fixture.end();
  });

  function raw(id: string): Socket {
    const socket = dial(fixture.twin.address(id).port, '127.0.0.1');
    sockets.add(socket.on('error', () => {}));
    return socket;
  }

  function tls(id: string): Socket {
    const socket = connect({ port: fixture.twin.address(id).port, rejectUnauthorized: false });
    sockets.add(socket.on('error', () => {}));
    return socket;
  }

  /** Everything that came until the end. */
  function ended(socket: Socket): Promise<string> {
    return new Promise((resolve) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
      socket.on('close', () => resolve(text));
    });
  }

  /** On a busy machine an honest client, too, may be too slow for so little patience: it comes again. */
  async function stillWell(): Promise<void> {
    const user = fixture.state.leaf('cluster', '/CN=jane');
    for (let tries = 1; ; tries++) {
      const { result } = await fixture.ask('kube-apiserver@master', user);
      if (result.kind !== 'accepted' && tries < 20) continue;
      expect(result).toMatchObject({ kind: 'accepted', identity: 'jane' });
      return;
    }
  }

  it.each(['kube-apiserver@master', 'etcd@master'])('garbage instead of TLS, %s', async (id) => {
    const socket = raw(id);
    socket.write(Buffer.alloc(200_000, 0x7f));
    await ended(socket);
    expect(fixture.twin.log.at(-1)?.text).toContain('tls: first record does not look like a TLS handshake');
    await stillWell();
  });

  it('a hello that is cut off, and one with a torn record', async () => {
    for (const bytes of ['160301', '1603010200010001fc0303', '16030100050100000000']) {
      const socket = raw('kube-apiserver@master');
      socket.write(Buffer.from(bytes, 'hex'));
      await ended(socket);
    }
    await stillWell();
  });

  it('one that says nothing, before and after the handshake', async () => {
    await Promise.all([ended(raw('kubelet@worker-1')), ended(tls('kubelet@worker-1'))]);
    await stillWell();
  });

  it('one that sends its request a byte at a time', async () => {
    const socket = tls('kube-apiserver@master');
    let sent = 0;
    const drip = setInterval(() => socket.write(sent++ === 0 ? 'GET / HTTP/1.1\r\nX: ' : 'x'), 20);
    await ended(socket);
    clearInterval(drip);
    expect(sent).toBeGreaterThan(0);
    expect(sent).toBeLessThan(100);
    await stillWell();
  });

  it('headers without end', async () => {
    const socket = tls('kube-apiserver@master');
    socket.write(`GET /version HTTP/1.1\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`);
    expect(await ended(socket)).toMatch(/^HTTP\/1\.1 431 /);
    await stillWell();
  });

  it('a body that is too large', async () => {
    const socket = tls('kube-apiserver@master');
    const size = 4 * 1024 * 1024;
    socket.write(`POST /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${size}\r\n\r\n`);
    socket.write(Buffer.alloc(size));
    expect(await ended(socket)).toMatch(/^HTTP\/1\.1 413 /);
    await stillWell();
  });

  it('something that is no HTTP', async () => {
    const socket = tls('kube-apiserver@master');
    socket.write('SSH-2.0-OpenSSH\r\n\r\n');
    expect(await ended(socket)).toMatch(/^HTTP\/1\.1 400 /);
    await stillWell();
  });

  it('paths that mean something elsewhere', async () => {
    const admin = fixture.state.leaf('cluster', '/O=system:masters/CN=kube-admin');
    for (const path of [
      '/api/v1/__proto__',
      '/apis/constructor/v1/toString',
      '//',
      '/api/v1/%2e%2e/',
      '/?'.padEnd(8_000, '&'),
    ]) {
      const { result } = await fixture.ask('kube-apiserver@master', admin, { request: get(path) });
      expect(result).toMatchObject({ kind: 'accepted', status: 404 });
    }
  });

  it('a hundred at once', async () => {
    // Honest ones, however slow the machine: with the patience that twins have.
    const own = await twinFixture();
    const user = own.state.leaf('cluster', '/CN=jane');
    const asked = Array.from({ length: 100 }, () => own.ask('kube-apiserver@master', user));
    const kinds = (await Promise.all(asked)).map(({ result }) => result.kind);
    expect(new Set(kinds)).toEqual(new Set(['accepted']));
    await own.end();
  });

  it('closing ends open connections and leaves no handle', async () => {
    const servers = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap' || name === 'TCPSocketWrap')
        .length;
    const before = servers();
    const own = await twinFixture();
    expect(servers()).toBeGreaterThan(before);
    const socket = connect({
      port: own.twin.address('kube-apiserver@master').port,
      rejectUnauthorized: false,
    });
    sockets.add(socket.on('error', () => {}));
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    await own.end();
    await ended(socket);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(servers()).toBeLessThanOrEqual(before);
  });
});

describe.skipIf(!has('openssl'))('ports (needs openssl)', () => {
  it('one in use is told with its number, and nothing is left running', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const address = squatter.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const ports = ({ id }: { id: string }): number => (id === 'kubelet@worker-1' ? port : 0);
    await expect(twinFixture({ ports })).rejects.toMatchObject({
      code: 'twin/port-in-use',
      message: `port ${port}, wanted for kubelet@worker-1, is in use on 127.0.0.1`,
      hint: expect.stringContaining(String(port)) as unknown,
    });
    await new Promise((resolve) => squatter.close(resolve));
    const free = await twinFixture({ ports });
    expect(free.twin.address('kubelet@worker-1')).toEqual({ host: '127.0.0.1', port });
    expect(() => free.twin.address('kubelet@nowhere')).toThrow('the cluster has no endpoint kubelet@nowhere');
    await free.end();
  });
});
