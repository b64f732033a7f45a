/** What a command may use of the outside, wired once. */
import { dirname, join, resolve } from 'node:path';
import { type Clock, DAY, HOUR, type Instant, KubetlsError, MINUTE } from '../base/index.ts';
import type { CommandSpec } from './command.ts';
import { type Console, createConsole } from './console.ts';
import type { GlobalOptions } from './options.ts';
import { shellWord } from './text.ts';

export type CliCode =
  | 'cli/usage'
  | 'cli/file'
  | 'cli/interrupted'
  | 'cli/declined'
  | 'cli/output'
  /** A server that could not be asked. */
  | 'cli/unseen'
  /** Two things claim the same name or place. */
  | 'cli/conflict'
  /** Another program has the lock of the file. */
  | 'cli/locked'
  /** What the system said to something that no room expects: an errno. */
  | 'cli/system';

export interface Context {
  readonly console: Console;
  /** `text`, `json`, or one of the command's own. */
  readonly form: string;
  readonly clock: Clock;
  /** The instant to judge for: `--at`, else now. */
  readonly at: Instant;
  /** Whether `--at` was given. */
  readonly elsewhen: boolean;
  /** Of kubetls itself. */
  readonly version: string;
  readonly file: string;
  readonly state: string;
  readonly yes: boolean;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Aborted when nobody reads stdout any more. */
  readonly unheard: AbortSignal;
  /** Another command on the same file and state, as a person would type it. */
  readonly again: (command: string) => string;
}

export interface Signals {
  readonly interrupt: AbortSignal;
  readonly unheard: AbortSignal;
}

export function usage(message: string, hint?: string): KubetlsError<CliCode> {
  return new KubetlsError({ code: 'cli/usage', message, ...(hint === undefined ? {} : { hint }) });
}

export function createContext(
  options: GlobalOptions,
  { writes, forms = [] }: Pick<CommandSpec, 'writes' | 'forms'>,
  signals: Signals,
  version = '',
): Context {
  const { output = 'text', file: fileOption = 'kubetls.yaml' } = options;
  const known = ['text', 'json', ...forms];
  if (!known.includes(output)) {
    throw usage(`-o takes ${known.slice(0, -1).join(', ')} or ${known.at(-1) ?? ''}, not ${output}`);
  }
  if (options.at !== undefined && writes) {
    throw usage('--at is for commands that write nothing', 'certificates are issued for now: leave --at out');
  }
  if (fileOption === '-') {
    throw usage(
      '-f takes a file, not standard input',
      'the state stands beside the file; ./- names a file called -',
    );
  }
  for (const [flag, value] of [
    ['-f', fileOption],
    ['--state', options.state],
  ])
    if (value === '') throw usage(`${flag} is empty`);
  const clock: Clock = { now: Date.now };
  const file = resolve(fileOption);
  return {
    console: createConsole({
      quiet: options.quiet,
      verbose: options.verbose,
      color: !options.noColor,
      json: output === 'json',
    }),
    form: output,
    clock,
    at: options.at === undefined ? clock.now() : parseInstant(options.at, clock.now()),
    elsewhen: options.at !== undefined,
    version,
    file,
    state: resolve(options.state ?? join(dirname(file), 'kubetls-state')),
    yes: options.yes,
    signal: signals.interrupt,
    unheard: signals.unheard,
    again: (command) =>
      [
        'kubetls',
        ...(options.file === undefined ? [] : ['-f', shellWord(options.file)]),
        ...(options.state === undefined ? [] : ['--state', shellWord(options.state)]),
        command,
      ].join(' '),
  };
}

const units: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY, y: 365 * DAY };

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** RFC 3339 (`2027-01-01`, `2027-01-01T00:00:00Z`), or a distance from now: `+30d`, `-2h`. */
export function parseInstant(text: string, now: Instant, flag = '--at'): Instant {
  const [, sign, amount, unit] = /^([+-])(\d{1,6})([mhdwy])$/.exec(text) ?? [];
  const [, year, month, day] = RFC_3339.exec(text) ?? [];
  const instant =
    unit !== undefined
      ? now + (sign === '-' ? -1 : 1) * Number(amount) * (units[unit] as number)
      : isDay(Number(year), Number(month), Number(day))
        ? Date.parse(text)
        : Number.NaN;
  if (instant >= EARLIEST && instant <= LATEST) return instant;
  throw usage(`${flag} does not understand ${text}`, 'write 2027-01-01, 2027-01-01T00:00:00Z or +30d');
}

/** What certificates can say: GeneralizedTime has four digits for the year (RFC 5280, 4.1.2.5.2). */
const EARLIEST = Date.parse('0001-01-01');
const LATEST = Date.parse('9999-12-31T23:59:59Z');

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
