/** Which paths, run names and sets every host accepts. */
import { printable } from '../base/index.ts';
import type { FileSet } from '../stores/index.ts';
import { hostError } from './errors.ts';
import type { HostWriteOptions } from './types.ts';

/** Temporaries begin so; no path has a part that does. The kubelet passes over names that begin with a dot. */
export const TEMPORARY_PREFIX = '.kubetls-';

/** 1 MiB is what a Secret or a ConfigMap may hold (core/v1 MaxSecretSize): nothing that Kubernetes reads is larger. */
export const FILE_BYTES = 1 << 20;

/** Ours: a control plane of kubeadm has 30 files, and a thousand have been tried. */
const MOST_PATHS = 10_000;

/** Of one answer: the paths of a node are read at once. */
export const TOTAL_BYTES = 64 << 20;

/** Linux: NAME_MAX and PATH_MAX (limits.h), less room for a temporary's name and for the root. */
const NAME_BYTES = 240;
const PATH_BYTES = 3_072;

const RUN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function pathProblem(path: string): string | undefined {
  if (Buffer.byteLength(path) > PATH_BYTES) return `is longer than ${PATH_BYTES} bytes`;
  if (/[\p{Cc}\p{Cs}]/u.test(path)) return 'holds a control character';
  const names = path.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..'))
    return 'is absolute or has an empty, "." or ".." part';
  if (names.some((name) => Buffer.byteLength(name) > NAME_BYTES))
    return `has a part above ${NAME_BYTES} bytes`;
  if (names.some((name) => name.startsWith(TEMPORARY_PREFIX)))
    return `has a part that begins with ${TEMPORARY_PREFIX}`;
  return undefined;
}

function checkPath(at: string, path: string): void {
  const problem = pathProblem(path);
  if (problem === undefined) return;
  const name = printable(JSON.stringify(path.length > 80 ? `${path.slice(0, 77)}...` : path));
  throw hostError({ code: 'hosts/path', message: `the path ${name} ${problem}`, at });
}

export function checkPaths(at: string, paths: readonly string[]): void {
  if (paths.length > MOST_PATHS) throw tooMany(at, paths.length);
  for (const path of paths) checkPath(at, path);
}

export function checkWrite(at: string, sets: readonly FileSet[], { run, backup }: HostWriteOptions): void {
  if (!RUN.test(run)) {
    const message = `the run name ${printable(JSON.stringify(run.slice(0, 80)))} is not 1 to 64 letters, digits, ".", "_" or "-"`;
    throw hostError({ code: 'hosts/path', message, at });
  }
  checkPath(at, backup);
  const count = sets.reduce((total, { changes }) => total + changes.length, 0);
  if (count > MOST_PATHS) throw tooMany(at, count);
  for (const set of sets) checkSet(at, set, backup);
}

function checkSet(at: string, { id, changes }: FileSet, backup: string): void {
  const [written, removed] = [new Set<string>(), new Set<string>()];
  for (const change of changes) {
    const { path } = change;
    checkPath(at, path);
    const removes = 'remove' in change;
    if (!removes && change.bytes.length > FILE_BYTES) throw tooLarge(`${at}: ${path}`);
    if (path === backup || path.startsWith(`${backup}/`)) {
      throw hostError({ code: 'hosts/path', message: `${path} is among the backups of this run`, at });
    }
    if (written.has(path) || (removes && removed.has(path))) {
      const message = `the set ${printable(JSON.stringify(id))} changes ${path} again after it was settled`;
      throw hostError({ code: 'hosts/path', message, at });
    }
    (removes ? removed : written).add(path);
  }
}

export function tooLarge(at: string): Error {
  return hostError({
    code: 'hosts/too-large',
    message: `larger than ${FILE_BYTES} bytes`,
    at,
    hint: 'no certificate, key or kubeconfig is',
  });
}

function tooMany(at: string, count: number): Error {
  const message = `${count} files at once, ${MOST_PATHS} at most`;
  return hostError({ code: 'hosts/too-large', message, at });
}

/** '' for what stands in the root. */
export function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
