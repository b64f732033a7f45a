import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND, YEAR } from '../../base/index.ts';
import { parseDuration } from './duration.ts';

describe('durations', () => {
  const good: readonly (readonly [string, number])[] = [
    ['10y', 10 * YEAR],
    ['1y', 365 * DAY],
    ['90d', 90 * DAY],
    ['36h', 36 * HOUR],
    ['10m', 10 * MINUTE],
    ['1d12h', 36 * HOUR],
    ['1y1d1h1m1s', YEAR + DAY + HOUR + MINUTE + SECOND],
    // As Go prints what kubeadm's configuration holds.
    ['8760h0m0s', YEAR],
  ];
  for (const [text, value] of good) it(text, () => expect(parseDuration(text)).toBe(value));

  for (const text of ['', '10', 'y', '1h1d', '1.5h', '-1h', '1 h', '1Y', '1w', '9999999y', '1d1d']) {
    it(`not ${JSON.stringify(text)}`, () => expect(parseDuration(text)).toBeUndefined());
  }
});
