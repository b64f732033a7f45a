import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { applied } from '../../../test/support/small-cluster.ts';
import { endpointIn, inspectEndpoint } from './endpoint.ts';

const { inventory } = await applied();
const bytesAt = (path: string) => Buffer.from(inventory.get(path)?.bytes ?? []);
const PKI = 'nodes/master/etc/kubernetes/pki';
const ca = bytesAt(`${PKI}/ca.crt`);
const pair = {
  cert: Buffer.concat([bytesAt(`${PKI}/apiserver.crt`), ca]),
  key: bytesAt(`${PKI}/apiserver.key`),
};

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

/** What is shown of Node's own TLS server with these options. */
async function shownOf(options: TlsOptions) {
  server = createServer({ ...pair, ...options }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return inspectEndpoint('x', { host: '127.0.0.1', port }, new AbortController().signal);
}

describe('host:port', () => {
  it('shows the chain as it is presented, whom it takes, what it speaks', async () => {
    const found = await shownOf({
      ca,
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    expect(
      found.certificates.map(({ place, value }) => [place, value.basicConstraints?.ca ?? false]),
    ).toEqual([
      ['presented', false],
      ['presented, 2', true],
    ]);
    expect(found.endpoint).toMatchObject({
      protocols: ['TLSv1.2', 'TLSv1.3'],
      alpn: 'h2',
      acceptableAuthorities: ['CN=KUBERNETES-CA'],
    });
    expect(found.endpoint?.withoutCertificate).toContain('401');
  });

  it('one that asks for no certificate, and speaks TLS 1.2 alone', async () => {
    const { endpoint } = await shownOf({ maxVersion: 'TLSv1.2' });
    expect(endpoint).toMatchObject({
      protocols: ['TLSv1.2'],
      alpn: undefined,
      acceptableAuthorities: undefined,
    });
  });

  it('one where nobody listens is unseen', async () => {
    const { endpoint, problems } = await inspectEndpoint(
      'x',
      { host: '127.0.0.1', port: 1 },
      new AbortController().signal,
    );
    expect(endpoint).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'cli/unseen' }]);
    expect(problems[0]?.message).toContain('connection refused');
  });

  it.each([
    ['localhost:6443', { host: 'localhost', port: 6443 }],
    ['[::1]:443', { host: '::1', port: 443 }],
    ['ca.crt', undefined],
    ['/tmp/a:1', undefined],
    ['a:99999', undefined],
  ])('%s', (word, endpoint) => {
    expect(endpointIn(word)).toEqual(endpoint);
  });
});
