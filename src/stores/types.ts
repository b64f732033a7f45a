import type { FileChange, FoundFile } from '../inventory/index.ts';

/**
 * Where a tree stands: a directory, memory, later a host over ssh. A store moves bytes and knows nothing
 * of certificates. Paths use `/` and are relative; a store refuses `..`, absolute paths and links that
 * lead out of its root.
 */
export interface Store {
  /** For messages: the directory, the host. */
  readonly name: string;
  /** Every regular file below `prefix`, in order of path. Bounded in count and size by the adapter's limits. */
  read(prefix?: string): Promise<FoundFile[]>;
  readFile(path: string): Promise<FoundFile | undefined>;
  /**
   * Writes each set whole or not at all, journalled, in order. A run may commit several batches;
   * `finish` closes it. A run that is not closed is what `recover` speaks of.
   */
  commit(batch: Batch, progress?: (done: number) => void): Promise<void>;
  finish(run: string): Promise<void>;
  /** What an earlier, interrupted run left: finished or undone now; undefined when there was nothing. */
  recover(): Promise<Recovery | undefined>;
  /** SHA-256 of each file as kubetls last wrote it. */
  written(): Promise<ReadonlyMap<string, string>>;
}

/** The sets of one run, in order. A set is one item's files: a reader never sees half of it. */
export interface Batch {
  readonly run: string;
  readonly sets: readonly { readonly id: string; readonly changes: readonly FileChange[] }[];
}

export interface Recovery {
  readonly run: string;
  readonly finished: readonly string[];
  readonly undone: readonly string[];
}
