/** After a commit that failed: which certificates of its batch are in the ledger and nowhere else. */
import type { Clock } from '../base/index.ts';
import type { FileSet, Store } from '../stores/index.ts';
import { chainHead, type Issued, voidLines } from './ledger.ts';

/** Settles the run that failed, so that what stands now stays, and then puts on record what does not. */
export async function voidUnplaced(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  run: string,
  issued: readonly Issued[],
  sets: readonly FileSet[],
): Promise<void> {
  if (issued.length === 0) return;
  await store.recover();
  await store.begin(run);
  const missing = await unplaced(store, sets);
  const head = chainHead((await store.readLedger()).at(-1));
  const lost = issued.filter(({ action }) => missing.has(action));
  await store.appendLedger(voidLines(lost, clock.now(), head));
  await store.finish(run);
}

/** Ids of sets that do not stand. What a later set writes over cannot be told, and counts as placed. */
async function unplaced(store: Store, sets: readonly FileSet[]): Promise<Set<string>> {
  const missing = new Set<string>();
  const later = new Set<string>();
  for (const { id, changes } of sets.toReversed()) {
    for (const change of changes) {
      if (!('bytes' in change) || later.has(change.path)) continue;
      // What cannot be read, a link above all, is nothing that a store wrote.
      const found = await store.readFile(change.path).catch(() => undefined);
      if (!found || Buffer.compare(found.bytes, change.bytes) !== 0) missing.add(id);
    }
    for (const { path } of changes) later.add(path);
  }
  return missing;
}
