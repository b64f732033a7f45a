import { describe, expect, it } from 'vitest';
import { parseGoTime } from './go-time.ts';

const NOON = Date.UTC(2026, 10, 23, 12);

describe("Go's RFC 3339", () => {
  it.each([
    ['2026-11-23T12:00:00Z', NOON, 0],
    ['2026-11-23T14:00:00+02:00', NOON, 120],
    ['2026-11-23T00:30:00-11:30', NOON, -690],
    ['2026-11-23T12:00:00.25Z', NOON + 250, 0],
    ['2026-11-23T12:00:00,25Z', NOON + 250, 0],
    ['2026-11-24T12:00:00+24:00', NOON, 1_440],
    ['0000-01-01T00:00:00Z', Date.parse('0000-01-01T00:00:00Z'), 0],
  ])('%s', (text, at, utcOffset) => {
    expect(parseGoTime(text)).toEqual({ at, utcOffset });
  });

  it('a nanosecond after the end is after it, and before the next millisecond', () => {
    const at = parseGoTime('2026-11-23T12:00:00.000000001Z')?.at ?? 0;
    expect(at).toBeGreaterThan(NOON);
    expect(at).toBeLessThan(NOON + 1);
    expect(parseGoTime('2026-11-23T12:00:00.0000000009Z')?.at).toBe(NOON);
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-11-23',
    '2026-11-23T12:00:60Z',
    '2026-11-23T12:00:00+25:00',
    '+30d',
    '',
  ])('not %s', (text) => {
    expect(parseGoTime(text)).toBeUndefined();
  });
});
