import { YEAR } from '../../base/index.ts';
import { forecast } from '../../trust/index.ts';
import { goRules } from '../../verify/index.ts';
import { calendarOf } from '../calendar.ts';
import type { CommandOptions } from '../command.ts';
import { type Context, parseInstant, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { forecastJson, printForecast } from '../forecast-view.ts';
import { openSession } from '../session.ts';

/** Every certificate of a year ends within it, and one that was just renewed. */
const DEFAULT_YEARS = 2;

/** 1 when an edge does not hold at the start: it is no forecast any more. */
export async function run(
  context: Context,
  _words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console, at } = context;
  const until = untilOf(options['until'], at);
  const asCalendar = options['ical'] === true;
  if (asCalendar && console.json) throw usage('--ical and -o json are two forms of the same', 'choose one');
  const { cluster, inventory } = await openSession(context);
  const { edges, spec } = cluster;
  const onProgress = console.progress('looking ahead');
  const rules = goRules(spec.kubernetes.minor);
  const found = forecast({ edges, inventory, from: at, until, rules, onProgress });
  if (asCalendar) console.printRaw(calendarOf(found, spec.name));
  else if (console.json) console.printJson(forecastJson(found));
  else printForecast(console, found, edges.length);
  return found.broken.length > 0 ? Exit.no : Exit.ok;
}

function untilOf(option: CommandOptions[string], at: number): number {
  if (typeof option !== 'string') return at + DEFAULT_YEARS * YEAR;
  const until = parseInstant(option, at, '--until');
  if (until <= at) throw usage(`--until ${option} is not after the instant that the forecast begins at`);
  return until;
}
