/**
 * From sets as they were asked for to the steps that they take on what stands there: pure, the same for every
 * adapter. What stands already, with these bytes and this mode, takes none; so twice writes nothing.
 */
import { hash } from 'node:crypto';
import type { FileChange } from '../inventory/index.ts';
import type { FileSet } from '../stores/index.ts';
import { hostError } from './errors.ts';
import { parent, TEMPORARY_PREFIX } from './paths.ts';
import type { HostWriteOptions } from './types.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export interface Stood {
  readonly mode: number;
  readonly sha256: string;
  /** undefined for what this very write has made: it is ours. */
  readonly owner: Owner | undefined;
}

/** What stands at a path, links followed: at `target`, relative to the root. */
export interface Standing {
  readonly target: string;
  readonly stood: Stood | undefined;
}

export interface Step {
  readonly target: string;
  /** undefined for a removal. `temporary` stands in the directory of `target`. */
  readonly put: { readonly temporary: string; readonly bytes: Uint8Array; readonly mode: number } | undefined;
  /** What stood there before the set. */
  readonly stood: Stood | undefined;
  /** Where that is kept: in the first step of a target alone. A name that is taken gets a number. */
  readonly backup: string | undefined;
}

export interface SetSteps {
  readonly id: string;
  readonly steps: readonly Step[];
}

/** Sets that share their fsyncs. No target is in two of them, so each backup is what stood before its set. */
export type Group = readonly SetSteps[];

const GROUP_FILES = 256;
const GROUP_BYTES = 8 << 20;

export function planWrite(
  at: string,
  sets: readonly FileSet[],
  standing: ReadonlyMap<string, Standing>,
  { run, backup }: HostWriteOptions,
): Group[] {
  const now = new Map([...standing.values()].map(({ target, stood }) => [target, stood]));
  let count = 0;
  const planned = sets.map(({ id, changes, seen }): SetSteps => {
    const targetOf = ({ path }: FileChange): string => standing.get(path)?.target ?? path;
    if (seen) refuseChanged(at, changes, seen, (change) => now.get(targetOf(change)));
    const before = new Map(changes.map((change) => [targetOf(change), now.get(targetOf(change))]));
    const saved = new Set<string>();
    const steps = needed(changes, targetOf, before).map((change): Step => {
      const target = targetOf(change);
      const stood = before.get(target);
      const kept = stood && !saved.has(target) ? `${backup}/${target}` : undefined;
      saved.add(target);
      now.set(target, 'remove' in change ? undefined : become(change, stood));
      if ('remove' in change) return { target, put: undefined, stood, backup: kept };
      const name = `${TEMPORARY_PREFIX}${run}-${(count++).toString(36)}`;
      const temporary = parent(target) === '' ? name : `${parent(target)}/${name}`;
      return { target, put: { temporary, bytes: change.bytes, mode: change.mode }, stood, backup: kept };
    });
    return { id, steps };
  });
  return [...grouped(planned.filter(({ steps }) => steps.length > 0))];
}

type Put = Exclude<FileChange, { readonly remove: true }>;

function become({ mode, bytes }: Put, stood: Stood | undefined): Stood {
  return { mode, sha256: sha256(bytes), owner: stood?.owner };
}

/**
 * A removal that makes room for its own new content, with nothing between the two, is left out: one rename
 * does both. So is a removal of nothing, and the whole set when it stands as it ends.
 */
function needed(
  changes: readonly FileChange[],
  targetOf: (change: FileChange) => string,
  before: ReadonlyMap<string, Stood | undefined>,
): FileChange[] {
  const isSame = (change: FileChange): boolean => {
    const stood = before.get(targetOf(change));
    if ('remove' in change) return stood === undefined;
    return stood?.mode === change.mode && stood.sha256 === sha256(change.bytes);
  };
  const last = new Map(changes.map((change) => [targetOf(change), change]));
  const settled = new Set([...last].filter(([, change]) => isSame(change)).map(([target]) => target));
  return changes
    .filter((change) => !settled.has(targetOf(change)) && !('remove' in change && isSame(change)))
    .filter((change, i, left) => {
      const next = left[i + 1];
      return !('remove' in change && next && targetOf(next) === targetOf(change));
    });
}

/** What a kill in the middle of this very set can have left is no change by somebody else. */
function refuseChanged(
  at: string,
  changes: readonly FileChange[],
  seen: ReadonlyMap<string, string>,
  stoodAt: (change: FileChange) => Stood | undefined,
): void {
  for (const change of changes) {
    const { path } = change;
    const found = stoodAt(change)?.sha256;
    if (found === seen.get(path)) continue;
    const ours = changes
      .filter((other) => other.path === path)
      .map((other) => ('remove' in other ? undefined : sha256(other.bytes)));
    if (ours.includes(found)) continue;
    throw hostError({
      code: 'hosts/changed',
      message: 'was changed by somebody else since it was read',
      at: `${at}: ${path}`,
      hint: 'nothing of this step was written; look at a new plan',
    });
  }
}

function* grouped(sets: readonly SetSteps[]): Generator<Group> {
  let group: SetSteps[] = [];
  let [files, bytes] = [0, 0];
  let targets = new Set<string>();
  for (const set of sets) {
    const size = set.steps.reduce((total, { put }) => total + (put?.bytes.length ?? 0), 0);
    const full = files + set.steps.length > GROUP_FILES || bytes + size > GROUP_BYTES;
    if (group.length > 0 && (full || set.steps.some(({ target }) => targets.has(target)))) {
      yield group;
      [group, files, bytes, targets] = [[], 0, 0, new Set()];
    }
    group.push(set);
    files += set.steps.length;
    bytes += size;
    for (const { target } of set.steps) targets.add(target);
  }
  if (group.length > 0) yield group;
}

export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
