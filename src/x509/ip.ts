/** IP addresses as bytes and as text, by Go's rules (net/netip ParseAddr, net.IP.String). */

/** 4 or 16 octets; undefined when it is no address. Leading zeros and zones are refused. */
export function parseIp(text: string): Uint8Array | undefined {
  if (text.length > 45) return undefined;
  const colon = text.indexOf(':');
  const dot = text.indexOf('.');
  if (dot >= 0 && (colon < 0 || dot < colon)) return parseV4(text);
  return colon >= 0 ? parseV6(text) : undefined;
}

const DOT = 0x2e;
const ZERO = 0x30;

/** Four numbers below 256 without leading zeros. */
function parseV4(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(4);
  let count = 0;
  let value = -1;
  for (let at = 0; at <= text.length; at++) {
    const char = at < text.length ? text.charCodeAt(at) : DOT;
    if (char === DOT) {
      if (value < 0 || count === 4) return undefined;
      octets[count++] = value;
      value = -1;
      continue;
    }
    const digit = char - ZERO;
    if (digit < 0 || digit > 9 || value === 0) return undefined;
    value = Math.max(value, 0) * 10 + digit;
    if (value > 255) return undefined;
  }
  return count === 4 ? octets : undefined;
}

function parseV6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, i) => groups(half, i === halves.length - 1));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 16 - head.length - (tail?.length ?? 0);
  // `::` stands for one group at least.
  if (tail ? missing < 2 : missing !== 0) return undefined;
  const bytes = new Uint8Array(16);
  bytes.set(head);
  if (tail) bytes.set(tail, 16 - tail.length);
  return bytes;
}

/** Octets of colon-separated groups; the last may be an IPv4 address. */
function groups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const octets: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (last && i === parts.length - 1 && part.includes('.')) {
      const v4 = parseV4(part);
      if (!v4) return undefined;
      octets.push(...v4);
    } else {
      if (!/^[0-9A-Fa-f]{1,4}$/.test(part)) return undefined;
      const group = Number.parseInt(part, 16);
      octets.push(group >> 8, group & 0xff);
    }
  }
  return octets;
}

/** The four octets of an IPv4 address that is written as IPv6 (`::ffff:a.b.c.d`), else the address itself. */
export function unmapIp(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 16 || bytes[10] !== 0xff || bytes[11] !== 0xff) return bytes;
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return bytes;
  return bytes.subarray(12);
}

/** RFC 5952, a mapped IPv4 address as IPv4; `?` and hexadecimal for octets that are no address. */
export function ipText(bytes: Uint8Array): string {
  const address = unmapIp(bytes);
  if (address.length === 4) return `${address[0]}.${address[1]}.${address[2]}.${address[3]}`;
  if (address.length !== 16) return `?${Buffer.from(bytes).toString('hex')}`;
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) words.push(address[i]! * 256 + address[i + 1]!);
  const zeros = longestZeros(words);
  const hex = (from: number, to: number) =>
    words
      .slice(from, to)
      .map((word) => word.toString(16))
      .join(':');
  return zeros ? `${hex(0, zeros.start)}::${hex(zeros.end, 8)}` : hex(0, 8);
}

/** The first of the longest runs of two or more zero groups. */
function longestZeros(words: readonly number[]): { start: number; end: number } | undefined {
  let best: { start: number; end: number } | undefined;
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && words[end] === 0) end++;
    if (end - start > Math.max(1, best ? best.end - best.start : 0)) best = { start, end };
    if (end > start) start = end;
  }
  return best;
}

/** Address and mask of a name constraint as `10.96.0.0/12`, host bits as written (net.IPNet.String). */
export function ipRangeText(range: Uint8Array): string {
  const half = range.length / 2;
  const address = unmapIp(range.subarray(0, half));
  const mask = range.subarray(range.length - address.length);
  let bits = 0;
  for (const octet of mask) bits += Math.clz32(~(octet << 24));
  return `${ipText(address)}/${bits}`;
}
