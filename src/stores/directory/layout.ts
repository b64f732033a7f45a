/**
 * What stands where in a state directory.
 *
 *   authorities/ nodes/ users/   content
 *   journal                      what is under way, and the SHA-256 of every file as written
 *   ledger                       append-only record, kept by `apply`
 *   lock                         who writes
 *   backups/<run>/<path>         what stood there before a run
 *   .kubetls-*                   temporaries, beside what they become
 */
import type { FsOps } from './fs-ops.ts';

/** A state directory and the hands that work on it. `root` has no trailing slash. */
export interface Place {
  readonly root: string;
  readonly backups: string;
  readonly ops: FsOps;
}

export const JOURNAL = 'journal';
export const LEDGER = 'ledger';
export const LOCK = 'lock';

/** Book-keeping is the owner's alone: it names every file, and backups hold keys. */
export const OWN_FILE_MODE = 0o600;
export const OWN_DIRECTORY_MODE = 0o700;

/**
 * `nodes/` is a tree ready to be copied onto a node's `/`, whose directories everyone may enter
 * (client-go util/cert WriteCert: 0755). What is nobody else's business is closed at the directory.
 */
export function directoryMode(path: string): number {
  return path.startsWith('nodes') ? 0o755 : OWN_DIRECTORY_MODE;
}

/** Ours. 5,000 nodes, as many as Kubernetes supports, have some 50,000 files of 2 KiB, eight levels deep. */
export const LIMITS = { files: 1_000_000, totalBytes: 1 << 30, depth: 64 } as const;

export function dirname(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
