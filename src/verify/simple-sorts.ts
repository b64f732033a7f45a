const SHORTEST_SHIFTED = 50;

/** The sorts of slices/zsortanyfunc.go that pdqsort falls back on, each of data from `a` to before `b`. */
export class SimpleSorts<T> {
  readonly #data: T[];
  readonly #compare: (a: T, b: T) => number;

  constructor(data: T[], compare: (a: T, b: T) => number) {
    this.#data = data;
    this.#compare = compare;
  }

  less(a: number, b: number): boolean {
    return this.#compare(this.#data[a]!, this.#data[b]!) < 0;
  }

  swap(a: number, b: number): void {
    const kept = this.#data[a]!;
    this.#data[a] = this.#data[b]!;
    this.#data[b] = kept;
  }

  insertionSort(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) this.#shiftDown(i, a + 1);
  }

  /** To the left for as long as it is smaller, at most to before `least`. */
  #shiftDown(from: number, least: number): void {
    for (let i = from; i >= least && this.less(i, i - 1); i--) this.swap(i, i - 1);
  }

  /** True when all is sorted in the end: a few steps for what nearly is. */
  partialInsertionSort(a: number, b: number): boolean {
    let i = a + 1;
    for (let step = 0; step < 5; step++) {
      while (i < b && !this.less(i, i - 1)) i++;
      if (i === b) return true;
      if (b - a < SHORTEST_SHIFTED) return false;
      this.swap(i, i - 1);
      this.#shiftDown(i - 1, a + 1);
      for (let j = i + 1; j < b && this.less(j, j - 1); j++) this.swap(j, j - 1);
    }
    return false;
  }

  heapSort(a: number, b: number): void {
    for (let i = Math.floor((b - a - 1) / 2); i >= 0; i--) this.#siftDown(i, b - a, a);
    for (let i = b - a - 1; i >= 0; i--) {
      this.swap(a, a + i);
      this.#siftDown(0, i, a);
    }
  }

  #siftDown(low: number, high: number, first: number): void {
    for (let root = low, child; (child = 2 * root + 1) < high; root = child) {
      if (child + 1 < high && this.less(first + child, first + child + 1)) child++;
      if (!this.less(first + root, first + child)) return;
      this.swap(first + root, first + child);
    }
  }
}
