/** Instants as Go's time.Parse(time.RFC3339Nano, …) takes them, one digit of an hour and a comma included. */
import { type Instant, MINUTE } from '../../base/index.ts';

/** `utcOffset` is in minutes east of UTC: Go prints the instant with it. */
export interface GoTime {
  readonly at: Instant;
  readonly utcOffset: number;
}

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** Undefined when Go refuses the text. */
export function parseGoTime(text: string): GoTime | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = ''] = match;
  const [sign, offsetHours = '0', offsetMinutes = '0'] = match.slice(8);
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // The calendar's own arithmetic takes the 30th of February for the 2nd of March.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  // time.Parse: an hour of 24 and a minute of 60 pass in an offset.
  if (Number(offsetHours) > 24 || Number(offsetMinutes) > 60) return undefined;
  const utcOffset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  return { at: date.getTime() + milliseconds(fraction) - utcOffset * MINUTE, utcOffset };
}

/**
 * A part of a millisecond counts as half of one: beside whole seconds, which is all that certificates have,
 * it compares as the nanoseconds would. Digits past the ninth are dropped, as in Go.
 */
function milliseconds(fraction: string): number {
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, '0'));
  return Math.floor(nanoseconds / 1e6) + (nanoseconds % 1e6 > 0 ? 0.5 : 0);
}
