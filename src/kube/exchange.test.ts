/** Over real sockets: who is let in, what goes over the wire before that, and what a bad server can do. */
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createPlain } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { keyOf, leafDraft, mint, nameOf, NOW, rootDraft } from '../../test/judges/mint.ts';
import { DAY, Secret, utf8 } from '../base/index.ts';
import { type ResolvedClient, resolveKubeconfig, parseKubeconfig } from '../kubeconfig/index.ts';
import { type Certificate, type PrivateKey, writePem, writePrivateKey } from '../x509/index.ts';
import { type ApiRequest, fakeApi, httpsExchange, kubeClient, type KubeError, RESOURCES } from './index.ts';

const root = rootDraft('kubernetes', keyOf('kube-root'));
const other = rootDraft('kubernetes', keyOf('kube-other'));
const serverLeaf = leafDraft(nameOf('kube-apiserver'), keyOf('kube-server'), root, [
  '127.0.0.1',
  'api.example.test',
]);
const adminLeaf = leafDraft(nameOf('admin', 'system:masters'), keyOf('kube-admin'), root, []);
const pem = (certificate: Certificate) => writePem('CERTIFICATE', certificate.der);
const pemKey = (key: PrivateKey) => Buffer.from(writePrivateKey(key, 'pkcs8').reveal()).toString();

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(answer: Answer, options: ServerOptions = {}): Promise<{ port: number; server: Server }> {
  const server = createServer(
    { cert: pem(mint(serverLeaf)), key: pemKey(serverLeaf.key), ca: pem(mint(root)), ...options },
    answer,
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server };
}

function clientOf(port: number, more: Partial<ResolvedClient> = {}): ResolvedClient {
  return {
    context: 'c',
    cluster: 'demo',
    user: 'u',
    namespace: 'default',
    server: { scheme: 'https', host: '127.0.0.1', port, path: '' },
    insecure: false,
    authority: utf8(pem(mint(root))),
    authentication: [],
    files: {},
    warnings: [],
    ...more,
  };
}

function kube(client: ResolvedClient, at = NOW + DAY) {
  const exchange = httpsExchange(client, { clock: { now: () => at }, userAgent: 'kubetls/test' });
  closing.push(() => exchange.close());
  return kubeClient(exchange, { wait: async () => undefined });
}

const fine: Answer = (_request, response) => response.end('{"gitVersion":"v1.37.2"}');

async function failureOf(work: Promise<unknown>): Promise<Pick<KubeError, 'code' | 'message'>> {
  return work.then(
    () => ({ code: 'kube/refused', message: 'it did not fail' }),
    (error: unknown) => error as KubeError,
  );
}

describe('who is trusted', () => {
  it('a server of the authority in the kubeconfig', async () => {
    const { port } = await serve(fine);
    expect(await kube(clientOf(port)).getPath('/version')).toEqual({ gitVersion: 'v1.37.2' });
  });

  const token = { source: 'data', value: new Secret(utf8('very-secret')) } as const;
  it.each([
    [
      'of another authority',
      { authority: utf8(pem(mint(other))) },
      NOW + DAY,
      /^tls: failed to verify certificate: x509: certificate signed by unknown authority/,
    ],
    [
      'under another name',
      { tlsServerName: 'other.test' },
      NOW + DAY,
      /x509: certificate is valid for .*api\.example\.test, not other\.test$/,
    ],
    [
      'that has expired',
      {},
      NOW + 4_000 * DAY,
      /x509: certificate has expired or is not yet valid: current time/,
    ],
  ])('no server %s, and nothing is sent to it', async (_what, more, at, message) => {
    let requests = 0;
    const { port } = await serve((request, response) => {
      requests++;
      fine(request, response);
    });
    const error = await failureOf(kube(clientOf(port, { token, ...more }), at).getPath('/version'));
    expect(error.code).toBe('kube/tls');
    expect(error.message).toMatch(message);
    expect(requests).toBe(0);
  });

  it('any server where the kubeconfig says so', async () => {
    const { port } = await serve(fine);
    const { authority: _, ...client } = clientOf(port, { insecure: true });
    expect(await kube(client).getPath('/version')).toBeTruthy();
  });

  it('none without an authority, and none of no certificate', async () => {
    const { authority: _, ...client } = clientOf(1);
    expect(() => kube(client)).toThrow('cluster "demo": no certificate-authority is given');
    expect(() => kube(clientOf(1, { authority: utf8('nothing') }))).toThrow(
      /unable to load root certificates/,
    );
  });
});

