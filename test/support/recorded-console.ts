/** A console that keeps what it is told instead of printing it. */
import { type Console, type ConsoleOptions, createConsole } from '../../src/cli/console.ts';

export interface Recorded {
  readonly console: Console;
  /** Everything printed so far. */
  readonly text: () => string;
}

/** Like a pipe, unless `width` says how wide the terminal is. */
export function recordedConsole(options: Partial<ConsoleOptions> = {}, width?: number): Recorded {
  const lines: string[] = [];
  const real = createConsole({ quiet: false, verbose: false, color: false, json: false, ...options });
  const console: Console = {
    ...real,
    symbols: { ok: '✓', failed: '✗', unknown: '?', more: '…', branch: '└' },
    width: width ?? real.width,
    print: (text?: string) => void lines.push(text ?? ''),
  };
  return { console, text: () => lines.join('\n') };
}
