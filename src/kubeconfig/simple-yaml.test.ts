import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KubetlsError, Secret } from '../base/index.ts';
import { buildKubeconfig, writeKubeconfig } from './index.ts';
import type { Json } from './json.ts';
import { readSimpleYaml } from './simple-yaml.ts';
import { readYaml } from './yaml-reader.ts';

const KUBECONFIG = `apiVersion: v1
clusters:
- cluster:
    certificate-authority: pki/ca.crt
    insecure-skip-tls-verify: false
    server: https://api:6443
  name: bench
- name: other
  cluster:
    server: https://api.example.test:6443
contexts:
- context:
    cluster: bench
    user: system:node:worker-1
  name: system:node:worker-1@bench
current-context: ""
extensions:
  - 0x1F
  - 1e3
kind: Config
preferences: {}
users:
`;

/** A comment is beyond the simple reader. */
function whole(text: string): Json | Error {
  try {
    return readYaml(`#\n${text}`, undefined).value;
  } catch (error) {
    if (error instanceof KubetlsError) return error;
    throw error;
  }
}

describe('YAML of a simple form', () => {
  it('is what the whole reader sees', () => {
    expect(readSimpleYaml(KUBECONFIG)).toEqual(whole(KUBECONFIG));
    expect(readSimpleYaml(KUBECONFIG)?.get('users')).toBe(null);
  });

  it('is left to the whole reader when it is not that simple', () => {
    for (const line of [
      'a: "b"',
      'a: b # c',
      'a: b c',
      'a:  b',
      'a: &x b',
      '? a',
      '- - a',
      'yes: a',
      'a: |',
      'a',
    ]) {
      expect(readSimpleYaml(`${line}\n`), line).toBeUndefined();
    }
    expect(readSimpleYaml('a: b')).toBeUndefined();
    expect(readSimpleYaml('')).toBeUndefined();
    const deep = Array.from({ length: 60 }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
    expect(readSimpleYaml(deep)).toBeUndefined();
    expect(readSimpleYaml('a: b\n'.repeat(30_001))).toBeUndefined();
  });

  it('is what we write ourselves', () => {
    const data = new Uint8Array(1_000);
    const config = buildKubeconfig({
      clusterName: 'demo',
      server: 'https://api.example.test:6443',
      authority: { data },
      userName: 'system:node:worker-1',
      credentials: { certificate: { data }, key: { data: new Secret(data) } },
    });
    const text = Buffer.from(writeKubeconfig(config).reveal()).toString();
    expect(readSimpleYaml(text)).toEqual(whole(text));
  });

  it('is never read otherwise, however lines and words are mixed', () => {
    const simplest = [
      'a',
      'b',
      'v1',
      '1',
      '0x1',
      '1_0',
      '.5',
      'yes',
      'null',
      '{}',
      '""',
      'a:b',
      '+a',
      '/',
      '',
    ];
    const others = `-1 ~ << [] a: : # - -- --- ... = ? | > ! &a *a , " ' % @a é \t`.split(' ');
    const mostly = (usual: readonly string[], rare: readonly string[]): fc.Arbitrary<string> =>
      fc.oneof(
        { weight: 30, arbitrary: fc.constantFrom(...usual) },
        { weight: 1, arbitrary: fc.constantFrom(...rare) },
      );
    const line = fc
      .tuple(
        mostly(['', '', '', '  ', '    '], [' ', '   ', '\t']),
        mostly(['', '', '- '], ['- - ', '-', '-  ']),
        mostly(['a: ', 'b: ', 'a:', 'kind: '], ['', 'b:  ', 'a :', '? ', 'yes: ']),
        mostly(simplest, others),
        mostly(['\n'], ['\r\n', ' \n', '\n\n', '']),
      )
      .map((parts) => parts.join('').replace(/ (?=\n$)/, ''));
    let simple = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 7 }), (lines) => {
        const text = lines.join('');
        const read = readSimpleYaml(text);
        if (read === undefined) return;
        simple++;
        expect(read).toEqual(whole(text));
      }),
      { numRuns: 20_000 },
    );
    expect(simple).toBeGreaterThan(200);
  });
});
