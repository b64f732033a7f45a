import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Draft, keyOf, leafDraft, mint, nameOf, NOW, rootDraft, san } from '../../test/judges/mint.ts';
import { DAY } from '../base/index.ts';
import { alertHeard, FAMILIES, judge } from '../families/index.ts';
import { alertText } from '../verify/index.ts';
import { createExplainer, readLine } from './index.ts';

/** Blocks of three lines: the source, symptom and cause, the line itself. */
const LINES = readFileSync(new URL('../../test/judges/printed-lines.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n\n')
  .slice(1)
  .map((block): readonly [source: string, line: string, symptom: string, cause: string] => {
    const [source = '', expected = '', line = ''] = block.split('\n');
    const [symptom = '', cause = ''] = expected.split(' ');
    return [source.slice(2), line, symptom, cause];
  });

describe('lines that programs print', () => {
  it('are many', () => expect(LINES.length).toBeGreaterThan(60));

  const explain = createExplainer();
  it.each(LINES)('%s: %s', (_, line, symptom, cause) => {
    const reading = readLine(line);
    expect(reading?.symptom.id).toBe(symptom);
    expect(reading && explain(reading)[0]?.id).toBe(cause);
  });

  it('what a line names is read from it', () => {
    const [at, lease] = LINES.map(([, line]) => line).filter((line) =>
      /worker-1 kubelet|kubeadm|containerLogs.*x509/.test(line),
    );
    expect(readLine(at ?? '')?.clues).toMatchObject({ host: '10.0.0.21', port: '10250' });
    expect(readLine(lease ?? '')?.clues).toMatchObject({
      node: 'worker-1',
      program: 'kubelet',
      host: '10.0.0.10',
      port: '6443',
    });
  });

  it.each([
    'error: unable to upgrade connection: error dialing backend: x509: certificate signed by unknown authority',
    'Error from server: Get "https://10.0.0.21:10250/containerLogs/default/p/c": x509: certificate signed by unknown authority',
    ...['exec', 'attach', 'portForward'].map(
      (verb) =>
        `error: Internal error occurred: error sending request: Post "https://10.0.0.21:10250/${verb}/default/p/c?output=1": x509: certificate signed by unknown authority`,
    ),
  ])('is of the way from kube-apiserver to a kubelet: %s', (line) => {
    const circumstances = readLine(line)?.circumstances ?? [];
    expect(circumstances.flatMap(({ clients = [] }) => clients)).toEqual(['kube-apiserver']);
    expect(circumstances.flatMap(({ servers = [] }) => servers)).toEqual(['kubelet']);
  });

  it.each([
    'Started Session 5 of User root.',
    'I1123 12:00:00.000000 1 controller.go:5] "Starting certificate controller"',
    '',
    '{"level":"info","msg":"serving client traffic securely"}',
  ])('is not one of them: %s', (line) => {
    expect(readLine(line)).toBeUndefined();
  });
});

describe('refusals by every program, in its own words', () => {
  const root = rootDraft('KUBERNETES-CA', keyOf('root'));
  const good = leafDraft(nameOf('kube-apiserver'), keyOf('leaf'), root, ['kubernetes', '10.96.0.1']);
  const explain = createExplainer();
  const REFUSED: readonly (readonly [cause: string, change: Partial<Draft>, above?: Partial<Draft>])[] = [
    ['expired', { notAfter: NOW - DAY }],
    ['not-yet-valid', { notBefore: NOW + DAY }],
    ['name-missing', { names: [san('elsewhere.test')] }],
    ['wrong-usage', { extendedKeyUsage: ['clientAuth'] }],
    ['anchor-missing', { issuer: nameOf('another') }],
    ['other-generation', { signedBy: keyOf('made anew') }],
    ['issuer-unfit', {}, { basicConstraints: { ca: false, pathLength: undefined } }],
    ['weak-key', { key: keyOf('short', 'rsa-512') }],
    ['critical-extension', { more: [{ oid: '1.2.3.4', critical: true, value: Uint8Array.of(5, 0) }] }],
    [
      'name-constraint',
      {},
      { nameConstraints: { critical: true, permitted: [san('example.test')], excluded: [] } },
    ],
  ];
  for (const [cause, change, above] of REFUSED)
    it(cause, () => {
      const request = {
        leaf: mint({ ...good, ...change }),
        intermediates: [],
        roots: [mint({ ...root, ...above })],
        at: NOW,
        usage: 'server',
        name: 'kubernetes',
      } as const;
      for (const family of FAMILIES) {
        const judgement = judge(family, request);
        // Unknown to us, or no fault to them.
        if (judgement.ok !== false) continue;
        const { error } = judgement;
        const reading = readLine(error);
        const causes = reading ? explain(reading).map(({ id }) => id) : [];
        expect(causes, `${family}: ${error}`).toContain(cause);
      }
    });
});

describe('alerts', () => {
  /** By number (RFC 8446, 6). */
  const ALERTS: Readonly<Record<number, string>> = {
    40: 'alert-handshake-failure',
    42: 'alert-bad-certificate',
    43: 'alert-unsupported-certificate',
    44: 'alert-revoked',
    45: 'alert-expired',
    46: 'alert-unknown-certificate',
    48: 'alert-unknown-ca',
    49: 'alert-access-denied',
    51: 'alert-decrypt-error',
    70: 'no-common-version',
    80: 'alert-internal-error',
    112: 'alert-unrecognized-name',
    116: 'alert-certificate-required',
  };
  it.each(Object.entries(ALERTS))('%s is known in the words of every program', (number, symptom) => {
    expect(readLine(alertText(Number(number)))?.symptom.id).toBe(symptom);
    for (const family of FAMILIES) {
      const text = alertHeard(family, Number(number), 'content') ?? '';
      expect(readLine(text)?.symptom.id, `${family}: ${text}`).toBe(symptom);
    }
  });
});