describe('as whom we speak', () => {
  const told = async (more: Partial<ResolvedClient>, options: ServerOptions = {}) => {
    const seen: { headers: IncomingMessage['rawHeaders']; subject: unknown; url: string | undefined }[] = [];
    const { port } = await serve((request, response) => {
      const { socket, rawHeaders, url } = request;
      const subject =
        'getPeerCertificate' in socket
          ? (socket as never as { getPeerCertificate(): { subject?: unknown } }).getPeerCertificate().subject
          : undefined;
      seen.push({ headers: rawHeaders, subject, url });
      fine(request, response);
    }, options);
    const client = clientOf(port, more);
    const outcome = await kube(client)
      .getPath('/version')
      .catch((error: unknown) => error as KubeError);
    return { seen, outcome };
  };
  const pair = {
    clientCertificate: utf8(pem(mint(adminLeaf))),
    clientKey: new Secret(utf8(pemKey(adminLeaf.key))),
  };

  it('with a client certificate', async () => {
    const { seen } = await told(pair, { requestCert: true });
    expect(seen[0]?.subject).toMatchObject({ CN: 'admin', O: 'system:masters' });
  });

  it('with a token, and as somebody else', async () => {
    const { seen } = await told({
      token: { source: 'data', value: new Secret(utf8('abc')) },
      impersonates: { user: 'jane', groups: ['a', 'b'], extra: new Map([['example.com/Why?', ['x']]]) },
    });
    const pairs = seen[0]!.headers.flatMap((value, i, list) =>
      i % 2 === 0 ? [`${value}: ${list[i + 1]}`] : [],
    );
    expect(pairs).toEqual(
      expect.arrayContaining([
        'Authorization: Bearer abc',
        'Impersonate-User: jane',
        'Impersonate-Group: a',
        'Impersonate-Group: b',
        'Impersonate-Extra-example.com%2FWhy%3F: x',
        'User-Agent: kubetls/test',
      ]),
    );
  });

  it('under a path before every path', async () => {
    const { port } = await serve((request, response) => response.end(JSON.stringify(request.url)));
    const server = { scheme: 'https', host: '127.0.0.1', port, path: '/k8s/clusters/c-1' } as const;
    expect(await kube(clientOf(port, { server })).getPath('/version')).toBe('/k8s/clusters/c-1/version');
  });

  it.each([
    [{ authentication: ['exec'] }, 'user "u": programs that hand out credentials (exec) are not run'],
    [{ authentication: ['basic'] }, 'user "u": passwords were removed from Kubernetes in 1.19'],
    [{ proxyUrl: new Secret(utf8('http://p')) }, 'proxy-url: connections through a proxy are not made'],
    [
      { server: { scheme: 'http', host: 'h', port: 80, path: '' } },
      'the server is plain HTTP: no credential is sent over it',
    ],
  ] as const)('and never as nobody instead', (more, message) => {
    expect(() => kube(clientOf(1, more))).toThrow(message);
  });

  it('with a pair that belongs together', () => {
    const clientKey = new Secret(utf8(pemKey(serverLeaf.key)));
    expect(() => kube(clientOf(1, { ...pair, clientKey }))).toThrow(
      'tls: private key does not match public key',
    );
  });
});

