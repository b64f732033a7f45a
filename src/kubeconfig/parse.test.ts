import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { plain } from '../../test/judges/kubeconfigs.ts';
import { KubetlsError, renderFailure } from '../base/index.ts';
import { parseKubeconfig } from './index.ts';

const ADMIN = `
apiVersion: v1
kind: Config
current-context: admin@demo
clusters:
- name: demo
  cluster:
    server: https://10.0.0.10:6443
    tls-server-name: kubernetes
    certificate-authority: pki/ca.crt
contexts:
- name: admin@demo
  context: { cluster: demo, user: admin, namespace: kube-system }
users:
- name: admin
  user:
    client-certificate-data: Q0VSVA==
    client-key-data: S0VZ
`;

const isFailure = (error: unknown): error is KubetlsError => error instanceof KubetlsError;

function failureOf(text: string | Uint8Array, file?: string): KubetlsError {
  try {
    parseKubeconfig(text, file);
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('parseKubeconfig', () => {
  it('gives what the file says, and nothing that it does not', () => {
    expect(plain(parseKubeconfig(ADMIN))).toEqual({
      clusters: [
        {
          name: 'demo',
          cluster: {
            server: 'https://10.0.0.10:6443',
            tlsServerName: 'kubernetes',
            certificateAuthority: 'pki/ca.crt',
          },
        },
      ],
      contexts: [
        { name: 'admin@demo', context: { cluster: 'demo', user: 'admin', namespace: 'kube-system' } },
      ],
      users: [
        {
          name: 'admin',
          user: {
            clientCertificateData: { bytes: Buffer.from('CERT').toString('hex') },
            clientKeyData: { secret: 'KEY' },
          },
        },
      ],
      currentContext: 'admin@demo',
    });
  });

  it('takes JSON, bytes, a byte order mark and UTF-16', () => {
    const expected = plain(parseKubeconfig(ADMIN));
    expect(plain(parseKubeconfig(Buffer.from(ADMIN)))).toEqual(expected);
    expect(plain(parseKubeconfig(Buffer.from(`\ufeff${ADMIN}`)))).toEqual(expected);
    expect(plain(parseKubeconfig(Buffer.from(`\ufeff${ADMIN}`, 'utf16le')))).toEqual(expected);
    expect(parseKubeconfig('{"current-context":"a"}').currentContext).toBe('a');
  });

  it('takes an empty file for an empty configuration', () => {
    for (const text of ['', '\n', '# later\n', '---\n', 'null']) {
      expect(parseKubeconfig(text)).toEqual({ clusters: [], contexts: [], users: [], currentContext: '' });
    }
  });

  it('keeps what it does not know, on every level', () => {
    const text = `a: 1
preferences: {b: 2}
clusters: [{name: c, x: 3, cluster: {yy: {z: [4]}, extensions: [{name: e, w: 5, extension: {v: 6}}]}}]
users: [{name: u, user: {exec: {command: c, env: [{name: E, t: 7}], r: 8}, auth-provider: {name: p, q: 9}}}]`;
    const seen = JSON.stringify(plain(parseKubeconfig(text)), (_key, value: unknown) =>
      typeof value === 'bigint' ? Number(value) : value,
    );
    for (const [key, value] of Object.entries({ a: 1, b: 2, x: 3, w: 5, v: 6, t: 7, r: 8, q: 9 })) {
      expect(seen).toContain(`"key ${key}":${value}`);
    }
    expect(seen).toContain('"key z":[4]');
  });

  it('is safe from keys that mean something to JavaScript', () => {
    const config = parseKubeconfig(
      '__proto__: {polluted: true}\nusers: [{name: u, user: {__proto__: {token: x}}}]',
    );
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(config.users[0]?.user.token).toBeUndefined();
    expect(String(config.users[0]?.user.unknown)).toBe('[__proto__]');
  });
});

describe('a kubeconfig that is printed', () => {
  const secrets = [
    'KEYKEY',
    'TOKEN',
    'PASSWORD',
    'REFRESH',
    'ARGUMENT',
    'VARIABLE',
    'UNKNOWN',
    'PROXY',
    'EXTENSION',
  ];
  const config = parseKubeconfig(`
extensions: [{name: e, extension: {k: EXTENSION}}]
clusters: [{name: c, cluster: {server: https://c, proxy-url: "http://u:PROXY@p"}}]
users:
- name: u
  tokn: UNKNOWN
  user:
    client-key-data: ${Buffer.from('KEYKEY').toString('base64')}
    token: TOKEN
    password: PASSWORD
    auth-provider: {name: oidc, config: {refresh-token: REFRESH}}
    exec: {command: x, args: [ARGUMENT], env: [{name: E, value: VARIABLE}]}
`);

  it.each([
    ['as JSON', JSON.stringify(config)],
    ['by inspect', inspect(config, { depth: null, showHidden: true })],
    ['as JSON of a copy', JSON.stringify(structuredClone(JSON.parse(JSON.stringify({ ...config }))))],
  ])('shows no secret %s', (_how, text) => {
    expect(text).toContain('https://c');
    expect(text).toContain('tokn');
    for (const secret of secrets) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''));
      expect(text).not.toContain([...Buffer.from(secret)].slice(0, 4).join(','));
    }
  });
});

