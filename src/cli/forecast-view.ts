/** A forecast for people, and as JSON (`kubetls/forecast/v1`). */
import { grouped, toRfc3339 } from '../base/index.ts';
import type { EdgeChange, Forecast, ForecastEvent, Passing, Quorum } from '../trust/index.ts';
import { commonName, nameText, serialHex } from '../x509/index.ts';
import type { Console } from './console.ts';
import { number, plural, printable, relative } from './text.ts';

/** @param shown where a path stands, for people */
export function forecastJson(
  { from, until, broken, events }: Forecast,
  { unknown, unread }: Unseen,
  shown: (path: string) => string,
): object {
  return {
    schema: 'kubetls/forecast/v1',
    at: toRfc3339(from),
    until: toRfc3339(until),
    broken: broken.map(changeJson),
    events: events.map(({ at, what, breaks, heals, quorum }) => ({
      at: toRfc3339(at),
      what: whatText(what, Number.POSITIVE_INFINITY),
      certificates: what.map(({ passes, certificate, sha256, places }) => ({
        passes,
        subject: nameText(certificate.subject),
        issuer: nameText(certificate.issuer),
        serial: serialHex(certificate.serial),
        sha256,
        places: [...new Set(places.map(shown))],
      })),
      breaks: breaks.map(({ edge }) => edge.id),
      errors: breaks.map(changeJson),
      heals: heals.map(({ edge }) => edge.id),
      quorum: quorum ?? null,
    })),
    summary: {
      events: events.length,
      breaks: events.reduce((sum, { breaks }) => sum + breaks.length, 0),
      broken: broken.length,
      unknown,
      unread,
    },
  };
}

const changeJson = ({ edge, error }: EdgeChange): object => ({ edge: edge.id, error: error ?? null });

/** Names that a line holds; -v has all. */
const SHOWN = 4;
/** Days that are shown; -v has all. */
const DAYS = 30;

/** How many edges could not be judged, and files not read. */
interface Unseen {
  readonly unknown: number;
  readonly unread: number;
}

interface EdgeCount extends Unseen {
  readonly judged: number;
}

export function printForecast(console: Console, found: Forecast, edges: EdgeCount): void {
  const { from, until, broken, events } = found;
  const { colors, symbols } = console;
  console.print(verdictLine(console, found, edges));
  const most = console.verbose ? Number.POSITIVE_INFINITY : SHOWN;
  printBroken(console, broken, most);
  const days = byDay(events);
  const shown = console.verbose ? days : days.slice(0, DAYS);
  for (const day of shown) printDay(console, day, from, most);
  if (days.length > shown.length) {
    console.print(
      `\n${symbols.more} and ${plural(days.length - shown.length, 'more day')} until ${dayOf(until)}`,
    );
  }
  if (!console.verbose && events.length > 0)
    console.print(colors.dim('(-v shows every certificate and edge)'));
}

/** By what they fail of, each said once. */
function printBroken(console: Console, broken: readonly EdgeChange[], most: number): void {
  const { colors, symbols } = console;
  const groups = [...grouped(broken, ({ error }) => error)];
  for (const [error = '', edges] of groups.slice(0, most)) {
    const ids = edges.map(({ edge }) => edge.id);
    const count = colors.red(`${symbols.failed} ${plural(edges.length, 'edge')}`);
    console.print(`  ${count}: ${printable(folded(ids, most, symbols.more))}`);
    console.print(colors.dim(`    ${printable(error)}`));
  }
  if (groups.length > most)
    console.print(`  ${symbols.more} and ${plural(groups.length - most, 'more reason')} (-v shows each)`);
}

