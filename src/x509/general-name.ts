import { toHex } from '../base/index.ts';
import { contextTag, DerReader, type Range, Tag } from './der.ts';
import type { DerWriter } from './der-writer.ts';
import { ipText } from './ip.ts';
import { quote } from './quote.ts';
import { LAXEST, type Reading } from './reading.ts';
import { isAscii, latin1 } from './strings.ts';
import type { GeneralName } from './types.ts';
import { parseUri } from './uri.ts';

/** GeneralName (RFC 5280, 4.2.1.6) as Go reads it. Writing: `general-name-build.ts`. */

export const GeneralTag = {
  email: contextTag(1),
  dns: contextTag(2),
  uri: contextTag(6),
  ip: contextTag(7),
} as const;

/** GeneralNames that have been checked before. */
export function readGeneralNames(bytes: Uint8Array, { start, end }: Range): GeneralName[] {
  const names: GeneralName[] = [];
  const path = 'generalNames';
  eachGeneralName(new DerReader(bytes, start, end).enter(Tag.sequence, path), path, LAXEST, names);
  return names;
}

/**
 * The content of GeneralNames, checked; collected where `names` is given. Returns how many are of a kind
 * that Go knows. What Go does not look at (otherName, directoryName, constructed forms, …) is kept as it is.
 */
export function eachGeneralName(
  reader: DerReader,
  path: string,
  reading: Reading,
  names?: GeneralName[],
): number {
  let known = 0;
  const text = names && textOf(reader);
  while (!reader.done) {
    const begin = reader.at;
    const tag = reader.peek();
    const start = reader.open(tag, path);
    if (checkGeneralName(reader, tag, start, path, reading)) known++;
    if (text) names.push(decodeGeneralName(reader.bytes, tag, { begin, start, end: reader.at }, text));
  }
  return known;
}

/** The octets of all names as text, at once: a call into Node for each of nine names takes six times as long. */
function textOf({ bytes, at, end }: DerReader): (start: number, end: number) => string {
  const text = latin1(bytes, at, end);
  return (from, to) => text.slice(from - at, to - at);
}

function checkGeneralName(
  reader: DerReader,
  tag: number,
  start: number,
  path: string,
  reading: Reading,
): boolean {
  const { bytes, at: end } = reader;
  switch (tag) {
    case GeneralTag.email:
    case GeneralTag.dns:
    case GeneralTag.uri:
      if (!isAscii(bytes, start, end)) {
        reader.fail('x509/general-name', `${KINDS[tag]} is not ASCII`, `${path}.${KINDS[tag]}`, start);
      }
      if (tag === GeneralTag.uri) checkUri(reader, start, path, reading);
      return true;
    case GeneralTag.ip:
      if (end - start !== 4 && end - start !== 16) {
        const message = `cannot parse IP address of length ${end - start}`;
        reader.fail('x509/general-name', message, `${path}.iPAddress`, start);
      }
      return true;
    default:
      return false;
  }
}

const KINDS: Readonly<Record<number, string>> = {
  [GeneralTag.email]: 'rfc822Name',
  [GeneralTag.dns]: 'dNSName',
  [GeneralTag.uri]: 'uniformResourceIdentifier',
};

function checkUri(reader: DerReader, start: number, path: string, reading: Reading): void {
  const text = latin1(reader.bytes, start, reader.at);
  const uri = parseUri(text, reading);
  if (typeof uri !== 'string') return;
  const message = `cannot parse URI ${quote(text)}: ${uri}`;
  reader.fail('x509/uri', message, `${path}.uniformResourceIdentifier`, start);
}

function decodeGeneralName(
  bytes: Uint8Array,
  tag: number,
  { begin, start, end }: Range & { readonly begin: number },
  text: (start: number, end: number) => string,
): GeneralName {
  switch (tag) {
    case GeneralTag.email:
      return { kind: 'email', value: text(start, end) };
    case GeneralTag.dns:
      return { kind: 'dns', value: text(start, end) };
    case GeneralTag.uri:
      return { kind: 'uri', value: text(start, end) };
    case GeneralTag.ip: {
      const address = bytes.subarray(start, end);
      return { kind: 'ip', value: ipText(address), bytes: address };
    }
    default:
      return { kind: 'other', tag, der: bytes.subarray(begin, end) };
  }
}

/** The whole element, tag included. */
export function writeGeneralName(writer: DerWriter, name: GeneralName): void {
  if (name.kind === 'other') return writer.octets(name.der);
  const end = writer.length;
  if (name.kind === 'ip') writer.octets(name.bytes);
  else writer.ascii(name.value);
  writer.header(GeneralTag[name.kind], end);
}

const PREFIXES = { dns: 'DNS', email: 'email', uri: 'URI', ip: 'IP Address' } as const;

/** `DNS:example.test`, `IP Address:10.0.0.1`: as openssl prints them. */
export function generalNameText(name: GeneralName): string {
  if (name.kind === 'other') return `other[${name.tag & 0x1f}]:${toHex(name.der)}`;
  return `${PREFIXES[name.kind]}:${name.value}`;
}
