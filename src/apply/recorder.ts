/** What is done to nodes, in the ledger beside what was issued. */
import type { Clock } from '../base/index.ts';
import type { Store } from '../stores/index.ts';
import { chainHead, factLine } from './ledger.ts';

/**
 * Appends one line for each fact, with the instant, chained; durable when it returns. Only while the store is taken
 * for a run: the ledger is read once.
 */
export function createRecorder(
  store: Pick<Store, 'appendLedger' | 'readLedger'>,
  clock: Clock,
): (fact: object) => Promise<void> {
  let head: string | undefined;
  return async (fact) => {
    head ??= chainHead((await store.readLedger()).at(-1));
    const line = factLine(fact, clock.now(), head);
    await store.appendLedger([line]);
    head = chainHead(line);
  };
}
