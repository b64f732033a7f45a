import type { FileChange, FoundFile } from '../inventory/index.ts';

/**
 * Where a tree stands: a directory, memory, later a host over ssh. A store moves bytes and knows nothing
 * of certificates. Paths use `/` and are relative; a store refuses `..`, absolute paths and links that
 * lead out of its root. Content stands below `authorities/`, `nodes/` and `users/`.
 *
 * Every failure is a KubetlsError with a StoreCode. Calls on one store run one after another.
 */
export interface Store {
  /** For messages: the directory, the host. */
  readonly name: string;
  /** Every regular file below `prefix`, in order of path. Bounded in count and size by the adapter's limits. */
  read(prefix?: string): Promise<FoundFile[]>;
  readFile(path: string): Promise<FoundFile | undefined>;
  /**
   * Takes the store for a run before its first commit: from here to `finish` or a failure nobody else
   * writes, so what was read meanwhile, the ledger's last line above all, stays true. A commit begins by itself.
   */
  begin(run: string): Promise<void>;
  /**
   * Writes each set whole or not at all, journalled, in order. A run may commit several batches;
   * `finish` closes it. A run that is not closed is what `recover` speaks of: a new run is refused
   * (`stores/interrupted`) until it has been asked. A failed commit, too, leaves its run to `recover`.
   * The sets before the one that failed stay; that one and those after it are undone.
   * `progress` is told how many sets of this batch are done.
   */
  commit(batch: Batch, progress?: (done: number) => void): Promise<void>;
  finish(run: string): Promise<void>;
  /** What an earlier, interrupted run left: finished or undone now; undefined when there was nothing. */
  recover(): Promise<Recovery | undefined>;
  /** The run that `recover` would speak of, read only; undefined also while a run is under way. */
  interrupted(): Promise<string | undefined>;
  /** SHA-256 of each file as kubetls last wrote it. */
  written(): Promise<ReadonlyMap<string, string>>;
  /** Appends to the ledger and returns when the lines are durable. A line holds no line break. */
  appendLedger(lines: readonly string[]): Promise<void>;
  /** Every whole line of the ledger; one that was cut off by a kill is left out. */
  readLedger(): Promise<string[]>;
}

/** The sets of one run, in order. `run` names temporaries and backups: letters, digits, `.`, `_`, `-`. */
export interface Batch {
  readonly run: string;
  readonly sets: readonly FileSet[];
}

/**
 * One item's files: a reader never sees half of it.
 *
 * The order of the changes is the order on disk, and a kill may fall between any two of them; so the
 * caller, who knows what the files hold, orders them such that every prefix is sound:
 *   - a certificate alone (the key stays): one change, one rename;
 *   - a new pair: the key, then the certificate;
 *   - another key: `{certificate, remove}`, the key, the certificate. Readers see the old pair, no
 *     certificate, or the new pair, and never a key and a certificate that do not match.
 * A path is written at most once in a set, and removed at most once, before it is written.
 */
export interface FileSet {
  readonly id: string;
  readonly changes: readonly FileChange[];
  /**
   * SHA-256 of what the caller saw at each path when it decided; a path that is missing here is taken to
   * have been empty. When something else stands there, nothing is written (`stores/changed`). Without it
   * the caller does not mind.
   */
  readonly seen?: ReadonlyMap<string, string>;
}

export interface Recovery {
  readonly run: string;
  /** Ids of sets that were under way and now stand whole. */
  readonly finished: readonly string[];
  /** Ids of sets that were under way and of which nothing is left. */
  readonly undone: readonly string[];
  /**
   * Sets of which somebody changed a file after the run was cut off: nothing of such a set was touched,
   * each of its files stands as it was found. `path` is the first file that is neither old nor new.
   */
  readonly left: readonly LeftSet[];
}

export interface LeftSet {
  readonly id: string;
  readonly path: string;
}
