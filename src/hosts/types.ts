import type { Instant } from '../base/index.ts';
import type { ComponentName } from '../cluster/index.ts';
import type { FoundFile } from '../inventory/index.ts';
import type { FileSet } from '../stores/index.ts';

/**
 * A machine of the cluster, reached over its files: a directory that is its root, or ssh. It moves bytes and starts
 * commands; it knows no certificate and decides nothing. Paths use `/`, are relative to its root, and may not leave it.
 *
 * Every failure is a KubetlsError with a HostCode. Calls on one host run one after another.
 */
export interface Host {
  /** For messages: the directory, or where ssh goes. */
  readonly name: string;
  /** The files of these paths that are there, links followed within the root. Bounded in count and size. */
  read(paths: readonly string[]): Promise<FoundFile[]>;
  /** When the files of these paths that are there were last changed. */
  times(paths: readonly string[]): Promise<FileTimes[]>;
  /**
   * Writes each set whole or not at all, in order; what stood there is backed up below `backup` first, and keeps
   * its owner. Killed anywhere, the next `write` of the same set ends with the same files.
   */
  write(sets: readonly FileSet[], options: HostWriteOptions): Promise<void>;
  /** Runs a command by itself, without a shell. Over a directory other than `/`: `hosts/no-commands`. */
  run(command: readonly string[], options: HostRunOptions): Promise<Ran>;
  close(): Promise<void>;
}

/**
 * Instants by the node's own clock, none too early: rounded up, over ssh to the second. Of what a file holds (mtime),
 * and of all that is said of it (ctime: its owner, its mode, that it came by this name). Where a link leads there,
 * the later of both.
 */
export interface FileTimes {
  readonly path: string;
  readonly modified: Instant;
  readonly changed: Instant;
}

export interface HostWriteOptions {
  /** Names temporaries and backups: letters, digits, `.`, `_`, `-`. */
  readonly run: string;
  /** Relative to the root: a directory of its own, mode 0700. */
  readonly backup: string;
}

export interface HostRunOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
}

export interface Ran {
  /** 0 to 255; what a signal ended is 128 and its number, as in a shell. */
  readonly status: number;
  /** Both cut to 64 KiB. */
  readonly stdout: string;
  readonly stderr: string;
}

/** How one component of one node is started anew, and whether it runs. */
export interface Restarter {
  /** Returns when the old process is gone and a new one was started; not when it is ready: that is asked of its sockets. */
  restart(component: ComponentName): Promise<void>;
  /** For people: `systemctl restart kubelet`, `static pod kube-apiserver`. */
  describe(component: ComponentName): string;
}

export type HostCode =
  | 'hosts/unreachable'
  | 'hosts/read'
  | 'hosts/write'
  | 'hosts/path'
  /** Something else stands there than its caller saw (`FileSet.seen`). Nothing of that set was written. */
  | 'hosts/changed'
  /** The other side answered what no honest one would. */
  | 'hosts/answer'
  | 'hosts/too-large'
  | 'hosts/no-commands'
  | 'hosts/command'
  | 'hosts/timeout'
  | 'hosts/interrupted';
