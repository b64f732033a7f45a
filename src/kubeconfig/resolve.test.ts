import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { plain } from '../../test/judges/kubeconfigs.ts';
import { KubetlsError } from '../base/index.ts';
import { parseKubeconfig, type ResolvedClient, resolveKubeconfig } from './index.ts';

const CONTEXT = 'contexts: [{name: a, context: {cluster: c, user: u}}]\ncurrent-context: a\n';

interface Given {
  readonly files?: Readonly<Record<string, string>>;
  readonly context?: string;
}

function resolved(text: string, { files = {}, context }: Given = {}): ResolvedClient {
  return resolveKubeconfig(parseKubeconfig(text), {
    ...(context === undefined ? {} : { context }),
    directory: '/home/me/.kube',
    read: (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
  });
}

const isFailure = (error: unknown): error is KubetlsError => error instanceof KubetlsError;

function failureOf(text: string, given?: Given): KubetlsError {
  try {
    resolved(text, given);
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
  throw new Error('it was resolved');
}

const withServer = (server: string): string =>
  `clusters: [{name: c, cluster: {server: '${server}'}}]\n${CONTEXT}`;
const withUser = (user: string): string => `${withServer('https://c')}users: [{name: u, user: {${user}}}]\n`;

describe('resolveKubeconfig', () => {
  it('reads what the files hold, from where the kubeconfig stands', () => {
    const text = `
clusters: [{name: c, cluster: {server: https://10.0.0.10:6443, tls-server-name: kubernetes, certificate-authority: ../pki/ca.crt}}]
contexts: [{name: a, context: {cluster: c, user: u, namespace: apps}}]
users: [{name: u, user: {client-certificate: u.crt, client-key: /keys/u.key, tokenFile: token}}]`;
    const files = {
      '/home/me/pki/ca.crt': 'CA',
      '/home/me/.kube/u.crt': 'CERT',
      '/keys/u.key': 'KEY',
      '/home/me/.kube/token': ' TOKEN\n',
    };
    const client = resolved(text, { files, context: 'a' });
    expect(plain(client)).toEqual({
      context: 'a',
      cluster: 'c',
      user: 'u',
      namespace: 'apps',
      server: { scheme: 'https', host: '10.0.0.10', port: 6443, path: '' },
      tlsServerName: 'kubernetes',
      insecure: false,
      authority: { bytes: Buffer.from('CA').toString('hex') },
      clientCertificate: { bytes: Buffer.from('CERT').toString('hex') },
      clientKey: { secret: 'KEY' },
      token: { source: 'file', value: { secret: 'TOKEN' } },
      authentication: ['certificate', 'token'],
      files: {
        authority: '/home/me/pki/ca.crt',
        clientCertificate: '/home/me/.kube/u.crt',
        clientKey: '/keys/u.key',
        token: '/home/me/.kube/token',
      },
      warnings: [],
    });
    expect(inspect(client, { depth: null }) + JSON.stringify(client)).not.toMatch(/KEY|TOKEN|75,69,89/);
  });

  it('takes embedded data without a file, and the roots of the system when no authority is named', () => {
    const client = resolved(withUser('client-certificate-data: Q0VSVA==, client-key-data: S0VZ, token: T'));
    expect(plain([client.clientCertificate, client.clientKey, client.token, client.files])).toEqual([
      { bytes: Buffer.from('CERT').toString('hex') },
      { secret: 'KEY' },
      { source: 'data', value: { secret: 'T' } },
      {},
    ]);
    expect(client.authority).toBeUndefined();
    expect(client.namespace).toBe('default');
  });

  it('prefers the token file once it can be read', () => {
    const text = withUser('token: old, tokenFile: /token');
    expect(plain(resolved(text).token)).toEqual({ source: 'data', value: { secret: 'old' } });
    expect(plain(resolved(text, { files: { '/token': 'new' } }).token)).toEqual({
      source: 'file',
      value: { secret: 'new' },
    });
  });

  it('does not look at a key that no certificate goes with', () => {
    const client = resolved(withUser('client-key: nowhere'));
    expect([client.clientKey, client.authentication, client.files]).toEqual([undefined, [], {}]);
  });

  it('over plain HTTP neither trusts nor presents anything', () => {
    const text = withServer('http://c').replace(
      '}}]',
      ', certificate-authority-data: QQ==, insecure-skip-tls-verify: true}}]',
    );
    const client = resolved(`${text}users: [{name: u, user: {token: t}}]`);
    expect([client.authority, client.token, client.authentication, client.insecure]).toEqual([
      undefined,
      undefined,
      [],
      false,
    ]);
  });

  it.each([
    ['https://c', 'https', 'c', 443, ''],
    ['http://c', 'http', 'c', 80, ''],
    ['HTTPS://C:6443/', 'https', 'C', 6443, ''],
    ['https://c:6443/k8s/clusters/one?x#y', 'https', 'c', 6443, '/k8s/clusters/one'],
    ['https://[fd00::1]:6443', 'https', 'fd00::1', 6443, ''],
    ['https://[fe80::1%25eth0]', 'https', 'fe80::1%eth0', 443, ''],
    ['https://me:word@c:1', 'https', 'c', 1, ''],
    ['https://c:', 'https', 'c', 443, ''],
    ['10.0.0.10:6443', 'http', '10.0.0.10', 6443, ''],
    ['localhost:8080', 'http', 'localhost', 8080, ''],
    ['kubernetes', 'http', 'kubernetes', 80, ''],
  ])('dials %s as client-go does', (server, scheme, host, port, path) => {
    expect(resolved(withServer(server)).server).toEqual({ scheme, host, port, path });
  });

  it.each([
    ['ftp://c', 'unsupported protocol scheme "ftp"'],
    ['c:6443/path', 'host must be a URL or a host:port pair: "c:6443/path"'],
    ['https://', 'host must be a URL or a host:port pair: "https://"'],
    ['https://c:99999', 'the server is no URL: "https://c:99999"'],
    ['https://a b', 'the server is no URL: "https://a b"'],
    ['https://me:word@c:x', 'the server is no URL: "https://c:x"'],
  ])('refuses %s', (server, message) => {
    expect(failureOf(withServer(server))).toMatchObject({ code: 'kubeconfig/server', message });
  });

  it('tells what only a stricter reader refuses', () => {
    const text = `${withServer('https://c').split('\n')[0]}\ncontexts: [{name: a, context: {cluster: c, user: x, namespace: A_B}}]`;
    expect(resolved(text, { context: 'a' }).warnings).toEqual([
      'user "x" was not found for context "a"',
      'namespace "A_B" for context "a" does not conform to the kubernetes DNS_LABEL rules',
    ]);
    expect(resolved(text.replace(', user: x', ''), { context: 'a' }).warnings[0]).toBe(
      'user was not specified for context "a"',
    );
  });

  /** As a component sees it: kubectl goes on with localhost:8080 where no server is named. */
  it.each([
    [
      '',
      'kubeconfig/empty',
      'invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable',
    ],
    [
      'clusters: [{name: c, cluster: {server: https://c}}]',
      'kubeconfig/empty',
      'invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable',
    ],
    [
      `${CONTEXT}clusters: [{name: c, cluster: {proxy-url: http://p}}]`,
      'kubeconfig/server',
      'invalid configuration: no server found for cluster "c"',
    ],
    [
      'current-context: x',
      'kubeconfig/invalid',
      'invalid configuration: [context was not found for specified context: x, cluster has no server defined]',
    ],
    [
      withUser('token: a, username: b'),
      'kubeconfig/authentication',
      'invalid configuration: more than one authentication method found for u; found [token basicAuth], only one is allowed',
    ],
    [
      withUser('client-certificate-data: QQ=='),
      'kubeconfig/key-missing',
      'invalid configuration: client-key-data or client-key must be specified for u to use the clientCert authentication method.',
    ],
    [
      withUser('tokenFile: gone'),
      'kubeconfig/unreadable',
      'open /home/me/.kube/gone: no such file or directory',
    ],
    [
      withServer('https://c').replace(
        '}}]',
        ', certificate-authority-data: QQ==, insecure-skip-tls-verify: true}}]',
      ),
      'kubeconfig/insecure-with-authority',
      'specifying a root certificates file with the insecure flag is not allowed',
    ],
  ])('refuses %j', (text, code, message) => {
    expect(failureOf(text)).toMatchObject({ code, message });
  });

  it('takes the cluster without a name where no context is chosen', () => {
    const client = resolved('clusters: [{cluster: {server: https://c}}]\nusers: [{user: {token: t}}]');
    expect([client.server.host, client.authentication, client.warnings]).toEqual([
      'c',
      ['token'],
      ['no context chosen'],
    ]);
  });

  it('names the context that was asked for and is not there', () => {
    expect(failureOf(withServer('https://c'), { context: 'b' })).toMatchObject({
      code: 'kubeconfig/context-not-found',
      message: 'context "b" does not exist',
    });
  });

  it('does not repeat the password of a proxy', () => {
    const text = withServer('https://c').replace('}}]', ", proxy-url: 'ftp://me:WORD@p'}}]");
    const error = failureOf(text);
    expect(error.message).toContain('unsupported scheme "ftp", must be http, https, or socks5');
    expect(error.message).not.toContain('WORD');
  });
});
