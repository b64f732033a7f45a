/** Trust graphs as values, of any size and with any names: nothing in them was ever issued. */
import type { TrustGraph, TrustLink, TrustNode } from '../../src/graph/index.ts';
import { NOW } from '../support/small-cluster.ts';

const LIFE = { notBefore: NOW - 1, notAfter: NOW + 365 * 86_400_000 };

interface Size {
  readonly workers: number;
  /** Workers whose kubelet nobody can verify. */
  readonly refused?: ReadonlySet<number>;
  /** In place of `worker-1`. */
  readonly nameOf?: (i: number) => string;
  readonly error?: string;
}

/** One authority, one kube-apiserver, and kubelets that dial it and are dialled by it. */
export function workersGraph({ workers, refused = new Set(), nameOf, error }: Size): TrustGraph {
  const nodes: TrustNode[] = [authority('ca'), endpoint('kube-apiserver', 'master', 'ok')];
  const links: TrustLink[] = [];
  nodes.push(
    certificate('kube-apiserver server', 'kube-apiserver'),
    client('kube-apiserver', 'master', 'ok'),
  );
  link(links, 'signs', 'authority:ca', 'certificate:kube-apiserver');
  link(links, 'presents', 'endpoint:kube-apiserver@master', 'certificate:kube-apiserver');
  for (let i = 0; i < workers; i++) {
    const name = nameOf?.(i) ?? `worker-${i}`;
    const bad = refused.has(i);
    const state = bad ? 'refused' : 'ok';
    nodes.push(
      certificate('kubelet server', `server ${name}`),
      certificate('kubelet client', `client ${name}`),
      endpoint('kubelet', name, state),
      client('kubelet', name, 'ok'),
    );
    const [socket, dialler] = [`endpoint:kubelet@${name}`, `client:kubelet@${name}`];
    link(links, 'signs', 'authority:ca', `certificate:server ${name}`);
    link(links, 'signs', 'authority:ca', `certificate:client ${name}`);
    link(links, 'presents', socket, `certificate:server ${name}`);
    link(links, 'presents', dialler, `certificate:client ${name}`);
    link(links, 'trusts', socket, 'authority:ca');
    link(links, 'trusts', dialler, 'authority:ca');
    links.push(dial(dialler, 'endpoint:kube-apiserver@master', 'ok'));
    links.push(
      dial('client:kube-apiserver@master', socket, state, bad ? (error ?? `x509: no “${i}”`) : undefined),
    );
  }
  return { name: nameOf?.(-1) ?? 'demo', at: NOW, edgesFrom: 'kubetls.yaml', nodes, links };
}

export function authority(name: string): TrustNode {
  const sha256 = [name];
  return {
    kind: 'authority',
    id: `authority:${name}`,
    role: 'authority',
    name,
    state: 'ok',
    problem: undefined,
    subject: `CN=${name}`,
    sha256,
    ...LIFE,
    places: [],
  };
}

export function certificate(role: string, name: string): TrustNode {
  return {
    kind: 'certificate',
    id: `certificate:${name}`,
    role,
    name,
    state: 'ok',
    problem: undefined,
    subject: `CN=${name}`,
    sha256: name,
    ...LIFE,
    places: [],
  };
}

function client(role: string, node: string, state: TrustNode['state']): TrustNode {
  const name = `${role}@${node}`;
  return { kind: 'client', id: `client:${name}`, role, name, state, problem: undefined, node };
}

function endpoint(role: string, node: string, state: TrustNode['state']): TrustNode {
  const name = `${role}@${node}`;
  const address = '10.0.0.10:6443';
  const problem = state === 'refused' ? `open ${node}: no such file` : undefined;
  return {
    kind: 'endpoint',
    id: `endpoint:${name}`,
    role,
    name,
    state,
    problem,
    node,
    address,
    selfSigned: false,
  };
}

function link(links: TrustLink[], kind: 'signs' | 'presents' | 'trusts', from: string, to: string): void {
  links.push({ kind, from, to });
}

function dial(from: string, to: string, state: 'ok' | 'refused', error?: string): TrustLink {
  return {
    kind: 'dials',
    from,
    to,
    edge: `${from}/${to}`,
    name: 'host',
    presents: undefined,
    state,
    error,
    unverified: [],
    notes: [],
  };
}

/** Names that are markup, quotes, directives, Markdown, formulas or control sequences to somebody. */
export const HOSTILE: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onload='alert(1)",
  ']]></title><script>alert(1)</script>',
  '&lt;b&gt; &amp; &#60; &nbsp; &unknown;',
  'javascript:alert(1)',
  '"]; evil --> n1; click n1 "javascript:alert(1)"',
  '"]\nclick n1 href "javascript:alert(1)"',
  '%%{init: {"securityLevel": "loose"}}%%',
  '---\ntitle: x\n---',
  '`**markdown**`',
  '1. list',
  '- list',
  '# heading',
  '> quote',
  '| table |',
  'end',
  'subgraph x',
  '$$\\frac{1}{0}$$',
  'fa:fa-ban',
  'https://example.test www.example.test me@example.test',
  '#35;#quot;#9829;',
  'back\\slash \\N \\G \\l',
  'quote " end\\',
  '<<B>html</B>>',
  '{record|<port> fields}',
  '/* comment */ // # comment',
  '\u001b[31mred\u001b]0;title\u0007',
  'line\nfeed\r\nand\u2028separators',
  'nul\u0000 del\u007f c1\u009b31m',
  'bidi \u202e\u2066evil\u2069',
  'lone \ud800 surrogate, \ufffe and \uffff',
  'zero\u200bwidth',
  'e\u0301\u0301\u0301\u0301 漢字漢字漢字 👩‍👩‍👧‍👦🙂',
  '',
  ' ',
  'x'.repeat(5_000),
  'ﬂ°°35¶ß',
];
