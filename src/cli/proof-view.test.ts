import { beforeAll, describe, expect, it } from 'vitest';
import { recordedConsole } from '../../test/support/recorded-console.ts';
import { applied, clusterOf, NOW } from '../../test/support/small-cluster.ts';
import type { EdgeProof, ProofReport, RefusalProof } from '../prove/index.ts';
import { edgeWords, evaluate } from '../trust/index.ts';
import { printProof, proofJson } from './proof-view.ts';

const many = Array.from({ length: 40 }, (_, i) => ({
  name: `w-${i}`,
  roles: ['worker'],
  addresses: [`10.1.0.${i + 1}`],
}));

let report: ProofReport;
let large: ProofReport;
beforeAll(async () => {
  report = await holding({});
  large = await holding({
    nodes: [{ name: 'master', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.10'] }, ...many],
  });
});

/** Every edge predicted by the real code, and observed as predicted. */
async function holding(extra: Record<string, unknown>): Promise<ProofReport> {
  const { cluster, inventory } = await applied(clusterOf(extra));
  const edges = cluster.edges.map((edge): EdgeProof => {
    const predicted = evaluate(edge, inventory, NOW);
    const observed = { ...predicted, stale: false };
    return { edge, words: edgeWords(edge, inventory), predicted, observed, unknown: undefined, logs: [] };
  });
  return { at: NOW, handshakesAt: NOW, edges, refusals: [] };
}

function shown(proof: ProofReport, verbose = false, width?: number): string {
  const { console, text } = recordedConsole({ verbose }, width);
  printProof(console, proof);
  return text();
}

/** The report with one edge changed. */
function with1(change: Partial<EdgeProof>, of = report): ProofReport {
  const [first, ...rest] = of.edges as [EdgeProof, ...EdgeProof[]];
  return { ...of, edges: [{ ...first, ...change }, ...rest] };
}

const refused = (error: string) => ({
  ok: false,
  error,
  server: { ok: false, error },
  client: { ok: true, error: undefined },
  expires: NOW,
  notes: [],
});

describe('a proof as a table', () => {
  it('has a row for each edge, and says that all of them hold', () => {
    const text = shown(report);
    expect(report.edges.length).toBeGreaterThan(10);
    expect(text.match(/✓ proven/g)).toHaveLength(report.edges.length);
    expect(text).toMatch(
      /kubelet@worker-1 +kube-apiserver@master +system:node:worker-1 +KUBERNETES-CA +in 365 days +✓/,
    );
    expect(text).toContain(
      `${report.edges.length} of ${report.edges.length} edges proven by a fresh handshake, 0 failed`,
    );
  });

  it('gives the reason below an edge that fails as predicted, once', () => {
    const verdict = refused('x509: certificate signed by unknown authority');
    const text = shown(with1({ predicted: verdict, observed: { ...verdict, stale: false } }));
    expect(text).toMatch(/✗ failed\n {2}x509: certificate signed by unknown authority\n/);
    expect(text.match(/unknown authority/g)).toHaveLength(1);
    expect(text).toContain('1 failed');
  });

  it('shows both sides where prediction and observation differ', () => {
    const text = shown(
      with1({ observed: { ...refused('remote error: tls: bad certificate'), stale: false } }),
    );
    expect(text).toMatch(/✗ failed\n {2}predicted: ok\n {2}observed: remote error: tls: bad certificate\n/);
  });

  it('calls what was not seen unknown, never proven', () => {
    const text = shown(with1({ observed: undefined, unknown: 'connect ECONNREFUSED 10.0.0.10:6443' }));
    expect(text).toMatch(/\? unknown\n {2}predicted: ok\n {2}not observed: connect ECONNREFUSED/);
    expect(text).toContain('1 unknown');
  });

  it('says what a process still serves when it has not read its files', () => {
    const [first] = report.edges as [EdgeProof];
    const observed = { ...first.predicted, stale: true, notes: ['presents the certificate with serial 1'] };
    const text = shown(with1({ observed }));
    expect(text).toMatch(/✗ failed\n {2}presents the certificate with serial 1\n(?! )/);
  });

  it('shows a connection that should have been refused, and only such', () => {
    const [{ edge }] = report.edges as [EdgeProof];
    const one = (id: string, ok: boolean): RefusalProof => ({
      id,
      endpoint: edge.endpoint,
      refusal: 'no-certificate',
      predicted: { ok: true, error: undefined },
      observed: { ok, error: ok ? undefined : 'etcd@master let in a client without a certificate' },
      unknown: undefined,
    });
    const text = shown({ ...report, refusals: [one('good', true), one('bad', false)] });
    expect(text).toContain('✗ failed bad: etcd@master let in a client without a certificate');
    expect(text).not.toContain('good:');
    expect(text).toContain('1 of 2 connections that must be refused was refused');
  });

  it('escapes what comes from certificates and from peers', () => {
    const verdict = refused('subject "\u001b[2J\u202e"');
    const text = shown(
      with1({
        words: {
          presented: { text: 'evil\u001b]0;x\u0007', because: 'line\nbreak' },
          trusted: { text: 'a', because: undefined },
        },
        observed: { ...verdict, notes: ['note\u009b'], stale: false },
      }),
    );
    // oxlint-disable-next-line no-control-regex -- none of them may get through
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text).toContain('line\\x0abreak');
  });

  it('folds many edges by kind, what fails first, and unfolds with -v', () => {
    const verdict = refused('x509: certificate has expired');
    const failing = with1({ predicted: verdict, observed: { ...verdict, stale: false } }, large);
    const text = shown(failing);
    expect(text.split('\n').length).toBeLessThan(40);
    expect(text.split('\n')[1]).toContain('✗ failed');
    expect(text).toMatch(/kubelet@master and 40 more +kube-apiserver@master .*✓ proven 41 edges/);
    expect(text).toContain('(edges of a kind in one row; -v shows every edge)');
    expect(shown(failing, true).match(/✓ proven/g)).toHaveLength(large.edges.length - 1);
  });

  it('keeps every row within a terminal of 80 columns', () => {
    for (const line of shown(report, false, 80)
      .split('\n')
      .slice(0, report.edges.length + 1))
      expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('a proof as JSON', () => {
  it('counts what the table shows', () => {
    const unknown = with1({ observed: undefined, unknown: 'no answer' });
    const edges = report.edges.length;
    expect(proofJson(unknown)).toMatchObject({
      schema: 'kubetls/prove/v1',
      at: '2026-11-23T12:00:00Z',
      summary: { edges, ok: edges - 1, failed: 0, unknown: 1 },
    });
  });
});
