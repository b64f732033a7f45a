import { setTimeout as sleep } from 'node:timers/promises';

const POLL = 50; // milliseconds

/** Asks until `holds` says yes, and never sleeps otherwise. `why` is asked for the last word when time is up. */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  { timeout = 60_000, why = () => '' }: { timeout?: number; why?: () => string } = {},
): Promise<void> {
  const end = Date.now() + timeout;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${timeout / 1_000} s\n${why()}`);
    await sleep(POLL);
  }
}
