import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar, isSeq, LineCounter, type ParsedNode } from 'yaml';
import { composeYaml, readSimpleYaml, type SimpleForm } from './index.ts';

/** A scalar is its text, with a mark when it stands in quotes. */
type Tree = string | Tree[] | Map<string, Tree>;

const FORM: SimpleForm<Tree> = {
  scalar: (text, quoted) => (quoted ? `"${text}` : text),
  list: (items) => items,
  map: (entries) => entries,
};

class Refused extends Error {}

/** The same by the `yaml` package, or why it is none. */
function whole(text: string): Tree | Refused {
  const refuse = ({ message }: { message: string }): never => {
    throw new Refused(message);
  };
  const bounds = { tokens: 1e6, depth: 100, knownOnly: true, refuse };
  try {
    const documents = [...composeYaml(text, new LineCounter(), bounds, {})];
    if (documents.length !== 1) throw new Refused(`${documents.length} documents`);
    return treeOf(documents[0]?.contents ?? null);
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

function treeOf(node: ParsedNode | null): Tree {
  if (node === null) return '';
  if (isSeq(node)) return node.items.map((item) => treeOf(item));
  if (isMap(node)) {
    const keys = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : '?'));
    if (new Set(keys).size < keys.length) throw new Refused('a key stands here twice');
    return new Map(node.items.map(({ value }, i) => [keys[i] ?? '', treeOf(value)]));
  }
  if (!isScalar(node) || node.anchor !== undefined || node.tag !== undefined) throw new Refused('no scalar');
  const text = typeof node.value === 'string' ? node.value : '';
  return FORM.scalar(text, node.type !== 'PLAIN');
}

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
kind: Config
preferences: {}
users:
`;

const CLUSTER = `# a cluster

apiVersion: kubetls/v1   # ours
metadata: { name: demo }
spec:
  kubernetes: "1.37"
  clients: {apiserver-etcd: own, kubelet-apiserver: 'own' }
  nodes:
    # the first
    - { name: master,   roles: [control-plane, etcd], addresses: [10.0.0.10, "fd00::1"] }
    - name: worker-1
      roles: [ worker ]
      addresses: []
  users: [{ name: kube-admin, groups: ["system:masters"] }]
`;

describe('YAML of a simple form', () => {
  it.each([
    ['a kubeconfig', KUBECONFIG],
    ['a cluster', CLUSTER],
  ])('%s is read as the whole reader reads it', (_, text) => {
    expect(readSimpleYaml(text, FORM)).toEqual(whole(text));
    expect(whole(text)).toBeInstanceOf(Map);
  });

  it('is left to the whole reader when it is not that simple', () => {
    const lines = [
      'a: b c',
      'a: &x b',
      '? a',
      '- - a',
      'yes: a',
      'a: |',
      'a',
      '- a',
      '',
      '# a',
      '{ a: b }',
      'a: "\\n"',
    ];
    const flows = [
      'a: [b c]',
      'a: [b',
      'a: { b }',
      'a: { b: }',
      'a: {b:c}',
      'a: [b]]',
      'a: [b] c',
      'a: ["b"c]',
      'a: [b, ]',
      'a: {b: c, b: d}',
    ];
    for (const line of [
      ...lines,
      ...flows,
      'a: b\na: c',
      'a: b\n  c',
      'a:\n  b: c\n d: e',
      `a: ${'['.repeat(12)}${']'.repeat(12)}`,
    ]) {
      expect(readSimpleYaml(line, FORM), line).toBeUndefined();
    }
    const deep = Array.from({ length: 12 }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
    expect(readSimpleYaml(deep, FORM)).toBeUndefined();
  });

  it('is never read otherwise, however lines and words are mixed', () => {
    const simplest = [
      'a',
      'b',
      'v1',
      '1_0',
      '.5',
      'null',
      '{}',
      '""',
      'a:b',
      '+a',
      '/',
      '',
      "'a b'",
      '"a: b"',
      '[]',
      '[a, b]',
      '{ b: a }',
      '[{ a: b, b: [a] }, a]',
      'a # b',
      '# b',
    ];
    const others =
      `-1 ~ << [ ] { } } { a: [a]] {a} {a:b} [a,b] [,] : # a#b - -- --- ... = ? | > ! &a *a , " ' "a'" 'a''b' % @a é \t a\tb`.split(
        ' ',
      );
    const mostly = (usual: readonly string[], rare: readonly string[]): fc.Arbitrary<string> =>
      fc.oneof(
        { weight: 30, arbitrary: fc.constantFrom(...usual) },
        { weight: 1, arbitrary: fc.constantFrom(...rare) },
      );
    const line = fc
      .tuple(
        mostly(['', '', '', '  ', '    '], [' ', '   ', '\t']),
        mostly(['', '', '- '], ['- - ', '-', '-  ', '# ']),
        mostly(['a: ', 'b: ', 'a:', 'kind:  '], ['', 'a :', '? ', 'yes: ']),
        mostly(simplest, others),
        mostly(['\n'], ['\r\n', ' \n', '\n\n', '', '\n# c\n']),
      )
      .map((parts) => parts.join('').replace(/ (?=\n$)/, ''));
    let simple = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 7 }), (lines) => {
        const text = lines.join('');
        const read = readSimpleYaml(text, FORM);
        if (read === undefined) return;
        simple++;
        expect(read).toEqual(whole(text));
      }),
      { numRuns: 20_000 },
    );
    expect(simple).toBeGreaterThan(200);
  });

  it('takes time in proportion to the text', () => {
    for (const unit of [
      'a: b\n',
      '- a\n',
      '{',
      '[',
      '[a, ',
      '{ a: ',
      ' ',
      '#',
      'a',
      ':',
      'a:',
      "'",
      '"',
      ' #',
      '- ',
    ]) {
      readSimpleYaml(unit.repeat(200_000), FORM);
      readSimpleYaml(`a: ${unit.repeat(200_000)}`, FORM);
    }
  });
});
