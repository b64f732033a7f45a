/**
 * IP addresses as Go's net and net/netip read and print them: `node:net` differs (it takes zones) and
 * belongs to the floors that do I/O.
 */

const MAPPED_PREFIX = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);

/** net.ParseIP: 4 or 16 octets; undefined for anything else, zones and leading zeros included. */
export function parseIp(text: string): Uint8Array | undefined {
  const octets = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  return octets && Uint8Array.from(octets);
}

function parseIpv4(text: string): number[] | undefined {
  const fields = text.split('.');
  const good = fields.length === 4 && fields.every((field) => /^(0|[1-9][0-9]{0,2})$/.test(field));
  const octets = fields.map(Number);
  return good && octets.every((octet) => octet <= 255) ? octets : undefined;
}

function parseIpv6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groups(halves[0] as string, halves.length === 1);
  const tail = halves[1] === undefined ? [] : groups(halves[1], true);
  if (!head || !tail) return undefined;
  const zeros = 16 - head.length - tail.length;
  // `::` stands for one group at least; without it every group must be there.
  if (halves.length === 1 ? zeros !== 0 : zeros < 2) return undefined;
  return [...head, ...Array<number>(zeros).fill(0), ...tail];
}

/** Colon-separated groups as octets; the last may be a dotted IPv4 address. */
function groups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const octets: number[] = [];
  const parts = text.split(':');
  if (parts.length > 8) return undefined;
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      const group = Number.parseInt(part, 16);
      octets.push(group >> 8, group & 0xff);
      continue;
    }
    const v4 = last && i === parts.length - 1 ? parseIpv4(part) : undefined;
    if (!v4) return undefined;
    octets.push(...v4);
  }
  return octets;
}

/** net.IP.To4: the IPv4 address in 4 or 16 octets, or undefined. */
export function toIpv4(ip: Uint8Array): Uint8Array | undefined {
  if (ip.length === 4) return ip;
  const mapped = ip.length === 16 && MAPPED_PREFIX.every((octet, i) => ip[i] === octet);
  return mapped ? ip.subarray(12) : undefined;
}

/** net.IP.String: IPv4-mapped addresses as IPv4, the first longest run of zero groups as `::`. */
export function ipText(ip: Uint8Array): string {
  const v4 = toIpv4(ip);
  if (v4) return v4.join('.');
  const words = Array.from({ length: 8 }, (_, i) => ((ip[2 * i] as number) << 8) | (ip[2 * i + 1] as number));
  const run = longestZeroRun(words);
  const hex = (part: readonly number[]) => part.map((word) => word.toString(16)).join(':');
  return run ? `${hex(words.slice(0, run.start))}::${hex(words.slice(run.end))}` : hex(words);
}

function longestZeroRun(words: readonly number[]): { start: number; end: number } | undefined {
  let best: { start: number; end: number } | undefined;
  for (let start = 0; start < words.length; start++) {
    let end = start;
    while (words[end] === 0) end++;
    if (end - start >= 2 && end - start > (best ? best.end - best.start : 0)) best = { start, end };
  }
  return best;
}
