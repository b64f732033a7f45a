import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { plain } from '../../test/judges/kubeconfigs.ts';
import { Secret } from '../base/index.ts';
import { buildKubeconfig, type Kubeconfig, Opaque, parseKubeconfig, writeKubeconfig } from './index.ts';

const written = (config: Kubeconfig): string =>
  Buffer.from(writeKubeconfig(config).reveal()).toString('utf8');
const rewritten = (text: string): string => written(parseKubeconfig(text));

describe('writeKubeconfig', () => {
  it('has the form of client-go: sorted lists, sorted keys, nothing empty', () => {
    const text = `
users: [{user: {username: "", token: b, client-key: k}, name: b}, {name: a}]
kind: Config
clusters: [{name: z, cluster: {insecure-skip-tls-verify: false, server: https://z}}, {name: A, cluster: {server: https://a}}]
`;
    expect(rewritten(text)).toBe(`apiVersion: v1
clusters:
- cluster:
    server: https://a
  name: A
- cluster:
    server: https://z
  name: z
contexts: null
current-context: ""
kind: Config
users:
- name: a
  user: {}
- name: b
  user:
    client-key: k
    token: b
`);
  });

  it('does not print what it wrote', () => {
    const secret = writeKubeconfig(parseKubeconfig('users: [{name: u, user: {token: SECRET}}]'));
    expect(`${String(secret)} ${JSON.stringify({ secret })} ${inspect(secret)}`).not.toContain('SECRET');
    expect(Buffer.from(secret.reveal()).toString()).toContain('SECRET');
  });

  it('writes unknown fields among the known ones, and every value as it was', () => {
    const text = `apiVersion: v1
clusters:
- cluster:
    aaa:
      big: 18446744073709551615
      float: 1.5
      list:
      - - 1
        - {}
      - a: null
        b: []
      no: "no"
      text: |-
        two
        lines
    server: https://c
    zzz: true
  name: c
contexts: null
current-context: ""
kind: Config
users: null
x-top: here
`.replace('      no: "no"', '      "no": "no"');
    expect(rewritten(text)).toBe(text);
  });

  it('quotes a key that would read as a merge', () => {
    const config = {
      ...parseKubeconfig(''),
      unknown: new Opaque(new Map([['<<', new Map([['kind', 'Pod']])]])),
    };
    expect(plain(parseKubeconfig(written(config)))).toEqual(plain(config));
  });

  it('does not let an unknown field stand in for a known one', () => {
    const config = {
      ...parseKubeconfig('current-context: a'),
      unknown: new Opaque(
        new Map([
          ['current-context', 'b'],
          ['kind', 'Pod'],
        ]),
      ),
    };
    expect(plain(parseKubeconfig(written(config)))).toEqual(plain(parseKubeconfig('current-context: a')));
  });

  it('orders keys by code point: what is written in two halves comes last', () => {
    const keys = ['\u{18bdf}', '\ufa37', 'a'];
    const config = { ...parseKubeconfig(''), unknown: new Opaque(new Map(keys.map((key) => [key, null]))) };
    expect(written(config)).toMatch(/^a: null\n[^]*\n\ufa37: null\n"\\U00018BDF": null\n/);
  });

  it('gives the same bytes for keys that Go cannot order', () => {
    const keys = ['5u', '017', '0o'];
    const texts = [keys, keys.toReversed(), ['017', '5u', '0o']].map((order) =>
      written({ ...parseKubeconfig(''), unknown: new Opaque(new Map(order.map((key) => [key, null]))) }),
    );
    expect(new Set(texts).size).toBe(1);
  });
});

describe('buildKubeconfig', () => {
  const base = { clusterName: 'demo', server: 'https://api:6443', userName: 'admin' };

  it('with paths, a namespace and a context of another name', () => {
    const config = buildKubeconfig({
      ...base,
      tlsServerName: 'kubernetes',
      authority: { path: 'ca.crt' },
      credentials: { certificate: { path: 'admin.crt' }, key: { path: 'admin.key' } },
      contextName: 'here',
      namespace: 'kube-system',
    });
    expect(config).toEqual({
      clusters: [
        {
          name: 'demo',
          cluster: {
            server: 'https://api:6443',
            tlsServerName: 'kubernetes',
            certificateAuthority: 'ca.crt',
          },
        },
      ],
      contexts: [{ name: 'here', context: { cluster: 'demo', user: 'admin', namespace: 'kube-system' } }],
      users: [{ name: 'admin', user: { clientCertificate: 'admin.crt', clientKey: 'admin.key' } }],
      currentContext: 'here',
    });
  });

  it('with everything inside, or a token file', () => {
    const authority = { data: Buffer.from('CA') };
    const embedded = buildKubeconfig({
      ...base,
      authority,
      credentials: {
        certificate: { data: Buffer.from('CERT') },
        key: { data: new Secret(Buffer.from('KEY')) },
      },
    });
    expect(written(embedded)).toContain(`client-key-data: ${Buffer.from('KEY').toString('base64')}\n`);
    expect(embedded.currentContext).toBe('admin@demo');
    const token = buildKubeconfig({ ...base, authority, credentials: { tokenFile: '/run/token' } });
    expect(token.users).toEqual([{ name: 'admin', user: { tokenFile: '/run/token' } }]);
  });
});
