import { toHex } from '../base/index.ts';
import { DerReader, Tag } from './der.ts';
import { Oid, readOid } from './oid.ts';
import { timeProblem } from './time-problem.ts';
import { checkString, encodeString, stringText } from './strings.ts';
import type { Name, NameAttribute } from './types.ts';

/** Distinguished names (RFC 5280, 4.1.2.4): reading, and text as Go prints it. Writing: `name-build.ts`. */

/** Where in a name something is wrong. */
export interface NamePaths {
  readonly name: string;
  readonly rdn: string;
  readonly attribute: string;
  readonly type: string;
  readonly value: string;
}

/** Built once for each place: a string for every element would cost more than the check. */
export function namePaths(name: string): NamePaths {
  const rdn = `${name}.rdn`;
  const attribute = `${rdn}.attribute`;
  return { name, rdn, attribute, type: `${attribute}.type`, value: `${attribute}.value` };
}

const NAME = namePaths('name');

/**
 * The next element, a Name. Only its DER is taken; RDNs are decoded when they are asked for.
 * A value that is no string is refused, as in a certificate; `lenient` lets it pass, as in a request.
 */
export function readName(reader: DerReader, paths: NamePaths, lenient = false): Name {
  const start = reader.at;
  eachAttribute(reader.enter(Tag.sequence, paths.name), paths, lenient);
  return new DerName(reader.bytes.subarray(start, reader.at));
}

/** A Name from its DER, which must be exactly that. */
export function parseName(der: Uint8Array): Name {
  const reader = new DerReader(der);
  const name = readName(reader, NAME);
  reader.finish(NAME.name);
  return name;
}

/** A name over DER that is known to be one. */
export class DerName implements Name {
  readonly der: Uint8Array;
  #rdns: NameAttribute[][] | undefined;

  constructor(der: Uint8Array) {
    this.der = der;
  }

  get rdns(): readonly (readonly NameAttribute[])[] {
    return (this.#rdns ??= decodeRdns(this.der));
  }
}

function decodeRdns(der: Uint8Array): NameAttribute[][] {
  const rdns: NameAttribute[][] = [];
  eachAttribute(new DerReader(der).enter(Tag.sequence, NAME.name), NAME, true, rdns);
  return rdns;
}

/** Walks and checks the RDNs; collects them where `rdns` is given. */
function eachAttribute(names: DerReader, paths: NamePaths, lenient: boolean, rdns?: NameAttribute[][]): void {
  while (!names.done) {
    const set = names.enter(Tag.set, paths.rdn);
    const rdn: NameAttribute[] = [];
    while (!set.done) {
      const pair = set.enter(Tag.sequence, paths.attribute);
      const type = readOid(pair, paths.type);
      const begin = pair.at;
      const tag = pair.peek();
      const start = pair.open(tag, paths.value);
      if (!lenient || isString(tag)) checkString(pair, tag, start, paths.value);
      else checkOtherValue(pair.inside(begin, pair.at), tag, paths.value);
      if (rdns) {
        const der = pair.bytes.subarray(begin, pair.at);
        rdn.push({
          type,
          text: isString(tag) ? stringText(pair.bytes, tag, start, pair.at) : undefined,
          der,
        });
      }
    }
    rdns?.push(rdn);
  }
}

/** The values that encoding/asn1 decodes into an `any`; of other types only the header is looked at. */
function checkOtherValue(value: DerReader, tag: number, path: string): void {
  switch (tag) {
    case Tag.boolean:
      value.boolean(path);
      return;
    case Tag.integer:
      if (value.at + 10 < value.end) value.fail('x509/name-string', 'the number is too large', path);
      value.integer(path);
      return;
    case Tag.bitString:
      value.bitString(path);
      return;
    case Tag.oid:
      readOid(value, path);
      return;
    case Tag.utcTime:
    case Tag.generalizedTime:
      checkTime(value, tag, path);
      return;
    default:
  }
}

function checkTime(value: DerReader, tag: number, path: string): void {
  const problem = timeProblem(tag, value.content(tag, path));
  if (problem !== undefined) value.fail('x509/time', problem, path);
}

const STRING_TAGS: ReadonlySet<number> = new Set([0x0c, 0x12, 0x13, 0x14, 0x16, 0x1e]);

function isString(tag: number): boolean {
  return STRING_TAGS.has(tag);
}

/** Whether there is no RDN in it: an empty SEQUENCE, two octets. */
export function isEmptyName({ der }: Name): boolean {
  return der.length === 2;
}

/** The texts of all attributes of one type, in order. `oid` is dotted. */
export function attributeValues(name: Name, oid: string): string[] {
  const values: string[] = [];
  for (const rdn of name.rdns) {
    for (const { type, text } of rdn) if (type === oid && text !== undefined) values.push(text);
  }
  return values;
}

/** The last CN, as in Go's pkix.Name; empty when there is none. */
export function commonName(name: Name): string {
  let last = '';
  for (const rdn of name.rdns) {
    for (const { type, text } of rdn) if (type === Oid.commonName && text !== undefined) last = text;
  }
  return last;
}

export function organizations(name: Name): string[] {
  return attributeValues(name, Oid.organization);
}

/** Attribute types and their short names, in the order in which Go writes them (pkix.Name.ToRDNSequence). */
export const ATTRIBUTE_TYPES = [
  [Oid.country, 'C'],
  [Oid.province, 'ST'],
  [Oid.locality, 'L'],
  [Oid.streetAddress, 'STREET'],
  [Oid.postalCode, 'POSTALCODE'],
  [Oid.organization, 'O'],
  [Oid.organizationalUnit, 'OU'],
  [Oid.commonName, 'CN'],
  [Oid.serialNumber, 'SERIALNUMBER'],
] as const;
const SINGLE: ReadonlySet<string> = new Set([Oid.commonName, Oid.serialNumber]);
const NAMED: ReadonlySet<string> = new Set(ATTRIBUTE_TYPES.map(([oid]) => oid));

/**
 * As Go's pkix.Name.String(): like RFC 2253, last RDN first; known attributes are gathered by type and of
 * several CNs the last counts, so that it is text for people, not the name's structure.
 */
export function nameText(name: Name): string {
  const rdns: string[] = [];
  for (const { type, text } of name.rdns.flat()) {
    if (!NAMED.has(type)) rdns.push(`${type}=#${toHex(encodeString(text ?? ''))}`);
  }
  for (const [oid, short] of ATTRIBUTE_TYPES) {
    const all = attributeValues(name, oid);
    const values = SINGLE.has(oid) ? all.slice(-1).filter((value) => value !== '') : all;
    if (values.length > 0) rdns.push(values.map((value) => `${short}=${escapeValue(value)}`).join('+'));
  }
  return rdns.reverse().join(',');
}

/** RFC 2253, 2.4. */
function escapeValue(text: string): string {
  return text.replace(/[,+"\\<>;]|^[ #]| $/g, '\\$&');
}
