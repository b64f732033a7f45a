/** When a line was written, by its own clock: what programs and logs put before it, or Go into it. */
import { DAY, type Instant } from '../base/index.ts';

/** An instant; or a day of some year, at a time of that day, where the log has no years. */
export type Written =
  | { readonly kind: 'instant'; readonly at: Instant }
  | { readonly kind: 'yearless'; readonly month: number; readonly day: number; readonly time: number };

/** Of what logs say of time what tells most: an instant beats a day without a year, the first beats the next. */
export function writtenIn(stamps: readonly string[], text: string): Written | undefined {
  const [, inside] = GO_NOW.exec(text) ?? [];
  const all = [...(inside === undefined ? [] : [inside]), ...stamps].flatMap((stamp) => parsed(stamp) ?? []);
  return all.find(({ kind }) => kind === 'instant') ?? all[0];
}

/** crypto/x509 verify.go, CertificateInvalidError: by the clock of the side that looks, with its zone. */
const GO_NOW = /current time (\d{4}-\d\d-\d\dT[\d:]{8}(?:Z|[+-]\d\d:\d\d)) is /;

function parsed(stamp: string): Written | undefined {
  for (const read of [rfc3339, syslog, klog, milliseconds]) {
    const found = read(stamp);
    if (found) return found;
  }
  return undefined;
}

/** Also as Go's log and old etcd write it; without a zone it is taken for UTC. */
function rfc3339(stamp: string): Written | undefined {
  const [, date, clock, zone = 'Z'] =
    /^(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:?\d\d)?$/.exec(stamp) ?? [];
  if (date === undefined || clock === undefined) return undefined;
  const text = `${date.replaceAll('/', '-')}T${clock}${zone.replace(/^(...)(\d\d)$/, '$1:$2')}`;
  return instant(Date.parse(text));
}

/** component-base/logs/json: Unix time with a fraction, in milliseconds. */
function milliseconds(stamp: string): Written | undefined {
  return /^\d{12,14}(?:\.\d{1,9})?$/.test(stamp) ? instant(Math.floor(Number(stamp))) : undefined;
}

function instant(at: number): Written | undefined {
  return Number.isFinite(at) ? { kind: 'instant', at } : undefined;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function syslog(stamp: string): Written | undefined {
  const [, month = '', day, clock = ''] = /^([A-Z][a-z]{2}) ([ \d]\d) ([\d:.]{8,18})$/.exec(stamp) ?? [];
  return MONTHS.includes(month) ? yearless(MONTHS.indexOf(month), Number(day), clock) : undefined;
}

/** klog: `1123 12:00:00.000000`. */
function klog(stamp: string): Written | undefined {
  const [, month, day, clock = ''] = /^(\d\d)(\d\d) ([\d:.]{8,18})$/.exec(stamp) ?? [];
  return month === undefined ? undefined : yearless(Number(month) - 1, Number(day), clock);
}

function yearless(month: number, day: number, clock: string): Written | undefined {
  const time = Date.parse(`1970-01-01T${clock}Z`);
  const exists = month >= 0 && month < 12 && day >= 1 && day <= 31 && Number.isFinite(time);
  return exists ? { kind: 'yearless', month, day, time } : undefined;
}

/** Clocks of nodes may be ahead of ours, and their zones are not written: so much in the future is still today. */
const AHEAD = DAY;
/** The 29th of February is there once in eight years at worst. */
const YEARS = 9;

/** Without a year: the last time that there was such a day, as seen from `asked`. */
export function instantOf(written: Written, asked: Instant): Instant | undefined {
  if (written.kind === 'instant') return written.at;
  const { month, day, time } = written;
  const year = new Date(asked).getUTCFullYear() + 1;
  for (let back = 0; back < YEARS; back++) {
    const at = Date.UTC(year - back, month, day) + time;
    if (at <= asked + AHEAD && new Date(at).getUTCMonth() === month) return at;
  }
  return undefined;
}
