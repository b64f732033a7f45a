/** What may happen to a run from outside: Ctrl-C, SIGTERM, and a reader of stdout that goes away. */
import { setMaxListeners } from 'node:events';
import { KubetlsError } from '../base/index.ts';
import type { CliCode } from './context.ts';
import { Exit } from './exit.ts';

/** Longer than that is worth a word about the second Ctrl-C. */
const TELL_AFTER_MS = 1_000;

/**
 * The first signal ends the process, or, after `finishFirst`, aborts `interrupt` so that what is under way
 * is finished or undone; the second one means it.
 */
export function watchSignals() {
  const interrupt = new AbortController();
  // Every handshake under way listens to it.
  setMaxListeners(0, interrupt.signal);
  let patient = false;
  let telling: NodeJS.Timeout | undefined;
  const onSignal = () => {
    if (!patient || interrupt.signal.aborted) process.exit(Exit.interrupted);
    telling = setTimeout(() => {
      process.stderr.write('Ending as soon as what is under way is whole; a second time ends it at once.\n');
    }, TELL_AFTER_MS);
    interrupt.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return {
    interrupt: interrupt.signal,
    finishFirst: () => {
      patient = true;
    },
    close: () => {
      clearTimeout(telling);
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    },
  };
}

/**
 * A reader that went away (`| head`) is no failure, and no reason to stop half-way: what is printed then is
 * lost, and `unheard` is aborted. Any other error (a full disk) is one, told at the end.
 */
export function watchOutput() {
  const unheard = new AbortController();
  let failed: NodeJS.ErrnoException | undefined;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') unheard.abort();
    else failed ??= error;
  });
  // There is nowhere left to say it.
  process.stderr.on('error', () => {});
  return {
    unheard: unheard.signal,
    /** Why not all of stdout was written, once everything has been tried. */
    async failure(): Promise<KubetlsError<CliCode> | undefined> {
      await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
      // Errors are told a tick after the write that they are about.
      await new Promise((resolve) => setImmediate(resolve));
      return failed === undefined || unheard.signal.aborted
        ? undefined
        : new KubetlsError<CliCode>({
            code: 'cli/output',
            message: `the output cannot be written: ${failed.code ?? failed.message}`,
          });
    },
  };
}
