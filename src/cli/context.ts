/** What a command may use of the outside, wired once. */
import { dirname, join, resolve } from 'node:path';
import { type Clock, DAY, HOUR, type Instant, KubetlsError, MINUTE } from '../base/index.ts';
import { type Console, createConsole } from './console.ts';
import type { GlobalOptions } from './options.ts';

export type CliCode = 'cli/usage' | 'cli/file' | 'cli/interrupted' | 'cli/declined';

export interface Context {
  readonly console: Console;
  readonly clock: Clock;
  /** The instant to judge for: `--at`, else now. */
  readonly at: Instant;
  readonly file: string;
  readonly state: string;
  readonly yes: boolean;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

export function usage(message: string, hint?: string): KubetlsError<CliCode> {
  return new KubetlsError({ code: 'cli/usage', message, ...(hint === undefined ? {} : { hint }) });
}

export function createContext(options: GlobalOptions, writes: boolean, signal: AbortSignal): Context {
  const { output = 'text', file: fileOption = 'kubetls.yaml' } = options;
  if (output !== 'text' && output !== 'json') throw usage(`-o takes text or json, not ${output}`);
  if (options.at !== undefined && writes) {
    throw usage('--at is for commands that write nothing', 'certificates are issued for now: leave --at out');
  }
  const clock: Clock = { now: Date.now };
  const file = resolve(fileOption);
  return {
    console: createConsole({
      quiet: options.quiet,
      verbose: options.verbose,
      color: !options.noColor,
      json: output === 'json',
    }),
    clock,
    at: options.at === undefined ? clock.now() : parseInstant(options.at, clock.now()),
    file,
    state: resolve(options.state ?? join(dirname(file), 'kubetls-state')),
    yes: options.yes,
    signal,
  };
}

const units: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY, y: 365 * DAY };

/** RFC 3339 (`2027-01-01`, `2027-01-01T00:00:00Z`), or a distance from now: `+30d`, `-2h`. */
function parseInstant(text: string, now: Instant): Instant {
  const [, sign, amount, unit] = /^([+-])(\d{1,6})([mhdwy])$/.exec(text) ?? [];
  if (unit !== undefined) return now + (sign === '-' ? -1 : 1) * Number(amount) * (units[unit] as number);
  const instant = /^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(instant)) return instant;
  throw usage(`--at does not understand ${text}`, 'write 2027-01-01, 2027-01-01T00:00:00Z or +30d');
}
