/** Which paths, run names, sets, sizes and ledger lines every store accepts. */
import { storeError } from './errors.ts';
import type { Batch, FileSet } from './types.ts';

/** Top directories that hold content; everything else in a store is its own book-keeping. */
export const CONTENT_ROOTS = ['authorities', 'nodes', 'users'] as const;

/** Names of temporaries begin so; no content may. */
export const TEMPORARY_PREFIX = '.kubetls-';

/** Linux: NAME_MAX and PATH_MAX (limits.h), less room for a backup's number and for the root. */
const NAME_BYTES = 240;
const PATH_BYTES = 3_072;

/**
 * 1 MiB is what a Secret or a ConfigMap may hold (core/v1 MaxSecretSize), so nothing that Kubernetes reads
 * is larger.
 */
export const FILE_BYTES = 1 << 20;

const RUN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** A content path, as it is; refuses what is absolute, climbs, or is not below a content root. */
export function checkPath(path: string): string {
  const problem = pathProblem(path);
  if (problem === undefined) return path;
  throw storeError({ code: 'stores/path', message: `the path ${JSON.stringify(path)} ${problem}` });
}

export function isContentPath(path: string): boolean {
  return pathProblem(path) === undefined;
}

function pathProblem(path: string): string | undefined {
  if (Buffer.byteLength(path) > PATH_BYTES) return `is longer than ${PATH_BYTES} bytes`;
  if (/[\0\\]/.test(path)) return 'holds a NUL or a backslash';
  const names = path.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..')) {
    return 'is absolute or has an empty, "." or ".." part';
  }
  if (names.some((name) => Buffer.byteLength(name) > NAME_BYTES))
    return `has a part above ${NAME_BYTES} bytes`;
  if (names.some((name) => name.startsWith(TEMPORARY_PREFIX)))
    return `has a part that begins with ${TEMPORARY_PREFIX}`;
  if (names.length < 2 || !isContentRoot(names[0])) return `is not below ${CONTENT_ROOTS.join('/, ')}/`;
  return undefined;
}

function isContentRoot(name: string | undefined): boolean {
  return CONTENT_ROOTS.some((root) => root === name);
}

/** A prefix to read below: a content root, or a path below one. */
export function checkPrefix(prefix: string): string {
  return isContentRoot(prefix) ? prefix : checkPath(prefix);
}

export function isRun(run: string): boolean {
  return RUN.test(run);
}

export function checkRun(run: string): string {
  if (isRun(run)) return run;
  throw storeError({
    code: 'stores/path',
    message: `the run name ${JSON.stringify(run)} is not 1 to 64 letters, digits, ".", "_" or "-"`,
  });
}

export function checkBatch(batch: Batch): void {
  checkRun(batch.run);
  for (const set of batch.sets) checkSet(set);
}

function checkSet(set: FileSet): void {
  const written = new Set<string>();
  const removed = new Set<string>();
  for (const change of set.changes) {
    checkPath(change.path);
    const removes = 'remove' in change;
    if (!removes && change.bytes.length > FILE_BYTES) throw tooLarge(change.path);
    if (written.has(change.path) || (removes && removed.has(change.path))) {
      throw storeError({
        code: 'stores/set',
        message: `the set ${JSON.stringify(set.id)} changes ${change.path} again after it was ${removes ? 'settled' : 'written'}`,
      });
    }
    (removes ? removed : written).add(change.path);
  }
}

export function tooLarge(file: string): Error {
  return storeError({
    code: 'stores/too-large',
    message: `the file is larger than ${FILE_BYTES} bytes`,
    file,
    hint: 'no certificate, key or kubeconfig is; move it out of the state directory',
  });
}

/** Lines of an append-only file: a line break inside one would forge another. */
export function checkLines(lines: readonly string[]): void {
  if (!lines.some((line) => /[\n\r]/.test(line))) return;
  throw storeError({ code: 'stores/line', message: 'a ledger line holds a line break' });
}
