import { SimpleSorts } from './simple-sorts.ts';

/**
 * slices.SortFunc of Go 1.26 (slices/zsortanyfunc.go, pdqsortCmpFunc), step by step: which of several equal elements
 * comes first is seen in the texts of name constraints, and above twelve elements the sort is not stable.
 */
export function sortedAsGo<T>(values: readonly T[], compare: (a: T, b: T) => number): T[] {
  const data = [...values];
  new PatternDefeatingQuicksort(data, compare).sort(0, data.length, bitLength(data.length));
  return data;
}

const MOST_INSERTED = 12;
const SHORTEST_NINTHER = 50;
/** Of a median of three medians. */
const MOST_SWAPS = 12;

class PatternDefeatingQuicksort<T> extends SimpleSorts<T> {
  /** `limit`: how many bad pivots are allowed before heapsort. */
  sort(from: number, to: number, limit: number): void {
    let [a, b, allowed] = [from, to, limit];
    let balanced = true;
    let partitioned = true;
    while (b - a > MOST_INSERTED) {
      if (allowed === 0) return this.heapSort(a, b);
      if (!balanced) {
        this.#breakPatterns(a, b);
        allowed--;
      }
      const { pivot, hint } = this.#choosePivot(a, b);
      if (balanced && partitioned && hint === 'increasing' && this.partialInsertionSort(a, b)) return;
      if (a > 0 && !this.less(a - 1, pivot)) {
        a = this.#partitionEqual(a, b, pivot);
        continue;
      }
      const { middle, already } = this.#partition(a, b, pivot);
      partitioned = already;
      const [left, right] = [middle - a, b - middle];
      balanced = Math.min(left, right) >= Math.floor((b - a) / 8);
      if (left < right) {
        this.sort(a, middle, allowed);
        a = middle + 1;
      } else {
        this.sort(middle + 1, b, allowed);
        b = middle;
      }
    }
    this.insertionSort(a, b);
  }

  #partition(a: number, b: number, pivot: number): { middle: number; already: boolean } {
    this.swap(a, pivot);
    let [i, j] = [a + 1, b - 1];
    for (let already = true; ; already = false) {
      while (i <= j && this.less(i, a)) i++;
      while (i <= j && !this.less(j, a)) j--;
      if (i > j) {
        this.swap(j, a);
        return { middle: j, already };
      }
      this.swap(i++, j--);
    }
  }

  /** Those that equal the pivot first; none is smaller. */
  #partitionEqual(a: number, b: number, pivot: number): number {
    this.swap(a, pivot);
    let [i, j] = [a + 1, b - 1];
    for (;;) {
      while (i <= j && !this.less(a, i)) i++;
      while (i <= j && this.less(a, j)) j--;
      if (i > j) return i;
      this.swap(i++, j--);
    }
  }

  /** A median; what runs downwards is turned round. */
  #choosePivot(a: number, b: number): { pivot: number; hint: 'increasing' | undefined } {
    const quarter = Math.floor((b - a) / 4);
    let swaps = 0;
    const ordered = (x: number, y: number): readonly [number, number] => {
      if (!this.less(y, x)) return [x, y];
      swaps++;
      return [y, x];
    };
    const median = (x: number, y: number, z: number) => {
      const [low, middle] = ordered(x, y);
      return ordered(low, ordered(middle, z)[0])[1];
    };
    const of = (x: number) => (b - a < SHORTEST_NINTHER ? x : median(x - 1, x, x + 1));
    const pivot = median(of(a + quarter), of(a + quarter * 2), of(a + quarter * 3));
    if (swaps < MOST_SWAPS) return { pivot, hint: swaps === 0 ? 'increasing' : undefined };
    for (let [i, j] = [a, b - 1]; i < j; ) this.swap(i++, j--);
    return { pivot: b - 1 - (pivot - a), hint: 'increasing' };
  }

  /** Some in the middle change places with any: what looks random is the same at every run. */
  #breakPatterns(a: number, b: number): void {
    const length = b - a;
    const middle = a + Math.floor(length / 4) * 2;
    let random = BigInt(length);
    for (let i = middle - 1; i <= middle + 1; i++) {
      random = xorshift(random);
      const other = Number(BigInt.asUintN(bitLength(length), random));
      this.swap(i, a + (other >= length ? other - length : other));
    }
  }
}

/** slices/sort.go, xorshift: of 64 bits. */
function xorshift(from: bigint): bigint {
  let x = from;
  x = BigInt.asUintN(64, x ^ (x << 13n));
  x ^= x >> 7n;
  return BigInt.asUintN(64, x ^ (x << 17n));
}

/** math/bits.Len */
function bitLength(value: number): number {
  return 32 - Math.clz32(value);
}
