import { latin1 } from './strings.ts';
import { quoteOctets } from './quote.ts';
import { Tag } from './der.ts';
import { daysIn } from './time.ts';

/**
 * Why encoding/asn1 refuses a time, in its words; undefined when it takes it (asn1.go, parseUTCTime and
 * parseGeneralizedTime). Requests are read so, certificates by `readTime`. It reads with time.Parse, which lets much
 * pass, and so compares what was written with what time.Format makes of it: fractions of a second are taken too.
 */
export function timeProblem(tag: number, content: Uint8Array): string | undefined {
  const text = latin1(content, 0, content.length);
  const read = tag === Tag.utcTime ? utcTime(text) : parse(text, GENERALIZED);
  if ('problem' in read) return read.problem;
  if (read.again === text) return undefined;
  const both = `given ${quoteOctets(content)}, but serialized as "${read.again}"`;
  return `asn1: time did not serialize back to the original value and may be invalid: ${both}`;
}

function utcTime(text: string): Read {
  const minutes = parse(text, UTC_MINUTES);
  return 'problem' in minutes ? parse(text, UTC_SECONDS) : minutes;
}

/** `again`: as time.Format prints it. */
type Read = { readonly again: string } | { readonly problem: string };

/** What an element of a layout takes from a text; undefined: nothing that it knows. */
type Reader = (text: string) => Taken | { readonly outOfRange: string } | undefined;
interface Taken {
  readonly octets: number;
  readonly again: string;
}

function number(pattern: RegExp, name = '', least = 0, most = Infinity): Reader {
  return (text) => {
    const [all = '', digits = all] = pattern.exec(text) ?? [];
    if (all === '') return undefined;
    const isIn = Number(digits) >= least && Number(digits) <= most;
    return isIn ? { octets: all.length, again: digits.padStart(2, '0') } : { outOfRange: name };
  };
}

/** strconv's reading of two octets, one of which may be a sign: -1 is 1999. */
const shortYear: Reader = (text) => {
  const [digits] = /^[+\-\d]\d/.exec(text) ?? [];
  return digits === undefined ? digits : { octets: 2, again: twoDigits((Number(digits) + 100) % 100) };
};

/** Nine digits count. */
const fraction: Reader = (text) => {
  const [all = '', digits = ''] = /^[.,](\d+)/.exec(text) ?? [];
  const kept = digits.slice(0, 9).replace(/0+$/, '');
  return { octets: all.length, again: kept === '' ? '' : `.${kept}` };
};

const zone: Reader = (text) => {
  if (text.startsWith('Z')) return { octets: 1, again: 'Z' };
  const [, sign, hours, minutes] = /^([^])(\d\d)([^]{2})/.exec(text) ?? [];
  if (!minutes) return undefined;
  if (/^\d\d$/.test(minutes) && Number(minutes) > 60) return { outOfRange: 'time zone offset minute' };
  if (Number(hours) > 24) return { outOfRange: 'time zone offset hour' };
  if (!/^\d\d$/.test(minutes) || !/^[+-]$/.test(sign!)) return undefined;
  const offset = Number(hours) * 60 + Number(minutes);
  const again = offset === 0 ? 'Z' : `${sign}${twoDigits(Math.floor(offset / 60))}${twoDigits(offset % 60)}`;
  return { octets: 5, again };
};

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

type Layout = readonly (readonly [element: string, read: Reader])[];

const TO_MINUTES: Layout = [
  ['01', number(/^\d\d/, 'month', 1, 12)],
  ['02', number(/^\d\d/)],
  ['15', number(/^\d\d?/, 'hour', 0, 23)],
  ['04', number(/^\d\d/, 'minute', 0, 59)],
];
const ZONE: Layout[number] = ['Z0700', zone];
const UTC_MINUTES: Layout = [['06', shortYear], ...TO_MINUTES, ZONE];
/** A fraction is read and forgotten where the layout has none. */
const FORGETFUL: Reader = number(/^(\d\d)(?:[.,]\d+)?/, 'second', 0, 59);
const UTC_SECONDS: Layout = [['06', shortYear], ...TO_MINUTES, ['05', FORGETFUL], ZONE];
const GENERALIZED: Layout = [
  ['2006', number(/^\d{4}/)],
  ...TO_MINUTES,
  ['05', number(/^\d\d/, 'second', 0, 59)],
  ['.999999999', fraction],
  ZONE,
];

/** time/format.go, parse */
function parse(text: string, layout: Layout): Read {
  const refuse = (why: string) => ({ problem: `parsing time ${quoted(text)}${why}` });
  const again: string[] = [];
  let rest = text;
  for (const [element, read] of layout) {
    const taken = read(rest);
    if (!taken) {
      const whole = layout.map(([each]) => each).join('');
      return refuse(` as "${whole}": cannot parse ${quoted(rest)} as "${element}"`);
    }
    if ('outOfRange' in taken) return refuse(`: ${taken.outOfRange} out of range`);
    again.push(taken.again);
    rest = rest.slice(taken.octets);
  }
  if (rest !== '') return refuse(`: extra text: ${quoted(rest)}`);
  return hasDay(again) ? { again: again.join('') } : refuse(': day out of range');
}

/** Two digits of a year are of 1969 to 2068 here. */
function hasDay([year = '', month, day]: readonly string[]): boolean {
  const whole = year.length === 4 ? Number(year) : Number(year) + (Number(year) >= 69 ? 1900 : 2000);
  return Number(day) >= 1 && Number(day) <= daysIn(whole, Number(month));
}

/** time/format.go, quote: every octet that is not ASCII as it stands. */
function quoted(text: string): string {
  const hex = (octet: string) => `\\x${octet.charCodeAt(0).toString(16).padStart(2, '0')}`;
  return `"${text.replace(/["\\]/g, '\\$&').replace(/[^ -\x7f]/g, hex)}"`;
}
