/** `kubetls verify --batch` beside Go's own crypto/x509 and encoding/json, on lines that nobody would want. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { asBuffer } from '../../src/base/index.ts';
import { type Certificate, writePem } from '../../src/x509/index.ts';
import { keyOf, leafDraft, mint, nameOf, NOW, rootDraft } from '../judges/mint.ts';
import { verifyBatch } from '../support/verify-batch.ts';

const tools = await realTools();

const base64 = ({ der }: Certificate) => asBuffer(der).toString('base64');
const pem = ({ der }: Certificate) => writePem('CERTIFICATE', der);

const rootKey = keyOf('batch root');
const rootOf = rootDraft('KUBERNETES-CA', rootKey);
const root = mint(rootOf);
const leafOf = leafDraft(nameOf('kube-apiserver'), keyOf('batch leaf'), rootOf, ['kubernetes', '10.96.0.1']);
const leaf = mint(leafOf);
const good = { id: 'a', leaf: pem(leaf), roots: [pem(root)], at: rfc3339(NOW) };
/** RFC 3339 without the `Z`. */
const second = (instant: number) => new Date(instant).toISOString().slice(0, 19);

function rfc3339(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

const asLine = (value: unknown) => JSON.stringify(value);
const withAt = (at: string) => asLine({ ...good, at });
const withLeaf = (text: unknown) => asLine({ ...good, leaf: text });

const lines: readonly string[] = [
  asLine(good),
  `${asLine(good)}\r`,
  `  ${asLine(good)}  `,
  asLine({ ...good, intermediates: null, name: null, usage: null }),
  asLine({ ...good, name: '10.96.0.1', usage: 'server' }),
  asLine({ ...good, usage: 'client' }),
  asLine({ ...good, usage: 'any', unknown: { deep: [1, [2]] } }),
  // Certificates
  withLeaf(base64(leaf)),
  withLeaf(` ${base64(leaf).replace(/(.{64})/g, '$1\r\n')}\n`),
  withLeaf(base64(leaf).replace(/=*$/, '')),
  withLeaf(`${base64(leaf)}=`),
  withLeaf(`-${base64(leaf).slice(1)}`),
  withLeaf(base64(leaf).slice(0, 400)),
  withLeaf(`${base64(leaf).slice(0, -4)}AAAA`),
  withLeaf(`text before\n${pem(leaf)}${pem(root)}`),
  withLeaf(`\ufeff${pem(leaf)}`),
  withLeaf(pem(leaf).replaceAll('\n', '\r\n')),
  withLeaf(pem(leaf).replace('-----END', '-----ENDE')),
  withLeaf(writePem('PRIVATE KEY', leaf.der)),
  withLeaf('-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'),
  withLeaf(''),
  withLeaf(null),
  withLeaf('AA=='),
  withLeaf('no certificate'),
  withLeaf('MA=='),
  withLeaf(asBuffer(new Uint8Array([...leaf.der, 0])).toString('base64')),
  asLine({ ...good, roots: [] }),
  asLine({ ...good, roots: ['', null, pem(root), 'x'] }),
  asLine({ ...good, roots: [null] }),
  asLine({ ...good, intermediates: [pem(root)], roots: [] }),
  asLine({ ...good, intermediates: [''] }),
  asLine({ ...good, intermediates: [null] }),
  asLine({ ...good, leaf: '', intermediates: [''], roots: [''] }),
  // Names
  asLine({ ...good, name: 'x'.repeat(100_000) }),
  asLine({ ...good, name: '\u202e\u0000\u{1f600}' }),
  `{"name":"\\ud800",${asLine(good).slice(1)}`,
  // Fields
  '{}',
  'null',
  asLine({ leaf: good.leaf }),
  `{"leaf":"x",${asLine(good).slice(1)}`,
  `{"__proto__":{"leaf":"x"},${asLine(good).slice(1)}`,
  asLine({ ...good, usage: 'SERVER' }),
  asLine({ ...good, usage: 'toString' }),
  asLine({ ...good, usage: '' }),
  // Types
  withLeaf(1),
  withLeaf([pem(leaf)]),
  asLine({ ...good, id: 1 }),
  asLine({ ...good, roots: pem(root) }),
  asLine({ ...good, roots: { 0: pem(root) } }),
  asLine({ ...good, roots: [1] }),
  asLine({ ...good, intermediates: 'x' }),
  asLine({ ...good, at: NOW }),
  asLine({ ...good, name: [] }),
  asLine({ ...good, usage: true }),
  '[]',
  '1',
  '"x"',
  'true',
  '{',
  `${asLine(good)}x`,
  asLine(good).slice(0, -9),
  `{'id':'a'}`,
  '\ufeff{}',
  // Times: the offset is printed as it was written; nanoseconds decide.
  ...['', '+02:00', '-11:30', '+00:00', '-00:00', '+24:00', '+23:60', '+25:00', 'z', '+0200', '+2:00']
    .map((zone) => `${second(leafOf.notAfter + 3_600_000 * 30)}${zone}`)
    .map(withAt),
  ...[
    '.000000001',
    '.0000000001',
    '.999999999',
    '.9999999999',
    ',5',
    '.',
    '.x',
    '.0009',
    '.001',
    '.000',
  ].flatMap((fraction) =>
    [leafOf.notAfter, leafOf.notBefore, leafOf.notBefore - 1_000].map((end) =>
      withAt(`${second(end)}${fraction}Z`),
    ),
  ),
  ...[
    '2026-02-29T00:00:00Z',
    '2028-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-11-31T00:00:00Z',
    '2026-11-23T24:00:00Z',
    '2026-11-23T9:00:00Z',
    '2026-11-23T09:60:00Z',
    '2026-11-23T09:00:60Z',
    '2026-11-23t09:00:00Z',
    '2026-11-23 09:00:00Z',
    '2026-11-23',
    '2026-11-23T09:00Z',
    '20261123T090000Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:01Z',
    '9999-12-31T23:59:59Z',
    '+30d',
    'now',
  ].map(withAt),
];

describe.skipIf('missing' in tools)('verify --batch beside Go (needs Go)', () => {
  it(`answers ${lines.length} odd lines as Go does`, async () => {
    const { status, answers } = await verifyBatch(lines.map((line) => `${line}\n`).join(''));
    expect(status).toBe(2);
    const go = askGo(lines);
    expect(answers.length).toBe(lines.length);
    const differing = lines.flatMap((line, i) => {
      const [expected, actual] = [shared(go[i]), shared(answers[i])];
      return JSON.stringify(expected) === JSON.stringify(actual)
        ? []
        : [{ line: line.slice(0, 200), at: i, expected, actual }];
    });
    expect(differing).toEqual([]);
  });
});

/** The common fields; why a line is no question is ours to word. */
function shared(answer: object | undefined): object {
  const {
    ok,
    error,
    stage,
    chains = 0,
    chain_lengths = [],
    skipped_roots = 0,
  } = (answer ?? {}) as Record<string, unknown>;
  return { ok, error: stage === 'question' ? '' : error, stage, chains, chain_lengths, skipped_roots };
}

function askGo(lines: readonly string[]): object[] {
  if ('missing' in tools) return [];
  const { stdout } = spawnSync(tools.oracle, {
    input: lines.map((line) => `${line}\n`).join(''),
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
  });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as object);
}
