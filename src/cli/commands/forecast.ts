import { type Secret, YEAR } from '../../base/index.ts';
import type { Cluster, Edge } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { type Forecast, forecast } from '../../trust/index.ts';
import { type GoRules, goRules } from '../../verify/index.ts';
import { calendarOf } from '../calendar.ts';
import type { CommandOptions } from '../command.ts';
import { type Context, parseInstant, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { forecastJson, printForecast } from '../forecast-view.ts';
import { passwordFrom } from '../password.ts';
import { openSession } from '../session.ts';
import { treesAsOne } from '../trees/as-one.ts';

/** Every certificate of a year ends within it, and one that was just renewed. */
const DEFAULT_YEARS = 2;

/** 1 when an edge does not hold at the start: it is no forecast any more. 3 when others could not be judged. */
export async function run(
  context: Context,
  words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console, at } = context;
  const until = untilOf(options['until'], at);
  const asCalendar = options['ical'] === true;
  if (asCalendar && console.json) throw usage('--ical and -o json are two forms of the same', 'choose one');
  const password = await passwordFrom(options['passwordFile']);
  if (password && words.length === 0)
    throw usage('--password-file is for trees', 'name one: kubetls forecast DIR');
  const ahead = await (words.length === 0 ? ofState(context) : ofTrees(context, words, password));
  const { edges, unknown, unread, inventory, rules, name, incomplete, shown } = ahead;
  const onProgress = console.progress('looking ahead');
  const all = forecast({ edges, inventory, from: at, until, rules, onProgress });
  const found = ahead.isQuorumKnown ? all : withoutQuorum(all);
  if (asCalendar) console.printRaw(calendarOf(found, name));
  else if (console.json) console.printJson(forecastJson(found, { unknown, unread }, shown));
  else printForecast(console, found, { judged: edges.length, unknown, unread });
  if (found.broken.length > 0) return Exit.no;
  return incomplete ? Exit.unknown : Exit.ok;
}

/** What is looked ahead of. */
interface Ahead {
  readonly edges: readonly Edge[];
  /** How many others cannot be judged. */
  readonly unknown: number;
  /** How many files could not be read. */
  readonly unread: number;
  readonly inventory: Inventory;
  /** Undefined where no cluster is known. */
  readonly rules: GoRules | undefined;
  readonly name: string;
  readonly incomplete: boolean;
  /** Whether every connection between members of etcd is judged. */
  readonly isQuorumKnown: boolean;
  readonly shown: (path: string) => string;
}

async function ofState(context: Context): Promise<Ahead> {
  const { cluster, inventory } = await openSession(context, { overTrees: 'forecast' });
  return {
    ...described(cluster),
    edges: cluster.edges,
    unknown: 0,
    unread: 0,
    inventory,
    incomplete: false,
    isQuorumKnown: true,
    shown: (path) => path,
  };
}

async function ofTrees(
  context: Context,
  words: readonly string[],
  password: Secret | undefined,
): Promise<Ahead> {
  const { cluster, judged, looked, ...rest } = await treesAsOne(context, words, password);
  const isJudged = new Set(judged);
  return {
    ...rest,
    ...(cluster ? described(cluster) : { rules: undefined, name: looked }),
    edges: judged,
    isQuorumKnown:
      cluster?.edges.every((edge) => edge.endpoint.port !== 'peer' || isJudged.has(edge)) ?? false,
  };
}

function withoutQuorum(found: Forecast): Forecast {
  return { ...found, events: found.events.map((event) => ({ ...event, quorum: undefined })) };
}

function described({ spec: { name, kubernetes } }: Cluster): Pick<Ahead, 'rules' | 'name'> {
  return { rules: goRules(kubernetes.minor), name };
}

function untilOf(option: CommandOptions[string], at: number): number {
  if (typeof option !== 'string') return at + DEFAULT_YEARS * YEAR;
  const until = parseInstant(option, at, '--until');
  if (until <= at) throw usage(`--until ${option} is not after the instant that the forecast begins at`);
  return until;
}
