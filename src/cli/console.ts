/**
 * Everything that is printed goes through here: stdout has only what was asked, stderr the rest; colour is
 * never the only sign; progress appears only on a terminal, and only when a step takes over a second.
 */
import { once } from 'node:events';
import { createColors } from 'picocolors';
import { type Failure, renderFailure, withoutKeys } from '../base/index.ts';
import { printable, shownPath } from './text.ts';

export interface ConsoleOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly json: boolean;
}

export type Console = ReturnType<typeof createConsole>;

const SHOW_PROGRESS_AFTER = 1_000;
const REDRAW_EVERY = 100;

/** A pipe has no such property, whatever the types say; the colours' own guess takes CI for a terminal. */
function isTerminal({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY ?? false;
}

export function createConsole(options: ConsoleOptions) {
  const { stdout, stderr, env } = process;
  const wanted = options.color && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const colors = createColors(wanted && isTerminal(stdout));
  const errorColors = createColors(wanted && isTerminal(stderr));
  const live =
    stderr.isTTY && !env['CI'] && env['TERM'] !== 'dumb' && (stderr.columns ?? 0) > 0 && !options.quiet;
  let progressShown = false;
  const clearProgress = () => {
    if (progressShown) stderr.write('\r\u001b[K');
    progressShown = false;
  };
  const toStderr = (text: string) => {
    clearProgress();
    stderr.write(`${text}\n`);
  };

  return {
    colors,
    symbols: symbolsFor(env),
    // What is piped is not cut.
    width: stdout.isTTY ? stdout.columns || 120 : Number.POSITIVE_INFINITY,
    verbose: options.verbose,
    json: options.json,
    /** What was asked for. */
    print(text = ''): void {
      clearProgress();
      stdout.write(`${text}\n`);
    },
    /** A document of another form, which has line ends of its own. */
    printRaw(text: string): void {
      clearProgress();
      stdout.write(withoutKeys(text));
    },
    printJson(value: unknown): void {
      clearProgress();
      stdout.write(`${JSON.stringify(value, redacted, 2)}\n`);
    },
    /** A line each. Done when there is room for more, or when nobody reads any more. */
    async printJsonLines(values: readonly object[], unheard: AbortSignal): Promise<void> {
      const text = values.map((value) => `${JSON.stringify(value, redacted)}\n`).join('');
      if (stdout.write(text) || unheard.aborted) return;
      await once(stdout, 'drain', { signal: unheard }).catch(() => {});
    },
    /** What a person wants to know meanwhile; silent with -q, and on stderr when stdout carries JSON. */
    say(text = ''): void {
      if (options.quiet) return;
      if (options.json) toStderr(text);
      else {
        clearProgress();
        stdout.write(`${text}\n`);
      }
    },
    /** `hint`: what to do about it. */
    warn(text: string, hint?: string): void {
      toStderr(`${errorColors.yellow('warning:')} ${printable(text)}`);
      if (hint !== undefined) toStderr(`${errorColors.cyan('hint:')} ${printable(hint)}`);
    },
    fail(failure: Failure): void {
      toStderr(`${errorColors.red('error:')} ${printable(renderFailure(nearby(failure)))}`);
      if (failure.hint) toStderr(`${errorColors.cyan('hint:')} ${printable(failure.hint)}`);
    },
    /** A step that may take long: call it with how much is done. */
    progress(label: string): (done: number, of: number) => void {
      const started = performance.now();
      let drawn = 0;
      return (done, of) => {
        const now = performance.now();
        if (!live || now - started < SHOW_PROGRESS_AFTER || (now - drawn < REDRAW_EVERY && done < of)) return;
        drawn = now;
        if (done >= of) {
          clearProgress();
          return;
        }
        const filled = Math.round((done / of) * 24);
        const bar = `${label} [${'#'.repeat(filled)}${'.'.repeat(24 - filled)}] ${done}/${of}`;
        // A line that wraps cannot be drawn over.
        stderr.write(`\r\u001b[K${bar.slice(0, (stderr.columns ?? 80) - 1)}`);
        progressShown = true;
      };
    },
  };
}

function redacted(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? withoutKeys(value) : value;
}

interface Symbols {
  readonly ok: string;
  readonly failed: string;
  readonly unknown: string;
  /** One column wide. */
  readonly more: string;
  /** Before what hangs below a line. */
  readonly branch: string;
}

/** ASCII where the locale says that nothing else can be shown (POSIX, XBD 8.2: the first that is set counts). */
function symbolsFor(env: NodeJS.ProcessEnv): Symbols {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale)
    ? { ok: '✓', failed: '✗', unknown: '?', more: '…', branch: '└' }
    : { ok: '+', failed: 'x', unknown: '?', more: '~', branch: '`-' };
}

/** A file below this directory is named as a person would type it here. */
function nearby({ code, message, where }: Failure): Failure {
  const file = where?.file;
  return {
    code,
    message,
    ...(where && { where: file === undefined ? where : { ...where, file: shownPath(file) } }),
  };
}
