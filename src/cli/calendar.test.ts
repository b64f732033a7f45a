import { expect, it } from 'vitest';
import { keyOf, mint, NOW, rootDraft } from '../../test/judges/mint.ts';
import { DAY } from '../base/index.ts';
import { calendarOf } from './calendar.ts';

it('is iCalendar: lines of 75 octets, what has a meaning escaped, reminders that are still to come', () => {
  const certificate = mint(rootDraft('a;b,c\\é\u001b[2J'.padEnd(90, 'ü'), keyOf('x')));
  const at = NOW + 8 * DAY;
  const passing = { certificate, sha256: 'ab'.repeat(32), places: ['ca.crt'], passes: 'ends' } as const;
  const event = { at, what: [passing], breaks: [], heals: [], quorum: undefined };
  const text = calendarOf({ from: NOW, until: at, broken: [], events: [event, event] }, 'demo');
  const lines = text.split('\r\n');
  expect(text).not.toMatch(/[^\r]\n/);
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
  expect(text.replaceAll('\r\n ', '')).toContain(
    'SUMMARY:demo: 2 certificates end: a\\;b\\,c\\\\é\\\\x1b[2J',
  );
  expect(lines.filter((line) => line.startsWith('TRIGGER'))).toEqual(['TRIGGER:-P7D', 'TRIGGER:-P1D']);
  expect(lines.filter((line) => line === 'BEGIN:VEVENT').length, 'one entry a day').toBe(1);
  expect(lines).toContain('DTSTART:20261201T120000Z');
});
