/** A forecast as iCalendar (RFC 5545), for the calendar of whoever is on call. */
import { DAY, toRfc3339 } from '../base/index.ts';
import type { Forecast, ForecastEvent } from '../trust/index.ts';
import { byDay, quorumText, whatText } from './forecast-view.ts';
import { printable } from './text.ts';

/** Names and lines in one entry; a calendar is no report. */
const SHOWN = 10;
/** Days before, on which a calendar reminds. */
const REMIND = [30, 7, 1];

export function calendarOf({ from, events }: Forecast, cluster: string): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//kubetls//forecast//EN',
    'CALSCALE:GREGORIAN',
    ...byDay(events).flatMap((day) => entry(day, cluster, from)),
    'END:VCALENDAR',
    '',
  ]
    .map(fold)
    .join('\r\n');
}

function entry({ at, what, breaks, quorum }: ForecastEvent, cluster: string, from: number): string[] {
  const [first] = what;
  const summary = `${cluster}: ${whatText(what, 2)}${breaks.length > 0 ? `, ${breaks.length} edges will fail` : ''}`;
  const lines = [
    whatText(what, SHOWN),
    ...breaks.slice(0, SHOWN).map(({ edge, error }) => `${edge.id}: ${error}`),
    ...(breaks.length > SHOWN ? [`and ${breaks.length - SHOWN} more edges`] : []),
    ...(quorum ? [quorumText(quorum)] : []),
    'Predicted from the files by kubetls forecast.',
  ];
  return [
    'BEGIN:VEVENT',
    // The same in every export, so that a calendar updates its entry.
    `UID:${stamp(at)}-${first?.sha256.slice(0, 32)}@kubetls`,
    `DTSTAMP:${stamp(from)}`,
    `DTSTART:${stamp(at)}`,
    `SUMMARY:${escape(summary)}`,
    `DESCRIPTION:${escape(lines.join('\n'))}`,
    ...REMIND.filter((days) => at - days * DAY > from).flatMap((days) => [
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      `DESCRIPTION:${escape(summary)}`,
      `TRIGGER:-P${days}D`,
      'END:VALARM',
    ]),
    'END:VEVENT',
  ];
}

/** RFC 5545, 3.3.5: UTC. */
function stamp(at: number): string {
  return toRfc3339(at).replace(/[-:]/g, '');
}

/** RFC 5545, 3.3.11. */
function escape(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line).replace(/[\\;,]/g, '\\$&'))
    .join('\\n');
}

/** RFC 5545, 3.1: at most 75 octets a line, and none cut inside a character. */
function fold(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > 75) {
      parts.push(part);
      part = ' ';
      octets = 1;
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join('\r\n');
}