describe('a refusal', () => {
  it.each([
    [
      'clusters:\n- name: c\n  cluster:\n    server: 12\n',
      'admin.conf:4:13: clusters[0].cluster.server: json: cannot unmarshal number',
    ],
    [
      'users:\n- name: a\n- name: b\n- name: a\n',
      'admin.conf:4:3: users[2]: error converting *[]NamedAuthInfo into',
    ],
    [
      'users:\n- user:\n    client-key-data: a*\n',
      'admin.conf:3:22: users[0].user.client-key-data: illegal base64 data at input byte 1',
    ],
    ['a: 1\nkind: Pod\n', 'admin.conf:2:7: kind: no kind "Pod" is registered'],
    ['contexts:\n- name: a\n  context: [\n', 'admin.conf:4:1: yaml: '],
    ['current-context: a\n---\ncurrent-context: b\n', 'admin.conf:3:1: a kubeconfig is one YAML document'],
    ['a: &a {b: 1}\nc: *d\n', 'admin.conf:2:4: yaml: an alias names an unknown anchor'],
    ['c: &c [*c]\n', 'admin.conf:1:8: yaml: an alias names an unknown anchor'],
    ['? [a]\n: b\n', 'admin.conf:1:3: yaml: a key is no string'],
    ['a: {<<: 3}\n', 'admin.conf:1:4: yaml: map merge requires'],
  ])('of %j names file, line and column', (text, expected) => {
    expect(renderFailure(failureOf(text, 'admin.conf')).slice(0, expected.length)).toBe(expected);
  });

  it('never repeats the text, which holds keys', () => {
    const key = 'LS0tLS1CRUdJTiBQUklWQVRF';
    for (const text of [
      `users: [{user: {client-key-data: "${key}*"}}]`,
      `users: [{user: ${key}}]`,
      `client-key-data: ${key}: ${key}`,
      `client-key-data: "${key}`,
      `client-key-data: [${key}}`,
      `- ${key}`,
      key,
      `@${key}`,
      `client-key-data: *${key}`,
      `users: [{name: a, user: {token: ${key}}}, {name: a}]`,
    ]) {
      const error = failureOf(text, 'f');
      expect(
        `${error.message} ${error.hint} ${JSON.stringify(error.where)} ${String(error.cause)}`,
      ).not.toContain(key);
    }
  });
});

describe('a hostile text', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name, i) => {
      const below = String.fromCharCode('a'.charCodeAt(0) + i);
      return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${below}`).join(',')}]`;
    }),
  ].join('\n');

  it.each([
    ['more than 16 MiB', () => 'a'.repeat(16 * 1024 * 1024 + 1)],
    ['more than 16 MiB of bytes', () => new Uint8Array(16 * 1024 * 1024 + 1)],
    ['an alias bomb', () => bomb],
    ['brackets without end', () => '['.repeat(400_000)],
    ['braces without end', () => '{'.repeat(400_000)],
    ['question marks', () => '? '.repeat(100_000)],
    ['dashes', () => '- '.repeat(100_000)],
    ['deep brackets that close', () => `a: ${'['.repeat(150)}${']'.repeat(150)}`],
    ['so deep that V8 gives up', () => `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['small values without end', () => `a: [${'1,'.repeat(400_000)}]`],
    ['empty documents without end', () => '---\n'.repeat(400_000)],
    ['comments without end', () => '#\n'.repeat(400_000)],
  ])('is refused for its size: %s', (_what, make) => {
    expect(failureOf(make()).code).toBe('kubeconfig/too-large');
  });

  it('is told where it is too much, and what to do', () => {
    expect(failureOf('\n'.repeat(400_000))).toMatchObject({
      where: { column: 1 },
      hint: expect.stringContaining('KUBECONFIG') as string,
    });
    expect(failureOf(`a: ${'['.repeat(200)}`)).toMatchObject({
      where: { line: 1 },
      hint: expect.stringContaining('has 7') as string,
    });
  });

  it.each([
    ['commas without values', () => `[${','.repeat(200_000)}`],
    ['stray brackets', () => '}'.repeat(400_000)],
    ['a digit a million times', () => `users: ${'1'.repeat(400_000)}`],
    ['a quote that never ends', () => `a: "${'x'.repeat(400_000)}`],
  ])('is refused: %s', (_what, make) => {
    expect(failureOf(make()).code).toMatch(/^kubeconfig\/(?:yaml|type)$/);
  });

  it('is read when it is only large: a thousand clusters with all their data', () => {
    const data = Buffer.alloc(2_000, 7).toString('base64');
    const entry = (i: number): string =>
      `- name: c${i}\n  cluster:\n    server: https://c${i}:6443\n    certificate-authority-data: ${data}\n`;
    const text = `clusters:\n${Array.from({ length: 1_000 }, (_, i) => entry(i)).join('')}`;
    expect(parseKubeconfig(text).clusters).toHaveLength(1_000);
  });
});
