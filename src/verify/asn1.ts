/**
 * Go's encoding/asn1, Unmarshal, as far as the parser of requests uses it: walks bytes by a shape, and says in
 * Go's words where they do not fit. Certificates and CRLs are read by another parser (cryptobyte), with other
 * words. What is said of single values: `asn1-values.ts`.
 */
import { checkValue, type Header, readBase128, structural, syntax, type ValueKind } from './asn1-values.ts';

/** What a Go value takes. `name` is its type's name, which the text of a mismatch ends with. */
export type Shape =
  | { readonly kind: ValueKind; readonly name: string }
  | { readonly kind: 'struct'; readonly name: string; readonly fields: readonly Field[] }
  | { readonly kind: 'list'; readonly name: string; readonly of: Shape };

/** A field of a struct, with what the tag of the Go field says. */
export interface Field {
  readonly shape: Shape;
  readonly optional?: true;
  readonly set?: true;
  /** `tag:N`: context-specific, and implicit unless it is `explicit`. */
  readonly tag?: number;
  readonly explicit?: true;
}

/** An element that fits. */
export interface Element {
  /** Header included. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
  /** Of a struct, by field (undefined: optional and absent); of a list, in order. */
  readonly parts: readonly (Element | undefined)[];
}

/**
 * The element at `at`; undefined when it is optional and not there.
 *
 * @throws Misfit with Go's text
 */
export function unmarshal(bytes: Uint8Array, at: number, field: Field): Element | undefined {
  const { shape } = field;
  if (at === bytes.length) return field.optional ? undefined : syntax('sequence truncated');
  if (field.explicit) return unwrapped(bytes, at, field);
  const header = readHeader(bytes, at);
  if (!fits(header, field)) return field.optional ? undefined : mismatch(header, field);
  const end = header.start + header.length;
  if (end > bytes.length) syntax('data truncated');
  const content = bytes.subarray(header.start, end);
  return { bytes: bytes.subarray(at, end), content, parts: partsOf(shape, content, header) };
}

/** What stands inside of an explicit tag, whose own length Go does not look at. */
function unwrapped(bytes: Uint8Array, at: number, { tag, shape, optional }: Field): Element | undefined {
  const outer = readHeader(bytes, at);
  if (outer.start === bytes.length) return structural('explicit tag has no child');
  const isTagged = outer.class === 2 && outer.tag === tag && (outer.length === 0 || outer.compound);
  if (!isTagged) return optional ? undefined : structural("explicitly tagged member didn't match");
  if (outer.length === 0) return structural('zero length explicit tag was not an asn1.Flag');
  const element = unmarshal(bytes, outer.start, { shape, ...(optional && { optional }) });
  return element && { ...element, bytes: bytes.subarray(at, outer.start + element.bytes.length) };
}

function partsOf(shape: Shape, content: Uint8Array, header: Header): Element['parts'] {
  if (shape.kind === 'list') return elementsOf(content, shape.of);
  if (shape.kind !== 'struct') {
    checkValue(shape.kind, content, header);
    return [];
  }
  let at = 0;
  // What follows the last field is passed over.
  return shape.fields.map((field) => {
    const part = unmarshal(content, at, field);
    at += part?.bytes.length ?? 0;
    return part;
  });
}

/** parseSequenceOf: the headers of all elements before the content of any. */
function elementsOf(content: Uint8Array, of: Shape): Element[] {
  const field: Field = { shape: of };
  for (let at = 0; at < content.length; ) {
    const header = readHeader(content, at);
    if (!fits(header, field)) structural('sequence tag mismatch');
    at = header.start + header.length;
    if (at > content.length) syntax('truncated sequence');
  }
  const elements: Element[] = [];
  for (let at = 0; at < content.length; at += elements.at(-1)!.bytes.length) {
    elements.push(unmarshal(content, at, field)!);
  }
  return elements;
}

const LONG_FORM = 0x1f;

/** parseTagAndLength */
function readHeader(bytes: Uint8Array, begin: number): Header {
  let at = begin;
  const next = () => bytes[at++] ?? syntax('truncated tag or length');
  const first = next();
  let tag = first & LONG_FORM;
  if (tag === LONG_FORM) {
    const long = readBase128(bytes, at);
    tag = long.value;
    at = long.end;
    if (tag < LONG_FORM) syntax('non-minimal tag');
  }
  let length = next();
  if (length >= 0x80) {
    const octets = length & 0x7f;
    if (octets === 0) syntax('indefinite length found (not DER)');
    length = 0;
    for (let i = 0; i < octets; i++) {
      const octet = next();
      if (length >= 2 ** 23) structural('length too large');
      length = length * 256 + octet;
      if (length === 0) structural('superfluous leading zeros in length');
    }
    if (length < 0x80) structural('non-minimal length');
  }
  return { class: first >> 6, tag, length, compound: (first & 0x20) !== 0, start: at };
}

const SEQUENCE = 16;
const SET = 17;
/** Universal tags of Go's types; RawValue and `any` take every tag. */
const TAGS: Readonly<Record<string, number>> = { bool: 1, int: 2, big: 2, bits: 3, octets: 4, oid: 6 };

function expectedTag({ shape, set, tag }: Field): number {
  if (tag !== undefined) return tag;
  // getUniversalType: a slice whose type's name ends with SET is one.
  if (set || (shape.kind === 'list' && shape.name.endsWith('SET'))) return SET;
  return TAGS[shape.kind] ?? SEQUENCE;
}

function fits(header: Header, field: Field): boolean {
  const { kind } = field.shape;
  if (kind === 'raw' || kind === 'any') return true;
  const expectedClass = field.tag === undefined ? 0 : 2;
  const compound = kind === 'struct' || kind === 'list';
  return header.class === expectedClass && header.tag === expectedTag(field) && header.compound === compound;
}

/** Go prints its own structs here; where the field has a tag, its address, which is another at each run. */
function mismatch(header: Header, field: Field): never {
  const { optional = false, set = false, tag } = field;
  const found = `{class:${header.class} tag:${header.tag} length:${header.length} isCompound:${header.compound}}`;
  const wanted = `{optional:${optional} explicit:false application:false private:false defaultValue:<nil> tag:${
    tag === undefined ? '<nil>' : '0xc000000000'
  } stringType:0 timeType:0 set:${set} omitEmpty:false}`;
  const where = `${field.shape.name} @${header.start}`;
  return structural(`tags don't match (${expectedTag(field)} vs ${found}) ${wanted} ${where}`);
}
