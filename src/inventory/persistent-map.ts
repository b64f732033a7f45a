/**
 * A map by string that is a value: `set` gives a new one and shares all but a path of it with the old one,
 * which stays as it is. A hash array mapped trie (P. Bagwell, Ideal Hash Trees, 2001): 32 ways, so that
 * 100,000 keys are four levels deep, from whichever version one goes on.
 */
const BITS = 5;
const MASK = (1 << BITS) - 1;
/** Past this the hash is used up. */
const HASH_BITS = 32;

/** Children by the next five bits of the hash; only those whose bit is set are there, in order of bit. */
interface Branch<V> {
  readonly bitmap: number;
  readonly children: readonly Node<V>[];
}

/** All keys of one hash: nearly always one. */
interface Leaf<V> {
  readonly hash: number;
  readonly pairs: readonly (readonly [key: string, value: V])[];
}

type Node<V> = Branch<V> | Leaf<V>;

export class PersistentMap<V> {
  readonly #root: Node<V>;

  constructor(root: Node<V> = { bitmap: 0, children: [] }) {
    this.#root = root;
  }

  get(key: string): V | undefined {
    const hash = hashOf(key);
    let node = this.#root;
    for (let shift = 0; 'bitmap' in node; shift += BITS) {
      const bit = bitOf(hash, shift);
      const child: Node<V> | undefined = node.bitmap & bit ? node.children[indexOf(node, bit)] : undefined;
      if (!child) return undefined;
      node = child;
    }
    return node.pairs.find(([other]) => other === key)?.[1];
  }

  set(key: string, value: V): PersistentMap<V> {
    return new PersistentMap(inserted(this.#root, 0, { hash: hashOf(key), pairs: [[key, value]] }));
  }

  /** In no order that means anything. */
  *[Symbol.iterator](): Generator<readonly [key: string, value: V]> {
    const nodes: Node<V>[] = [this.#root];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      if ('bitmap' in node) nodes.push(...node.children);
      else yield* node.pairs;
    }
  }
}

function inserted<V>(node: Node<V>, shift: number, leaf: Leaf<V>): Node<V> {
  if (!('bitmap' in node)) return joined(node, shift, leaf);
  const bit = bitOf(leaf.hash, shift);
  const at = indexOf(node, bit);
  const child = node.children[at];
  if (child && node.bitmap & bit) {
    return { bitmap: node.bitmap, children: node.children.with(at, inserted(child, shift + BITS, leaf)) };
  }
  return { bitmap: node.bitmap | bit, children: node.children.toSpliced(at, 0, leaf) };
}

/** Two leaves in one place: the same key, the same hash, or as many branches as their hashes agree. */
function joined<V>(old: Leaf<V>, shift: number, leaf: Leaf<V>): Node<V> {
  if (old.hash !== leaf.hash && shift < HASH_BITS) {
    const branch = { bitmap: bitOf(old.hash, shift), children: [old] };
    return inserted(branch, shift, leaf);
  }
  const others = old.pairs.filter(([key]) => key !== leaf.pairs[0]?.[0]);
  return { hash: leaf.hash, pairs: [...others, ...leaf.pairs] };
}

function bitOf(hash: number, shift: number): number {
  return 1 << ((hash >>> shift) & MASK);
}

/** How many children stand before this bit. */
function indexOf(branch: Branch<unknown>, bit: number): number {
  return populationCount(branch.bitmap & (bit - 1));
}

/** Hacker's Delight, figure 5-2. */
function populationCount(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  count = (count + (count >>> 4)) & 0x0f0f0f0f;
  return Math.imul(count, 0x01010101) >>> 24;
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
