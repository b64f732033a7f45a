import { isUtf8 } from 'node:buffer';
import { Tag, timeProblem } from '../x509/index.ts';

/** Values as Go's encoding/asn1 checks them, in its words. */

/** `raw`: asn1.RawValue, taken as it is. `int`: of 64 bits; `big`: of any length. `any`: decoded by its own tag, which may be one that Go does not know. */
export type ValueKind = 'raw' | 'any' | 'bool' | 'int' | 'big' | 'bits' | 'octets' | 'oid';

/** Holds Go's text; it does not leave the room. */
export class Misfit extends Error {}

export function structural(text: string): never {
  throw new Misfit(`asn1: structure error: ${text}`);
}

export function syntax(text: string): never {
  throw new Misfit(`asn1: syntax error: ${text}`);
}

export interface Header {
  readonly class: number;
  readonly tag: number;
  readonly length: number;
  readonly compound: boolean;
  /** Where the content starts. */
  readonly start: number;
}

/** parseBase128Int */
export function readBase128(bytes: Uint8Array, begin: number): { value: number; end: number } {
  let value = 0;
  for (let at = begin; at < bytes.length; at++) {
    const octet = bytes[at]!;
    if (at - begin === 5) structural('base 128 integer too large');
    if (at === begin && octet === 0x80) syntax('integer is not minimally encoded');
    value = value * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (value >= 2 ** 31) structural('base 128 integer too large');
    return { value, end: at + 1 };
  }
  return syntax('truncated base 128 integer');
}

export function checkValue(kind: ValueKind, content: Uint8Array, header: Header): void {
  if (kind !== 'any') CHECKS[kind]?.(content);
  else if (header.class === 0 && !header.compound) BY_TAG[header.tag]?.(content);
}

type Check = (content: Uint8Array) => void;

const CHECKS: Readonly<Partial<Record<ValueKind, Check>>> = {
  bool: ([octet, ...more]) => {
    if ((octet !== 0 && octet !== 0xff) || more.length > 0) syntax('invalid boolean');
  },
  int: (content) => {
    minimal(content);
    if (content.length > 8) structural('integer too large');
  },
  big: minimal,
  bits: (content) => {
    const [unused] = content;
    if (unused === undefined) return syntax('zero length BIT STRING');
    const last = content.at(-1) ?? 0;
    const wrong = unused > 7 || (content.length === 1 ? unused > 0 : (last & ((1 << unused) - 1)) !== 0);
    if (wrong) syntax('invalid padding bits in BIT STRING');
  },
  oid: (content) => {
    if (content.length === 0) syntax('zero length OBJECT IDENTIFIER');
    for (let at = 0; at < content.length; ) at = readBase128(content, at).end;
  },
};

/** checkInteger */
function minimal(content: Uint8Array): void {
  const [first = 0, second = 0] = content;
  if (content.length === 0) structural('empty integer');
  if (content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    structural('integer not minimally-encoded');
  }
}

/** What is decoded into an `any`: names of requests have such values. */
const BY_TAG: Readonly<Record<number, Check | undefined>> = {
  1: CHECKS.bool,
  2: CHECKS.int,
  3: CHECKS.bits,
  6: CHECKS.oid,
  12: (content) => {
    if (!isUtf8(content)) throw new Misfit('asn1: invalid UTF-8 string');
  },
  18: characters('NumericString', /^[0-9 ]*$/),
  19: characters('PrintableString', /^[A-Za-z0-9 '()+,\-./:=?*&]*$/),
  22: characters('IA5String', /^[\0-\x7f]*$/),
  23: time(Tag.utcTime),
  24: time(Tag.generalizedTime),
  30: (content) => {
    const points = content.length % 2 === 0 ? Buffer.from(content).swap16().toString('utf16le') : '\ufffe';
    // Surrogates, and the code points that are reserved for ever.
    if (/[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]/.test(points)) throw new Misfit('invalid BMPString');
  },
};

function time(tag: number): Check {
  return (content) => {
    const problem = timeProblem(tag, content);
    if (problem !== undefined) throw new Misfit(problem);
  };
}

function characters(type: string, allowed: RegExp): Check {
  return (content) => {
    const text = Buffer.from(content).toString('latin1');
    if (!allowed.test(text)) syntax(`${type} contains invalid character`);
  };
}
