import { type Instant, KubetlsError } from '../base/index.ts';
import { type DerReader, Tag } from './der.ts';
import type { DerWriter } from './der-writer.ts';

/**
 * UTCTime and GeneralizedTime (RFC 5280, 4.1.2.5), both ways.
 *
 * What is read is what cryptobyte reads: whole seconds, `Z` or `+hhmm`, and a UTCTime without seconds. The
 * text must be what Go would print for the time it means; so `+0000` is refused.
 */
const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})$/;

const MS_PER_DAY = 86_400_000;
const YEAR_1950 = Date.UTC(1950, 0, 1);
const YEAR_2050 = Date.UTC(2050, 0, 1);
const YEAR_10000 = Date.UTC(10_000, 0, 1);
const YEAR_0 = Date.UTC(-1, 11, 31) + MS_PER_DAY;

/** The next element, a Time. */
export function readTime(reader: DerReader, path: string): Instant {
  const at = reader.at;
  const tag = reader.peek();
  if (tag !== Tag.utcTime && tag !== Tag.generalizedTime) {
    reader.fail('x509/time', 'a time is UTCTime or GeneralizedTime', path);
  }
  const choice = `${path}.${tag === Tag.utcTime ? 'utcTime' : 'generalTime'}`;
  const start = reader.open(tag, choice);
  const instant = plainTime(reader.bytes, start, reader.at, tag) ?? anyTime(reader, start, tag)?.instant;
  if (instant === undefined) reader.fail('x509/time', 'not a valid time', choice, at);
  return instant;
}

/** Minutes east of UTC that a Time was written with: Go prints a certificate's dates with them. */
export function readTimeOffset(reader: DerReader, path: string): number {
  const tag = reader.peek();
  const start = reader.open(tag, path);
  return anyTime(reader, start, tag)?.offset ?? 0;
}

/** `YYMMDDhhmmssZ` and `YYYYMMDDhhmmssZ`, which is what nearly all certificates have; else undefined. */
function plainTime(bytes: Uint8Array, start: number, end: number, tag: number): Instant | undefined {
  const long = tag === Tag.generalizedTime;
  const zone = start + (long ? 14 : 12);
  if (end !== zone + 1 || bytes[zone] !== 0x5a) return undefined;
  for (let at = start; at < zone; at++) {
    if (bytes[at]! < 0x30 || bytes[at]! > 0x39) return undefined;
  }
  const pair = (at: number) => bytes[at]! * 10 + bytes[at + 1]! - 528;
  const year = long ? pair(start) * 100 + pair(start + 2) : utcYear(pair(start));
  const at = zone - 10;
  return instantOf(year, pair(at), pair(at + 2), pair(at + 4), pair(at + 6), pair(at + 8));
}

/** RFC 5280, 4.1.2.5.1. */
function utcYear(twoDigits: number): number {
  return twoDigits >= 50 ? 1900 + twoDigits : 2000 + twoDigits;
}

function anyTime(
  reader: DerReader,
  start: number,
  tag: number,
): { instant: Instant; offset: number } | undefined {
  const text = String.fromCharCode(...reader.bytes.subarray(start, Math.min(reader.at, start + 20)));
  const long = tag === Tag.generalizedTime;
  const match = (long ? GENERALIZED_TIME : UTC_TIME).exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((n) => Number(n ?? 0));
  const offset = offsetMinutes(match[7]!);
  const local = instantOf(long ? year : utcYear(year), month, day, hour, minute, second);
  return offset === undefined || local === undefined
    ? undefined
    : { instant: local - offset * 60_000, offset };
}

/** An hour of 24 passes in Go (time.Parse), 60 minutes come out as one hour and so do not. */
function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3));
  if (hours > 24 || minutes > 59 || hours + minutes === 0) return undefined;
  return (hours * 60 + minutes) * (zone[0] === '-' ? -1 : 1);
}

function instantOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): Instant | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return daysSinceEpoch(year, month, day) * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1_000;
}

export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Proleptic Gregorian calendar, counted from March so that the leap day comes last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const fromMarch = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + fromMarch - 719_468;
}

/** UTCTime from 1950 to 2049, GeneralizedTime outside (RFC 5280, 4.1.2.5). Milliseconds are dropped. */
export function writeTime(writer: DerWriter, at: Instant): void {
  if (!(at >= YEAR_0 && at < YEAR_10000)) {
    throw new KubetlsError({ code: 'x509/time', message: 'a certificate can hold the years 0 to 9999 only' });
  }
  const days = Math.floor(at / MS_PER_DAY);
  const seconds = Math.floor((at - days * MS_PER_DAY) / 1_000);
  const { year, month, day } = calendarDate(days);
  const short = at >= YEAR_1950 && at < YEAR_2050;
  const end = writer.length;
  writer.octet(ZONE_Z);
  writer.digits(seconds % 60);
  writer.digits(Math.floor(seconds / 60) % 60);
  writer.digits(Math.floor(seconds / 3_600));
  writer.digits(day);
  writer.digits(month);
  writer.digits(year % 100);
  if (!short) writer.digits(Math.floor(year / 100));
  writer.header(short ? Tag.utcTime : Tag.generalizedTime, end);
}

/** The reverse of daysSinceEpoch, within 400 years of which each has a March to begin with. */
function calendarDate(days: number): { year: number; month: number; day: number } {
  const sinceMarch = days + 719_468;
  const era = Math.floor(sinceMarch / 146_097);
  const ofEra = sinceMarch - era * 146_097;
  const y = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * y + Math.floor(y / 4) - Math.floor(y / 100));
  const m = Math.floor((5 * ofYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  const day = ofYear - Math.floor((153 * m + 2) / 5) + 1;
  return { year: y + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

const ZONE_Z = 0x5a;
