import { describe, expect, it } from 'vitest';
import { circumstanceTable } from './circumstances.ts';
import { createLogReader, readLine } from './index.ts';
import { symptomTable } from './symptoms/table.ts';

function summaryOf(lines: readonly (string | undefined)[]) {
  const log = createLogReader();
  for (const line of lines) log.add(line);
  return log.summary();
}

describe('a log', () => {
  it('lines that say the same are counted together, in the order of their first', () => {
    const refused = (port: number, host = '10.0.0.21') =>
      `http: TLS handshake error from ${host}:${port}: remote error: tls: bad certificate`;
    const { known, lines } = summaryOf([
      'nothing',
      refused(1001),
      'x509: certificate signed by unknown authority',
      refused(1002),
      refused(1003, '10.0.0.22'),
    ]);
    expect(lines).toBe(5);
    expect(known.map(({ reading, count, first }) => [reading.symptom.id, count, first])).toEqual([
      ['alert-bad-certificate', 2, 2],
      ['unknown-authority', 1, 3],
      ['alert-bad-certificate', 1, 5],
    ]);
  });

  it('what speaks of TLS and is not known is counted, with the first few of it', () => {
    const { known, unknown } = summaryOf(Array.from({ length: 20 }, (_, i) => `tls: something new ${i}`));
    expect([known, unknown.count, unknown.samples.length]).toEqual([[], 20, 5]);
  });

  it('no more is kept than the bound, however many different lines come', () => {
    const { known, beyond } = summaryOf(
      Array.from({ length: 5_000 }, (_, i) => `x509: certificate is valid for a, not host-${i}.test`),
    );
    expect([known.length, beyond]).toEqual([1_000, 4_000]);
  });

  it('a line that was too long to be read is only counted', () => {
    expect(summaryOf([undefined])).toMatchObject({ lines: 1, known: [], unknown: { count: 0 } });
  });
});

describe('hostile lines', () => {
  const patterns = [...symptomTable, ...circumstanceTable].map(({ pattern }) => pattern);

  it.each(patterns)('%s repeats nothing without an end, except single characters once', ({ source }) => {
    const bare = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x');
    // `\s*`-like endless runs are what backtracking grows by.
    expect(bare).not.toMatch(/[*+]/);
    expect(bare).not.toMatch(/\{\d*,\}/);
    // A repeated group that repeats inside of itself.
    expect(bare).not.toMatch(/\([^()]*\{\d+,\d+\}[^()]*\)\{/);
  });

  const NEAR = [
    'x509: certificate is valid for ',
    "certificate subject name '",
    'http: TLS handshake error from ',
    'Get "https://',
    'remote-addr',
    '\\"',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'No subject alternative names matching ',
    'No name matching ',
    '401 ',
    'status ',
    'retrieving lease lock ',
    'error loading CA bundle for "x::',
    '[',
    '\u001b[',
    '{"a":',
    ' ',
    'a.',
    '1:',
  ];
  it.each(NEAR)('%j over and over costs what its length costs', (piece) => {
    const cost = (length: number) => {
      const line = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
      readLine(line);
      const rounds = 5;
      let best = Number.POSITIVE_INFINITY;
      for (let i = 0; i < rounds; i++) {
        const { user } = process.cpuUsage();
        readLine(line);
        best = Math.min(best, process.cpuUsage().user - user);
      }
      return best / 1_000;
    };
    // Milliseconds; a pattern that backtracks takes seconds for such a line.
    expect(cost(32 * 1024)).toBeLessThan(250);
    // What is beyond the bound is not looked at.
    expect(cost(1024 * 1024)).toBeLessThan(300);
  });
});
