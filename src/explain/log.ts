/** A log, line by line: what says the same is counted together, and no more is kept than a bound allows. */
import { readLine, speaksOfTls } from './read-line.ts';
import type { Reading } from './types.ts';

/** Lines that say the same. */
export interface Folded {
  readonly reading: Reading;
  readonly count: number;
  /** Number of the first, from 1. */
  readonly first: number;
}

export interface LogSummary {
  readonly lines: number;
  readonly known: readonly Folded[];
  /** Lines that speak of TLS and are not known: how many, and the first of them. */
  readonly unknown: { readonly count: number; readonly samples: readonly string[] };
  /** Known lines beyond the bound, which are not in `known`. */
  readonly beyond: number;
}

/** Different things that are kept: a cluster that fails in more ways than that has one cause, and the first lines have it. */
const MOST_KNOWN = 1_000;
const MOST_SAMPLES = 5;
/** Characters of a sample. */
const LONGEST_SAMPLE = 500;

/** Handed each line, undefined for one that was too long to be read. */
export function createLogReader() {
  const known = new Map<string, { reading: Reading; count: number; first: number }>();
  const samples: string[] = [];
  let [lines, unknown, beyond] = [0, 0, 0];
  return {
    add(line: string | undefined): void {
      lines++;
      const reading = line === undefined ? undefined : readLine(line);
      if (reading) return addReading(reading);
      if (line === undefined || !speaksOfTls(line)) return;
      unknown++;
      if (samples.length < MOST_SAMPLES) samples.push(line.slice(0, LONGEST_SAMPLE));
    },
    summary(): LogSummary {
      return { lines, known: [...known.values()], unknown: { count: unknown, samples }, beyond };
    },
  };

  function addReading(reading: Reading): void {
    const key = keyOf(reading);
    const before = known.get(key);
    if (before) before.count++;
    else if (known.size < MOST_KNOWN) known.set(key, { reading, count: 1, first: lines });
    else beyond++;
  }
}

/** What it says, of what: not when. */
function keyOf({ symptom, clues, circumstances }: Reading): string {
  return JSON.stringify([symptom.id, clues, circumstances.map(({ pattern }) => pattern.source)]);
}
