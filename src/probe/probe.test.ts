import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { CA, has, make, type Made } from '../../test/tls/openssl.ts';
import { Secret, utf8 } from '../base/index.ts';
import { probe, type ProbeCredential, type ProbeRequest, type ProbeResult } from './index.ts';

const GET: ProbeRequest = { method: 'GET', path: '/version', headers: {}, body: undefined };
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';

describe.skipIf(!has('openssl'))('probe (needs openssl)', () => {
  const root = make({ subject: '/CN=root', extensions: CA });
  const first = make({ subject: '/CN=first', issuer: root, extensions: CA });
  const second = make({ subject: '/CN=second', issuer: first, extensions: CA });
  const other = make({ subject: '/O=elsewhere/CN=other', extensions: CA });
  const leaf = make({ subject: '/CN=leaf', issuer: second, extensions: ['subjectAltName=DNS:localhost'] });
  const client = credentialOf(make({ subject: '/O=system:masters/CN=kube-admin', issuer: root }));

  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** A TLS server that answers the first bytes of each connection with `answer`. */
  function serving(
    chain: readonly Made[],
    options: TlsOptions = {},
    answer: (socket: TLSSocket) => void = (socket) => socket.end(OK),
  ): Promise<number> {
    const cert = chain.map(({ certificate }) => certificate).join('');
    const server = createTlsServer({ cert, key: leaf.key, ...options }, (socket) => {
      socket.on('error', () => {}).once('data', () => answer(socket));
    });
    server.on('tlsClientError', () => {});
    return listen(server);
  }

  function tcp(onConnection: (socket: Socket) => void): Promise<number> {
    return listen(createTcpServer(onConnection));
  }

  /** All that is seen; who asks for the result alone gets the same one. */
  async function dial(
    port: number,
    credential?: ProbeCredential,
    options: Partial<Parameters<typeof probe>[2]> = {},
  ): Promise<ProbeResult> {
    const target = { host: '127.0.0.1', port, request: GET };
    const seen = await probe(target, credential, { timeout: 5_000, ...options });
    const asked = { timeout: 5_000, ...options, resultOnly: true };
    const { result, groups } = await probe(target, credential, asked);
    expect({ result, groups }).toEqual({ result: seen.result, groups: seen.groups });
    return seen;
  }

  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (version) => {
    const only = { minVersion: version, maxVersion: version };

    it.each([
      ['a chain of three', [leaf, second, first]],
      ['a leaf alone', [leaf]],
      ['a chain with its root', [leaf, second, first, root]],
      ['a certificate sent twice', [leaf, second, second, first]],
      ['a leaf sent twice', [leaf, leaf, second]],
      ['a wrong intermediate', [leaf, other, first]],
      ['intermediates in the wrong order', [leaf, first, second]],
    ])('shows %s as it was sent', async (_, chain) => {
      const { presented, protocol, cipher, result } = await dial(await serving(chain), undefined, only);
      expect(presented.map((der) => Buffer.from(der))).toEqual(chain.map(({ der }) => der));
      expect(protocol).toBe(version);
      expect(cipher).toMatch(version === 'TLSv1.3' ? /^TLS_AES|^TLS_CHACHA/ : /^TLS_ECDHE_ECDSA_/);
      expect(result).toEqual({ kind: 'accepted', status: 200, identity: undefined });
    });

    it('shows the authorities that the server says it accepts', async () => {
      const asks = { requestCert: true, rejectUnauthorized: false };
      const port = await serving([leaf], { ...asks, ca: [root.certificate, other.certificate] });
      const names = (await dial(port, client, only)).acceptableAuthorities?.map((der) => Buffer.from(der));
      // Each is the subject of one of the two, and those are in their own DER.
      expect(names?.length).toBe(2);
      for (const [index, made] of [root, other].entries()) {
        expect(made.der.includes(names?.[index] ?? 'absent')).toBe(true);
      }
      expect(names?.[1]?.toString('latin1')).toContain('elsewhere');
      const silent = await dial(await serving([leaf]), client, only);
      expect(silent.acceptableAuthorities).toBeUndefined();
    });

    it.each(['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'])(
      'reads the handshake under %s',
      async (suite) => {
        const port = await serving([leaf, second], { ciphers: `${suite}:ECDHE-ECDSA-AES128-GCM-SHA256` });
        const { presented, cipher } = await dial(port, undefined, only);
        expect(presented.length).toBe(2);
        if (version === 'TLSv1.3') expect(cipher).toBe(suite);
      },
    );

    it('shows the chain after a hello retry too', async () => {
      const port = await serving([leaf, second], { ecdhCurve: 'P-521' });
      expect((await dial(port, undefined, only)).presented.length).toBe(2);
    });

    it('tells an alert in Go’s words when no certificate is shown', async () => {
      const port = await serving([leaf], { requestCert: true, ca: root.certificate });
      const text = version === 'TLSv1.3' ? 'certificate required' : 'handshake failure';
      const { result, presented, acceptableAuthorities } = await dial(port, undefined, only);
      expect(result).toEqual({ kind: 'refused', how: 'alert', text: `remote error: tls: ${text}` });
      expect(presented.length).toBe(1);
      expect(acceptableAuthorities?.length).toBe(1);
    });

    it('tells a connection that is cut after our certificate', async () => {
      const port = await serving([leaf], { requestCert: true, rejectUnauthorized: false }, (socket) =>
        socket.destroy(),
      );
      const { result } = await dial(port, client, only);
      expect(result).toMatchObject({ kind: 'refused', how: 'closed' });
    });
  });

  it('presents the credential, with its chain', async () => {
    const seen: string[] = [];
    const port = await serving([leaf], { requestCert: true, rejectUnauthorized: false }, (socket) => {
      let certificate = socket.getPeerX509Certificate();
      for (; certificate !== undefined; certificate = certificate.issuerCertificate)
        seen.push(certificate.subject);
      socket.end(OK);
    });
    const bottom = make({ subject: '/CN=bottom', issuer: second });
    await dial(port, credentialOf(bottom, second, first));
    const chain = ['CN=bottom', 'CN=second', 'CN=first'];
    expect(seen).toEqual([...chain, ...chain]);
  });

  it('never resumes a session', async () => {
    let reused = 0;
    const port = await serving([leaf], {}, (socket) => {
      if (socket.isSessionReused()) reused += 1;
      socket.end(OK);
    });
    for (let round = 0; round < 3; round++) {
      const { presented } = await dial(port, client);
      expect(presented.length).toBe(1);
    }
    expect(reused).toBe(0);
  });

  it('sends SNI for names only', async () => {
    const names: unknown[] = [];
    const port = await serving([leaf], {}, (socket) => {
      names.push(Reflect.get(socket, 'servername'));
      socket.end(OK);
    });
    for (const serverName of ['kubernetes.default.svc', '10.96.0.1', '::1']) {
      await probe({ host: '127.0.0.1', port, serverName, request: GET }, undefined, { timeout: 5_000 });
    }
    expect(names).toEqual(['kubernetes.default.svc', false, false]);
  });

  it.each([
    [401, '{"kind":"Status","message":"Unauthorized","code":401}', 'Unauthorized'],
    [403, 'Forbidden (user=system:anonymous)\nmore', 'Forbidden (user=system:anonymous)'],
    [401, '', 'HTTP status 401'],
  ])('an answer of %i is a denial', async (status, body, text) => {
    const answer = `HTTP/1.1 ${status} No\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const { result } = await dial(await serving([leaf], {}, (socket) => socket.end(answer)));
    expect(result).toEqual({ kind: 'denied', status, text });
  });

  it('reads who we are, from a chunked answer that stays open', async () => {
    const review = JSON.stringify({
      status: { userInfo: { username: 'kube-admin', groups: ['system:masters', 'system:authenticated'] } },
    });
    const half = review.length >> 1;
    const chunks = [review.slice(0, half), review.slice(half)];
    const body = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
    const port = await serving([leaf], {}, (socket) => {
      socket.write(`HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n${body}`);
      socket.write('0\r\n\r\n');
    });
    const { result, groups } = await dial(port);
    expect(result).toEqual({ kind: 'accepted', status: 201, identity: 'kube-admin' });
    expect(groups).toEqual(['system:masters', 'system:authenticated']);
  });

  describe('a server that misbehaves is unreachable, with a text', () => {
    const short = { timeout: 300 };

    it('nobody listens', async () => {
      const server = createTcpServer();
      const port = await listen(server);
      await new Promise((resolve) => server.close(resolve));
      const { result, presented } = await dial(port);
      expect(result).toEqual({
        kind: 'unreachable',
        text: `dial tcp 127.0.0.1:${port}: connect: connection refused`,
      });
      expect(presented).toEqual([]);
    });

    it('plain HTTP', async () => {
      const port = await tcp((socket) => socket.end('HTTP/1.0 400 Bad Request\r\n\r\nClient sent TLS\n'));
      expect((await dial(port)).result).toEqual({
        kind: 'unreachable',
        text: 'http: server gave HTTP response to HTTPS client',
      });
    });

    it('rubbish instead of TLS', async () => {
      const port = await tcp((socket) => socket.end(Buffer.alloc(100_000, 0x5a)));
      expect((await dial(port)).result.kind).toBe('unreachable');
    });

    it('rubbish instead of HTTP', async () => {
      const port = await serving([leaf], {}, (socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
      expect(textOf(await dial(port))).toContain('malformed HTTP response "SSH-2.0-OpenSSH"');
    });

    it('headers without end', async () => {
      const port = await serving([leaf], {}, (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const more = (): void => {
          if (!socket.destroyed) socket.write(`X: ${'x'.repeat(10_000)}\r\n`, () => setImmediate(more));
        };
        more();
      });
      expect(textOf(await dial(port))).toContain('response headers exceeded');
    });

    it('silence before, in and after the handshake', async () => {
      const mute = await tcp(() => {});
      expect((await dial(mute, undefined, short)).result).toMatchObject({
        text: 'net/http: TLS handshake timeout',
      });
      const quiet = await serving([leaf], {}, () => {});
      expect((await dial(quiet, undefined, short)).result).toMatchObject({
        kind: 'unreachable',
        text: 'net/http: timeout awaiting response headers',
      });
      const slow = await serving([leaf], {}, (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Le'));
      expect(textOf(await dial(slow, undefined, short))).toContain('deadline exceeded');
    });

    it('an end right after the dial', async () => {
      const port = await tcp((socket) => socket.end());
      expect((await dial(port)).result).toEqual({ kind: 'unreachable', text: 'EOF' });
    });

    it('a reset after the handshake', async () => {
      const port = await serving([leaf], {}, () => {
        for (const socket of sockets) socket.resetAndDestroy();
      });
      for (const resultOnly of [true, false]) {
        const { result } = await probe({ host: '127.0.0.1', port, request: GET }, client, {
          timeout: 5_000,
          resultOnly,
        });
        expect(result.kind).toBe('refused');
      }
    });

    it('an end in the middle of the headers', async () => {
      const port = await serving([leaf], {}, (socket) => socket.end('HTTP/1.1 200 OK\r\nContent'));
      expect((await dial(port)).result.kind).toBe('unreachable');
    });
  });

  it('a body without end is cut at its bound', async () => {
    const port = await serving([leaf], {}, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (): void => {
        if (!socket.destroyed) socket.write(Buffer.alloc(65_536, 0x20), () => setImmediate(more));
      };
      more();
    });
    expect((await dial(port)).result).toMatchObject({ kind: 'accepted', status: 200 });
  });

  it('an old server answers with an alert, and a torn pair is told before the dial', async () => {
    const port = await serving([leaf], { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
    expect((await dial(port, undefined, { minVersion: 'TLSv1.3' })).result).toEqual({
      kind: 'refused',
      how: 'alert',
      text: 'remote error: tls: protocol version not supported',
    });
    const torn = { certificate: utf8(leaf.certificate), key: new Secret(utf8(root.key)) };
    expect((await dial(port, torn)).result).toEqual({
      kind: 'unreachable',
      text: 'tls: private key does not match public key',
    });
  });

  it('a target that makes no sense is a result too', async () => {
    const port = await serving([leaf]);
    const options = { timeout: 2_000 };
    for (const wrong of [-1, 65_536, 1.5, Number.NaN]) {
      const { result } = await probe({ host: '127.0.0.1', port: wrong, request: GET }, undefined, options);
      expect(result.kind).toBe('unreachable');
    }
    for (const serverName of ['', '.', 'x'.repeat(300), 'a\0b', 'ü', '::1%lo', '*.svc']) {
      const { result } = await probe(
        { host: '127.0.0.1', port, serverName, request: GET },
        undefined,
        options,
      );
      expect(result.kind).toMatch(/^(accepted|unreachable)$/);
    }
    const nowhere = await probe({ host: 'no such host', port, request: GET }, undefined, options);
    expect(textOf(nowhere)).toMatch(/^dial tcp: lookup no such host: /);
  });

  it('stops when it is told to, also before it began', async () => {
    const port = await tcp(() => {});
    const stop = new AbortController();
    const waiting = dial(port, undefined, { signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    expect((await waiting).result).toEqual({ kind: 'unreachable', text: 'context canceled' });
    expect((await dial(port, undefined, { signal: stop.signal })).result).toMatchObject({
      text: 'context canceled',
    });
  });
});

/** The text of what could not be reached. */
function textOf({ result }: ProbeResult): string {
  return result.kind === 'unreachable' ? result.text : `it is ${result.kind}`;
}

function credentialOf(made: Made, ...chain: Made[]): ProbeCredential {
  const certificate = [made, ...chain].map(({ certificate }) => certificate).join('');
  return { certificate: utf8(certificate), key: new Secret(utf8(made.key)) };
}