describe('a kubeconfig', () => {
  it('is all that it takes', async () => {
    const { port } = await serve(fine);
    const text = JSON.stringify({
      'current-context': 'c',
      clusters: [
        {
          name: 'demo',
          cluster: {
            server: `https://127.0.0.1:${port}`,
            'certificate-authority-data': Buffer.from(pem(mint(root))).toString('base64'),
          },
        },
      ],
      users: [{ name: 'u', user: { as: 'jane', 'as-groups': ['g'], token: 't' } }],
      contexts: [{ name: 'c', context: { cluster: 'demo', user: 'u' } }],
    });
    const resolved = resolveKubeconfig(parseKubeconfig(utf8(text)), {
      directory: '/',
      read: () => undefined,
    });
    expect(resolved.impersonates).toEqual({ user: 'jane', groups: ['g'], extra: new Map() });
    expect(await kube(resolved).getPath('/version')).toEqual({ gitVersion: 'v1.37.2' });
  });
});

describe('the connection', () => {
  it('is kept for the next request, and as many as eight serve many', async () => {
    const api = fakeApi();
    for (let i = 0; i < 50; i++)
      api.put(RESOURCES.nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: `n-${i}` } });
    const { port, server } = await serve(serving(api.exchange));
    let connections = 0;
    server.on('secureConnection', () => connections++);
    const client = kube(clientOf(port));
    for (let i = 0; i < 3; i++) await client.get(RESOURCES.nodes, { name: `n-${i}` });
    expect(connections).toBe(1);
    await Promise.all(Array.from({ length: 50 }, (_, i) => client.get(RESOURCES.nodes, { name: `n-${i}` })));
    expect(connections).toBeLessThanOrEqual(8);
  });

  it('watches over a socket', async () => {
    const api = fakeApi();
    const { port } = await serve(serving(api.exchange));
    const made = setInterval(() => api.put(RESOURCES.nodes, { metadata: { name: 'n' } }), 30);
    for await (const { object } of kube(clientOf(port)).watch(RESOURCES.nodes)) {
      expect(object.metadata.name).toBe('n');
      break;
    }
    clearInterval(made);
  });

  it('ends when it is told to', async () => {
    const { port } = await serve(() => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    const error = await failureOf(kube(clientOf(port)).getPath('/version', { signal: stop.signal }));
    expect(error).toMatchObject({ code: 'kube/interrupted', message: 'interrupted' });
  });

  it('that nobody takes is told with its address', async () => {
    const { port, server } = await serve(fine);
    server.close();
    expect(await failureOf(kube(clientOf(port)).getPath('/version'))).toMatchObject({
      code: 'kube/unreachable',
      message: `dial tcp 127.0.0.1:${port}: connect: connection refused (5 attempts)`,
    });
  });

  it.each([
    ['closes at once', '', /EOF|closed|reset/],
    ['speaks plain HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', /tls: /],
  ])('to a server that %s is an error', async (_what, said, message) => {
    const server = createPlain((socket) => socket.end(said));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const error = await failureOf(kube(clientOf((server.address() as AddressInfo).port)).getPath('/version'));
    expect(error.code).toMatch(/^kube\/(unreachable|tls)$/);
    expect(error.message).toMatch(message);
  });

  it('on which nothing comes is given up', async () => {
    const { port } = await serve((_request, response) => response.write('{"half":'));
    const client = clientOf(port);
    const exchange = httpsExchange(client, { clock: { now: () => NOW + DAY }, userAgent: 'kubetls/test' });
    closing.push(() => exchange.close());
    const { body } = await exchange({ method: 'GET', path: '/', patience: 100 });
    const read = (async () => {
      for await (const chunk of body) expect(chunk.length).toBeGreaterThan(0);
    })();
    expect(await failureOf(read)).toMatchObject({ code: 'kube/timeout' });
  });
});

/** An exchange behind a socket. */
function serving(
  exchange: (request: ApiRequest) => Promise<{ status: number; body: AsyncIterable<Uint8Array> }>,
): Answer {
  return (request, response) => {
    void (async () => {
      const { method = 'GET', url: path = '/' } = request;
      const answer = await exchange({ method: method as 'GET', path, patience: 1_000 });
      response.writeHead(answer.status, { 'Content-Type': 'application/json' });
      for await (const chunk of answer.body) response.write(chunk);
      response.end();
    })();
  };
}
