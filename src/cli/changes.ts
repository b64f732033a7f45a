/** Watches the cluster file and the state for the life of `up`: no change is lost while another is looked at. */
import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';

export type Changed = 'spec' | 'state';

export interface Changes {
  /** What has changed since the last call, once it is quiet; empty when one of the signals came first. */
  next(): Promise<ReadonlySet<Changed>>;
  close(): void;
}

/** Editors write a file in several steps: what follows within this time is one change. */
const SETTLE_MS = 300;

export function watchChanges(file: string, state: string, signals: readonly AbortSignal[]): Changes {
  let changed = new Set<Changed>();
  let wake = () => {};
  const note = (what: Changed) => {
    changed.add(what);
    wake();
  };
  // The directory, not the file: editors rename another file into its place, and a watch goes with the inode.
  const watchers = [
    watch(dirname(file), (_, name) => {
      if (name === basename(file)) note('spec');
    }),
    watch(state, { recursive: true }, () => note('state')),
  ];
  // Something that is watched was taken away: what is there now is looked at, and judged for itself.
  for (const watcher of watchers) watcher.on('error', () => note('state'));
  for (const signal of signals) signal.addEventListener('abort', () => wake(), { once: true });
  const stopped = () => signals.some(({ aborted }) => aborted);
  return {
    async next() {
      if (changed.size === 0 && !stopped()) await new Promise<void>((resolve) => (wake = resolve));
      if (!stopped()) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      const seen = changed;
      changed = new Set();
      return stopped() ? new Set() : seen;
    },
    close() {
      for (const watcher of watchers) watcher.close();
    },
  };
}
