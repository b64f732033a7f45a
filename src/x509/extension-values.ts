import { contextTag, type DerReader, Tag } from './der.ts';
import { encode, encodeAll } from './der-encode.ts';
import { oidElement, readOid } from './oid.ts';
import type { BasicConstraints, ExtendedKeyUsage, KeyUsage } from './types.ts';

/** The values of small extensions, both ways, read as Go reads them (crypto/x509 parser.go). */

/** RFC 5280, 4.2.1.9. */
export function readBasicConstraints(value: DerReader, path: string): BasicConstraints {
  const content = value.enter(Tag.sequence, path);
  const ca = content.peek() === Tag.boolean && content.boolean(`${path}.cA`);
  if (content.peek() !== Tag.integer) return { ca, pathLength: undefined };
  const start = content.integer(`${path}.pathLenConstraint`);
  const pathLength = unsigned(content, start, `${path}.pathLenConstraint`);
  return { ca, pathLength };
}

/** An INTEGER of 0 to 2^63-1. */
function unsigned(reader: DerReader, start: number, path: string): number {
  const { bytes, at: end } = reader;
  if (bytes[start]! >= 0x80 || end - start > 8) {
    reader.fail('x509/extension-value', 'the number is negative or too large', path, start);
  }
  let value = 0;
  for (let at = start; at < end; at++) value = value * 256 + bytes[at]!;
  return value;
}

export function basicConstraintsValue({ ca, pathLength }: BasicConstraints): Uint8Array {
  if (!ca && pathLength === undefined) return NO_AUTHORITY;
  const parts: Uint8Array[] = [];
  // DER leaves out what is the default: cA FALSE.
  if (ca) parts.push(encode(Tag.boolean, Uint8Array.of(0xff)));
  if (pathLength !== undefined) parts.push(encodeUnsigned(pathLength));
  return encode(Tag.sequence, ...parts);
}

const NO_AUTHORITY = encode(Tag.sequence);

/** A whole number from 0 on. */
function encodeUnsigned(value: number): Uint8Array {
  const octets = [value % 256];
  for (let left = Math.floor(value / 256); left > 0; left = Math.floor(left / 256))
    octets.unshift(left % 256);
  if (octets[0]! >= 0x80) octets.unshift(0);
  return encode(Tag.integer, Uint8Array.from(octets));
}

/** Bit order of RFC 5280, 4.2.1.3. */
const KEY_USAGES: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

export function readKeyUsage(value: DerReader, path: string): KeyUsage[] {
  const bits = value.bitString(path) + 1;
  return KEY_USAGES.filter((_, bit) => {
    const at = bits + (bit >> 3);
    return at < value.at && (value.bytes[at]! & (0x80 >> (bit & 7))) !== 0;
  });
}

/** A named bit list: trailing zero bits are left out (X.690, 11.2.2). */
export function keyUsageValue(usages: readonly KeyUsage[]): Uint8Array {
  let bits = 0;
  let last = -1;
  for (const usage of usages) {
    const bit = KEY_USAGES.indexOf(usage);
    bits |= 0x8000 >> bit;
    last = Math.max(last, bit);
  }
  return (KEY_USAGE_VALUES[bits >> 7] ??= bitList(bits, last));
}

/** One for each of the 512 sets: there are never more than a few. */
const KEY_USAGE_VALUES: Uint8Array[] = [];

function bitList(bits: number, last: number): Uint8Array {
  const unused = last < 0 ? 0 : 7 - (last & 7);
  return encode(Tag.bitString, Uint8Array.of(unused, bits >> 8, bits).subarray(0, 1 + ((last + 8) >> 3)));
}

const USAGE_OIDS: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
};
const USAGE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(USAGE_OIDS).map(([name, oid]) => [oid, name]),
);

/** RFC 5280, 4.2.1.12: names where they are known, else dotted. */
export function readExtendedKeyUsage(value: DerReader, path: string): ExtendedKeyUsage[] {
  const content = value.enter(Tag.sequence, path);
  const usages: ExtendedKeyUsage[] = [];
  while (!content.done) {
    const oid = readOid(content, path);
    usages.push(USAGE_NAMES.get(oid) ?? oid);
  }
  return usages;
}

export function extendedKeyUsageValue(usages: readonly ExtendedKeyUsage[]): Uint8Array {
  const only = usages.length === 1 ? SINGLE_USAGES.get(usages[0]!) : undefined;
  if (only) return only;
  return encodeAll(
    Tag.sequence,
    usages.map((usage) => USAGE_ELEMENTS.get(usage) ?? oidElement(usage)),
  );
}

const USAGE_ELEMENTS: ReadonlyMap<string, Uint8Array> = new Map(
  Object.entries(USAGE_OIDS).map(([name, oid]) => [name, oidElement(oid)]),
);

/** Nearly every leaf has one alone. */
const SINGLE_USAGES: ReadonlyMap<string, Uint8Array> = new Map(
  [...USAGE_ELEMENTS].map(([name, element]) => [name, encode(Tag.sequence, element)]),
);

/** RFC 5280, 4.2.1.1: the key identifier only; Go reads no more of it. */
export function readAuthorityKeyId(value: DerReader, path: string): Uint8Array | undefined {
  const content = value.enter(Tag.sequence, path);
  return content.peek() === contextTag(0) ? content.content(contextTag(0), path) : undefined;
}
