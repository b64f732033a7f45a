/** Which edges an input has taken, and how often, told by the counters that scripts/fuzz-bundle.mjs puts in. */
const EDGES = 1 << 17;

interface Counters {
  /** By edge; of the run that is under way. */
  readonly counters: Uint8Array;
  /** The edges whose counters are not zero: only these are looked at and cleared. */
  readonly touched: Uint32Array;
  length: number;
  /** Half the number of the place that was passed last. */
  last: number;
}

/** Must exist before the instrumented bundle is loaded. */
const run: Counters = {
  counters: new Uint8Array(EDGES),
  touched: new Uint32Array(EDGES),
  length: 0,
  last: 0,
};
Object.assign(globalThis, { kubetlsCoverage: run });

/** Counts differ when they fall in different buckets, as in AFL. */
const BUCKET_STARTS = [1, 2, 3, 4, 8, 16, 32, 128];
const BUCKETS = Uint8Array.from({ length: 256 }, (_, count) =>
  count === 0 ? 0 : 1 << BUCKET_STARTS.findLastIndex((start) => start <= count),
);

/** Everything that was ever seen of one target. */
export class Coverage {
  readonly #seen = new Uint8Array(EDGES);
  edges = 0;

  /** Takes in the last run; how many edges, or counts of edges, are new. */
  take(): number {
    const { counters, touched, length } = run;
    let fresh = 0;
    for (let i = 0; i < length; i++) {
      const edge = touched[i]!;
      const bucket = BUCKETS[counters[edge]!]!;
      const seen = this.#seen[edge]!;
      if (seen === 0) this.edges++;
      if ((seen & bucket) === 0) fresh++;
      this.#seen[edge] = seen | bucket;
    }
    forgetRun();
    return fresh;
  }
}

/** Clears the counters of the last run. */
export function forgetRun(): void {
  for (let i = 0; i < run.length; i++) run.counters[run.touched[i]!] = 0;
  run.length = 0;
  run.last = 0;
}
