import { toHex } from '../base/index.ts';
import { contextConstructedTag, type DerReader, Tag } from './der.ts';
import { isDomainName } from './domain.ts';
import { GeneralTag } from './general-name.ts';
import { ipRangeText, parseIp } from './ip.ts';
import { parseMailbox } from './mailbox.ts';
import { quote, quoteOctets } from './quote.ts';
import { isAscii, latin1 } from './strings.ts';
import type { GeneralName, NameConstraints } from './types.ts';

/**
 * Name constraints (RFC 5280, 4.2.1.10) as Go reads them (crypto/x509 parser.go,
 * parseNameConstraintsExtension). Of an IP range the octets are address and mask, host bits as written;
 * minimum and maximum are passed over.
 */
export function readNameConstraints(value: DerReader, path: string, critical: boolean): NameConstraints {
  const start = value.at;
  const content = value.enter(Tag.sequence, path);
  value.finish(path);
  const permitted = readSubtrees(content, 0, `${path}.permittedSubtrees`);
  const excluded = readSubtrees(content, 1, `${path}.excludedSubtrees`);
  content.finish(path);
  if (permitted.done && excluded.done) {
    value.fail('x509/name-constraint', 'empty name constraints extension', path, start);
  }
  return {
    critical,
    permitted: constraintsIn(permitted, `${path}.permittedSubtrees`),
    excluded: constraintsIn(excluded, `${path}.excludedSubtrees`),
  };
}

/** The optional `[n]`; a reader that is done when it is absent. */
function readSubtrees(content: DerReader, n: number, path: string): DerReader {
  const tag = contextConstructedTag(n);
  return content.peek() === tag ? content.enter(tag, path) : content.inside(content.at, content.at);
}

function constraintsIn(subtrees: DerReader, path: string): GeneralName[] {
  const constraints: GeneralName[] = [];
  while (!subtrees.done) {
    const subtree = subtrees.enter(Tag.sequence, path);
    const begin = subtree.at;
    const tag = subtree.peek();
    const start = subtree.open(tag, path);
    constraints.push(readConstraint(subtree, tag, begin, start, path));
  }
  return constraints;
}

function readConstraint(
  reader: DerReader,
  tag: number,
  begin: number,
  start: number,
  path: string,
): GeneralName {
  const { bytes, at: end } = reader;
  if (tag === GeneralTag.ip) return readIpRange(reader, start, path);
  const kind = KINDS.get(tag);
  if (!kind) return { kind: 'other', tag, der: bytes.subarray(begin, end) };
  const value = latin1(bytes, start, end);
  const problem = isAscii(bytes, start, end)
    ? PROBLEMS[kind](value)
    : `invalid constraint value: x509: ${quoteOctets(bytes.subarray(start, end))} cannot be encoded as an IA5String`;
  if (problem !== undefined) reader.fail('x509/name-constraint', problem, path, start);
  return { kind, value };
}

type TextKind = 'dns' | 'email' | 'uri';

const KINDS: ReadonlyMap<number, TextKind> = new Map<number, TextKind>([
  [GeneralTag.dns, 'dns'],
  [GeneralTag.email, 'email'],
  [GeneralTag.uri, 'uri'],
]);

/** In Go's words. */
const PROBLEMS: Readonly<Record<TextKind, (value: string) => string | undefined>> = {
  dns: (value) =>
    isDomainName(value, true) ? undefined : `failed to parse dnsName constraint ${quote(value)}`,
  email: (value) => {
    const valid = value.includes('@') ? parseMailbox(value) : isDomainName(value, true);
    return valid ? undefined : `failed to parse rfc822Name constraint ${quote(value)}`;
  },
  uri: (value) => {
    const refusal = `failed to parse URI constraint ${quote(value)}`;
    if (parseIp(value)) return `${refusal}: cannot be IP address`;
    return isDomainName(value, true) ? undefined : refusal;
  },
};

function readIpRange(reader: DerReader, start: number, path: string): GeneralName {
  const range = reader.bytes.subarray(start, reader.at);
  const half = range.length / 2;
  if (half !== 4 && half !== 16) {
    const message = `IP constraint contained value of length ${range.length}`;
    reader.fail('x509/name-constraint', message, path, start);
  }
  const mask = range.subarray(half);
  if (!isMask(mask)) {
    const message = `IP constraint contained invalid mask ${toHex(mask)}`;
    reader.fail('x509/name-constraint', message, path, start + half);
  }
  return { kind: 'ip', value: ipRangeText(range), bytes: range };
}

/** One bits, then zero bits. */
function isMask(mask: Uint8Array): boolean {
  const bits = Array.from(mask, (octet) => octet.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits);
}
