import { describe, expect, it } from 'vitest';
import { readLine, writtenAt } from './index.ts';

const X509 = 'x509: certificate signed by unknown authority';
const ASKED = Date.parse('2026-11-28T12:00:00Z');

const writtenIn = (line: string, asked = ASKED) => {
  const reading = readLine(line);
  const at = reading && writtenAt(reading, asked);
  return at === undefined ? undefined : new Date(at).toISOString();
};

describe('when a line was written', () => {
  it.each([
    ['klog', `E1127 08:35:00.123456       1 a.go:75] ${X509}`, '2026-11-27T08:35:00.123Z'],
    ['klog of last year', `E1230 08:35:00.000000    1234 a.go:75] ${X509}`, '2025-12-30T08:35:00.000Z'],
    ['klog of a clock that is ahead', `E1128 23:00:00.000000 1 a.go:75] ${X509}`, '2026-11-28T23:00:00.000Z'],
    ['klog of the 29th of February', `E0229 08:00:00.000000 1 a.go:75] ${X509}`, '2024-02-29T08:00:00.000Z'],
    ['journald', `Nov  7 08:35:00 w1 kubelet[1]: ${X509}`, '2026-11-07T08:35:00.000Z'],
    ['journald, short-iso', `2026-11-07T09:35:00+0100 w1 kubelet[1]: ${X509}`, '2026-11-07T08:35:00.000Z'],
    ['containerd', `2026-11-07T08:35:00.123456789Z stderr F ${X509}`, '2026-11-07T08:35:00.123Z'],
    [
      'containerd around klog: what has a year counts',
      `2025-11-07T08:35:00Z stderr F E1107 09:35:00.000000 1 a.go:75] ${X509}`,
      '2025-11-07T08:35:00.000Z',
    ],
    [
      'docker',
      JSON.stringify({ log: `${X509}\n`, time: '2026-11-07T08:35:00Z' }),
      '2026-11-07T08:35:00.000Z',
    ],
    [
      'zap',
      JSON.stringify({ level: 'warn', ts: '2026-11-07T08:35:00.5Z', msg: 'm', error: X509 }),
      '2026-11-07T08:35:00.500Z',
    ],
    ['Kubernetes in JSON', JSON.stringify({ ts: 1794040500123.456, msg: X509 }), '2026-11-07T08:35:00.123Z'],
    [
      "Go's log",
      `2026/11/07 08:35:00 http: TLS handshake error from 10.0.0.1:1: ${X509}`,
      '2026-11-07T08:35:00.000Z',
    ],
    [
      'old etcd',
      `2026-11-07 08:35:00.123456 I | embed: rejected connection: ${X509}`,
      '2026-11-07T08:35:00.123Z',
    ],
    [
      'the clock of the side that looks, whatever the log says',
      'E1127 08:35:00.000000 1 a.go:75] x509: certificate has expired or is not yet valid: current time 2026-11-07T09:35:00+01:00 is after 2026-01-01T00:00:00Z',
      '2026-11-07T08:35:00.000Z',
    ],
    ['nothing', X509, undefined],
    ['no day', `E1340 08:35:00.000000 1 a.go:75] ${X509}`, undefined],
    ['no hour', `E1127 99:35:00.000000 1 a.go:75] ${X509}`, undefined],
    ['a number out of all bounds', JSON.stringify({ ts: 9e13, msg: X509 }), '4821-12-26T16:00:00.000Z'],
  ])('%s', (_, line, written) => {
    expect(writtenIn(line)).toBe(written);
  });
});
