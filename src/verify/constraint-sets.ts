import { unmapIp } from '../x509/index.ts';
import { sortedAsGo } from './pdqsort.ts';

/**
 * Sets of name constraints that answer "which one does this name fall under" in logarithmic time, by the
 * method of crypto/x509/constraints.go: sort, drop what an earlier one covers, search by halves. Go's
 * answers are kept where the method shows: a range is compared by its address as written, host bits
 * included, so that some addresses inside it are not found.
 */
export interface ConstraintSet<T> {
  /** The constraint that covers the name, as text; undefined when none does. */
  covering(name: T): string | undefined;
}

/** nameConstraintsSet.sortAndPrune */
function sortAndPrune<T>(
  all: readonly T[],
  compare: (a: T, b: T) => number,
  covers: (a: T, b: T) => boolean,
): T[] {
  const kept: T[] = [];
  for (const next of sortedAsGo(all, compare)) {
    const last = kept.at(-1);
    if (last === undefined || !covers(last, next)) kept.push(next);
  }
  return kept;
}

/** nameConstraintsSet.search: the set's nearest element at or below the name, when it covers the name. */
function search<T, V>(
  set: readonly T[],
  name: V,
  compare: (constraint: T, name: V) => number,
  covers: (constraint: T, name: V) => boolean,
): T | undefined {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(set[middle]!, name) < 0) low = middle + 1;
    else high = middle;
  }
  const exact = set[low];
  if (exact !== undefined && compare(exact, name) === 0) return exact;
  const nearest = set[Math.max(low - 1, 0)];
  return nearest !== undefined && covers(nearest, name) ? nearest : undefined;
}

/** An address and a mask of the same length, as they stand in the certificate. */
export interface IpRange {
  readonly ip: Uint8Array;
  readonly mask: Uint8Array;
  /** As Go prints it: the address is not masked. */
  readonly text: string;
}

/** RFC 5280, 4.2.1.10: an address and a mask, one after the other. */
export function rangeOf(octets: Uint8Array): Omit<IpRange, 'text'> {
  const half = octets.length / 2;
  return { ip: octets.subarray(0, half), mask: octets.subarray(half) };
}

export function ipSet(ranges: readonly IpRange[]): ConstraintSet<Uint8Array> {
  const compare = (a: IpRange, b: IpRange) => Buffer.compare(a.ip, b.ip) || Buffer.compare(a.mask, b.mask);
  const ofLength = (length: number) =>
    sortAndPrune(
      ranges.filter(({ ip }) => ip.length === length),
      compare,
      rangeCoversRange,
    );
  const [v4, v6] = [ofLength(4), ofLength(16)];
  const compareTo = (range: IpRange, ip: Uint8Array) => Buffer.compare(range.ip, ip);
  return {
    covering(ip) {
      const range = search(ip.length === 4 ? v4 : v6, ip, compareTo, rangeCovers);
      return range?.text;
    },
  };
}

/** net.IPNet.Contains: addresses and ranges of IPv4 may be written as IPv6. */
function rangeCovers(range: IpRange, address: Uint8Array): boolean {
  const ip = unmapIp(range.ip);
  const mask = range.mask.subarray(-ip.length);
  const plain = unmapIp(address);
  const equalUnderMask = (octet: number, i: number) => ((octet ^ (plain[i] ?? 0)) & (mask[i] ?? 0)) === 0;
  return plain.length === ip.length && ip.every(equalUnderMask);
}

function rangeCoversRange(a: IpRange, b: IpRange): boolean {
  const last = b.ip.map((octet, i) => octet | (~(b.mask[i] ?? 0) & 0xff));
  return rangeCovers(a, b.ip) && rangeCovers(a, last);
}

/**
 * Host names, and the hosts of URIs and mail addresses. An empty constraint covers everything. A wildcard
 * name is also caught by an excluded name directly below its parent.
 */
export function dnsSet(names: readonly string[], permitted: boolean): ConstraintSet<string> {
  if (names.includes('')) return { covering: () => '' };
  const set = sortAndPrune(names, compareFromEnd, isLabelSuffix);
  const byParent = new Map<string, string>();
  for (const name of permitted ? [] : set.map((each) => each.toLowerCase())) {
    const parent = withoutFirstLabel(name);
    if (parent !== '') byParent.set(parent, name);
  }
  return {
    covering(name) {
      const found = search(set, name, compareFromEnd, isLabelSuffix);
      return (
        found ?? (name.startsWith('*') ? byParent.get(withoutFirstLabel(name.toLowerCase())) : undefined)
      );
    },
  };
}

function withoutFirstLabel(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

/** dnsHasSuffix: the name is the constraint or below it; a leading dot in the constraint means only below. */
function isLabelSuffix(constraint: string, name: string): boolean {
  const below = name.length - constraint.length;
  if (below < 0 || !name.toLowerCase().endsWith(constraint.toLowerCase())) return false;
  return constraint.startsWith('.') || below === 0 || name[below - 1] === '.';
}

/** dnsCompare: from the last character, ASCII case aside, the dot before everything else. */
function compareFromEnd(a: string, b: string): number {
  for (let i = 1; i <= a.length && i <= b.length; i++) {
    const difference = weight(a.charCodeAt(a.length - i)) - weight(b.charCodeAt(b.length - i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function weight(code: number): number {
  if (code === 0x2e) return 0;
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}
