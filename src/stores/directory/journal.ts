/**
 * The journal: JSON lines, no key material.
 *
 *   checkpoint  SHA-256 of every file as written; the first line, after a fold
 *   begin       a run begins: temporaries may exist from here on
 *   staged      a set's temporaries stand whole on disk; from here on it goes forward
 *   done        every file of the set stands in its place
 *   undone      the set was taken back
 *   kept        files that stood there already, with these very bytes
 *
 * `finish` and `recover` fold it to one checkpoint, so that it stays proportional to the number of files.
 * A journal whose last line is no checkpoint belongs to a run that is under way or was interrupted.
 */
import { storeError } from '../errors.ts';
import { isLine, type Line, type Step } from './journal-line.ts';

interface StagedSet {
  readonly seq: number;
  readonly set: string;
  readonly steps: readonly Step[];
}

/** What a journal says, its lines folded. */
export interface JournalState {
  readonly written: Map<string, string>;
  /** The run that has begun and not ended. */
  run: string | undefined;
  /** Sets that were staged and are neither done nor undone, by `seq`, in order. */
  readonly pending: Map<number, StagedSet>;
  /** Above every `seq` in use. */
  next: number;
}

function emptyJournal(): JournalState {
  return { written: new Map(), run: undefined, pending: new Map(), next: 1 };
}

/** Takes one line into the state. */
export function fold(state: JournalState, line: Line): void {
  switch (line.event) {
    case 'checkpoint':
      for (const [path, sha256] of Object.entries(line.written)) state.written.set(path, sha256);
      return;
    case 'begin':
      state.run = line.run;
      return;
    case 'staged':
      state.pending.set(line.seq, line);
      state.next = Math.max(state.next, line.seq + 1);
      return;
    case 'done':
      for (const step of state.pending.get(line.seq)?.steps ?? []) settle(state, step);
      state.pending.delete(line.seq);
      return;
    case 'undone':
      state.pending.delete(line.seq);
      return;
    case 'kept':
      for (const [path, sha256] of line.files) state.written.set(path, sha256);
  }
}

function settle({ written }: JournalState, { path, put }: Step): void {
  if (put) written.set(path, put.sha256);
  else written.delete(path);
}

export function checkpoint({ written }: JournalState): Line {
  return { event: 'checkpoint', version: 1, written: Object.fromEntries(written) };
}

/**
 * Lines to state. A power cut can leave a tail of NULs or of half-written blocks, so trailing lines that
 * are no JSON are dropped (`used` counts the others); one that has a good line after it is damage.
 */
export function foldLines(lines: readonly string[], file: string): { state: JournalState; used: number } {
  const state = emptyJournal();
  let used = 0;
  for (const [index, text] of lines.entries()) {
    const value = parsed(text);
    if (value === undefined) continue;
    if (used < index) throw damaged(file, used + 1);
    if (!isLine(value)) throw damaged(file, index + 1);
    fold(state, value);
    used = index + 1;
  }
  return { state, used };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function damaged(file: string, line: number): Error {
  return storeError({
    code: 'stores/journal-damaged',
    message: 'this line of the journal cannot be read',
    file,
    line,
    hint: 'restore the journal from a backup; without one, move it away, and kubetls asks before it replaces any file',
  });
}