function verdictLine(
  { colors }: Console,
  { from, until, broken, events }: Forecast,
  { judged, unknown, unread }: EdgeCount,
): string {
  if (judged === 0) return colors.yellow(`No edge could be judged at ${toRfc3339(from)}: dates alone.`);
  const now =
    broken.length === 0
      ? colors.green(judged === 1 ? 'The edge holds' : `All ${number(judged)} edges hold`)
      : colors.red(`${number(broken.length)} of ${plural(judged, 'edge')} do not hold`);
  const first = events.find(({ breaks }) => breaks.length > 0);
  const next = first
    ? `the first break is ${relative(first.at, from)}, on ${toRfc3339(first.at)}`
    : `${broken.length === 0 ? 'none' : 'no other'} breaks until ${dayOf(until)}`;
  const others = unknown === 0 ? '' : `; ${number(unknown)} more ${unknown === 1 ? 'is' : 'are'} unknown`;
  const shut = unread === 0 ? '' : `; ${plural(unread, 'file')} could not be read`;
  return `${now} at ${toRfc3339(from)}; ${next} (predicted)${colors.yellow(`${others}${shut}`)}.`;
}

/** What ends within one day (UTC) was issued together, and people look at it together. In order. */
export function byDay(events: readonly ForecastEvent[]): ForecastEvent[] {
  const days = new Map<string, ForecastEvent>();
  for (const event of events) {
    const day = dayOf(event.at);
    const before = days.get(day);
    days.set(day, before ? together(before, event) : event);
  }
  return [...days.values()];
}

function together(first: ForecastEvent, second: ForecastEvent): ForecastEvent {
  return {
    at: first.at,
    what: first.what.concat(second.what),
    breaks: first.breaks.concat(second.breaks),
    heals: first.heals.concat(second.heals),
    quorum: second.quorum ?? first.quorum,
  };
}

function printDay(console: Console, day: ForecastEvent, from: number, most: number): void {
  const { colors, symbols } = console;
  const { at, what, breaks, heals, quorum } = day;
  const names = (changes: readonly EdgeChange[]) =>
    printable(
      folded(
        changes.map(({ edge }) => edge.id),
        most,
        symbols.more,
      ),
    );
  console.print(`\n${colors.bold(dayOf(at))}  ${relative(at, from)}`);
  console.print(`  ${printable(whatText(what, most, symbols.more))}`);
  if (breaks.length > 0) {
    const count = colors.red(`${symbols.failed} ${plural(breaks.length, 'edge')} will fail`);
    console.print(`  ${count}: ${names(breaks)}`);
    console.print(colors.dim(`    ${printable(breaks[0]?.error ?? '')}`));
  }
  if (heals.length > 0) {
    console.print(`  ${colors.green(symbols.ok)} ${plural(heals.length, 'edge')} will hold: ${names(heals)}`);
  }
  if (quorum) console.print(`  ${quorumText(quorum)}`);
}

/** `2 certificates end: etcd-peer, kube-apiserver` */
export function whatText(what: readonly Passing[], most: number, more = '…'): string {
  const named = (passes: Passing['passes']) =>
    what
      .filter((one) => one.passes === passes)
      .map(({ certificate, sha256 }) => {
        return (
          commonName(certificate.subject) || nameText(certificate.subject) || `sha256:${sha256.slice(0, 12)}`
        );
      });
  const [ends, begins] = [named('ends'), named('begins')];
  const text = (names: readonly string[], verb: string) =>
    names.length === 0
      ? []
      : [
          `${plural(names.length, 'certificate')} ${verb}${names.length === 1 ? 's' : ''}: ${folded(names, most, more)}`,
        ];
  return [...text(ends, 'end'), ...text(begins, 'begin')].join('; ');
}

export function quorumText({ members, talking, survives }: Quorum): string {
  const count = `etcd: ${talking} of ${members} members can still reach each other anew`;
  return survives ? `${count}; quorum survives` : `${count}; QUORUM IS LOST`;
}

/** Each name once, the first few of them. */
function folded(names: readonly string[], most: number, more: string): string {
  const all = [...new Set(names)];
  const shown = all.slice(0, most).join(', ');
  return all.length > most ? `${shown}, ${more} and ${number(all.length - most)} more` : shown;
}

function dayOf(at: number): string {
  return toRfc3339(at).slice(0, 10);
}
