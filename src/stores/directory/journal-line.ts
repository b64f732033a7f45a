/** One line of the journal, and which values are one: what it names is later renamed and removed. */
import { isContentPath, isRun, TEMPORARY_PREFIX } from '../path.ts';

/** One change of a set, in order. Paths are content paths; `temporary` stands in the same directory. */
export interface Step {
  readonly path: string;
  /** Undefined for a removal. */
  readonly put: Put | undefined;
  /** SHA-256 of what stood there when the set was staged; undefined when nothing did. */
  readonly stood: string | undefined;
  /** Where what stood there is kept, below the backups; in the first step of a path alone. */
  readonly backup: string | undefined;
}

export interface Put {
  readonly temporary: string;
  readonly sha256: string;
  readonly mode: number;
}

export type Line =
  | { readonly event: 'checkpoint'; readonly version: 1; readonly written: Readonly<Record<string, string>> }
  | { readonly event: 'begin'; readonly run: string }
  | { readonly event: 'staged'; readonly seq: number; readonly set: string; readonly steps: readonly Step[] }
  | { readonly event: 'done' | 'undone'; readonly seq: number }
  | { readonly event: 'kept'; readonly files: readonly (readonly [path: string, sha256: string])[] };

type Check = (value: Record<string, unknown>) => boolean;

const CHECK: Readonly<Record<Line['event'], Check>> = {
  checkpoint: ({ version, written }) =>
    version === 1 &&
    isRecord(written) &&
    Object.values(written).every((sha256) => typeof sha256 === 'string'),
  begin: ({ run }) => typeof run === 'string' && isRun(run),
  staged: ({ seq, set, steps }) =>
    isSequence(seq) && typeof set === 'string' && Array.isArray(steps) && steps.every(isStep),
  done: ({ seq }) => isSequence(seq),
  undone: ({ seq }) => isSequence(seq),
  kept: ({ files }) => Array.isArray(files) && files.every(isKept),
};

const CHECKS: ReadonlyMap<string, Check> = new Map(Object.entries(CHECK));

export function isLine(value: unknown): value is Line {
  if (!isRecord(value) || typeof value['event'] !== 'string') return false;
  return CHECKS.get(value['event'])?.(value) === true;
}

function isStep(value: unknown): boolean {
  if (!isRecord(value) || typeof value['path'] !== 'string' || !isContentPath(value['path'])) return false;
  const { put, stood, backup } = value;
  if (stood === undefined ? backup !== undefined : typeof stood !== 'string') return false;
  return (put === undefined || isPut(put)) && (backup === undefined || isBackup(backup));
}

function isPut(value: unknown): boolean {
  if (!isRecord(value) || typeof value['sha256'] !== 'string') return false;
  const { temporary, mode } = value;
  if (typeof mode !== 'number' || !Number.isInteger(mode)) return false;
  return typeof temporary === 'string' && temporary.startsWith(TEMPORARY_PREFIX) && !temporary.includes('/');
}

/** `<run>/<path>`. */
function isBackup(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const cut = value.indexOf('/');
  return cut > 0 && isRun(value.slice(0, cut)) && isContentPath(value.slice(cut + 1));
}

function isKept(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}

function isSequence(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
