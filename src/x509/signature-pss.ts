import { equalBytes } from '../base/index.ts';
import { NULL } from './algorithm-identifier.ts';
import { contextConstructedTag, Tag } from './der.ts';
import { oidElement } from './oid.ts';

export type Hash = 'sha256' | 'sha384' | 'sha512';

interface HashRow {
  readonly hash: Hash;
  readonly oid: Uint8Array;
  readonly saltLength: number;
}

const oidContent = (oid: string) => oidElement(oid).subarray(2);
const HASHES: readonly HashRow[] = [
  { hash: 'sha256', oid: oidContent('2.16.840.1.101.3.4.2.1'), saltLength: 32 },
  { hash: 'sha384', oid: oidContent('2.16.840.1.101.3.4.2.2'), saltLength: 48 },
  { hash: 'sha512', oid: oidContent('2.16.840.1.101.3.4.2.3'), saltLength: 64 },
];
const MGF1 = oidContent('1.2.840.113549.1.1.8');

/**
 * The hash of RSASSA-PSS-params (RFC 4055, 3.1). Of its many options Go takes three (crypto/x509,
 * getSignatureAlgorithmFromAI): MGF1 with the same hash, a salt as long as the hash, the default trailer.
 * Undefined for all others. `parameters` is one element.
 */
export function pssHash(parameters: Uint8Array): Hash | undefined {
  const params = new Fields(parameters).sequence();
  const hash = params?.explicitSequence(0);
  const mask = params?.explicitSequence(1);
  const salt = params?.explicitInteger(2);
  const oid = hash?.element(Tag.oid);
  if (!params || !hash || !mask || !oid || salt === undefined || params.trailer() !== 1) return undefined;
  const maskOid = mask.element(Tag.oid);
  const maskHash = new Fields(mask.rest()).sequence();
  const sameHash = maskOid && equalBytes(maskOid, MGF1) && same(maskHash?.element(Tag.oid), oid);
  if (!sameHash || !isPlain(hash) || !maskHash || !isPlain(maskHash)) return undefined;
  return HASHES.find((row) => equalBytes(row.oid, oid) && row.saltLength === salt)?.hash;
}

function same(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && equalBytes(a, b);
}

/** Parameters are NULL or absent. What follows them is not looked at. */
function isPlain(algorithm: Fields): boolean {
  const rest = algorithm.rest();
  return rest.length === 0 || equalBytes(rest.subarray(0, NULL.length), NULL);
}

interface Header {
  /** The first octet. */
  readonly tag: number;
  readonly length: number;
}

/**
 * The fields of a struct as encoding/asn1 parseField reads them. It is laxer than our DER reader: of an
 * explicit tag only the header counts, its length does not, and what follows the last field is passed over.
 * All give undefined for what is refused.
 */
class Fields {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  sequence(): Fields | undefined {
    const content = this.element(Tag.sequence);
    return content && new Fields(content);
  }

  explicitSequence(n: number): Fields | undefined {
    return this.#explicit(n) ? this.sequence() : undefined;
  }

  explicitInteger(n: number): number | undefined {
    return this.#explicit(n) ? this.#integer() : undefined;
  }

  /** `[3] EXPLICIT INTEGER DEFAULT 1`: what is something else is none. */
  trailer(): number | undefined {
    if (this.rest().length === 0) return 1;
    const outer = this.#header();
    if (!outer || this.rest().length === 0) return undefined;
    if (outer.length === 0 && (outer.tag | 0x20) === contextConstructedTag(3)) return undefined;
    if (outer.tag !== contextConstructedTag(3)) return 1;
    const start = this.#at;
    const inner = this.#header();
    if (!inner) return undefined;
    this.#at = start;
    return inner.tag === Tag.integer ? this.#integer() : 1;
  }

  /** Content of the next element, which must have this tag. */
  element(tag: number): Uint8Array | undefined {
    const header = this.#header();
    if (header?.tag !== tag || header.length > this.rest().length) return undefined;
    const content = this.rest().subarray(0, header.length);
    this.#at += header.length;
    return content;
  }

  #explicit(n: number): boolean {
    const header = this.#header();
    return header?.tag === contextConstructedTag(n) && header.length > 0 && this.rest().length > 0;
  }

  /** Values of more than one octet are told apart from all that count: NaN. */
  #integer(): number | undefined {
    const content = this.element(Tag.integer);
    const [first, second] = content ?? [];
    if (!content || first === undefined || content.length > 8) return undefined;
    if (second === undefined) return first < 0x80 ? first : first - 256;
    const padded = (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);
    return padded ? undefined : Number.NaN;
  }

  /** parseTagAndLength; of a tag number above 30, which is nowhere expected, the first octet stands for all. */
  #header(): Header | undefined {
    const bytes = this.#bytes;
    const tag = bytes[this.#at];
    if (tag === undefined) return undefined;
    let at = this.#at + 1;
    if ((tag & 0x1f) === 0x1f) {
      const end = tagNumberEnd(bytes, at);
      if (end === undefined) return undefined;
      at = end;
    }
    const first = bytes[at++];
    if (first === undefined) return undefined;
    let length = first;
    if (first >= 0x80) {
      length = 0;
      for (let left = first & 0x7f; left > 0; left--) {
        const octet = bytes[at++];
        if (octet === undefined || length >= 2 ** 23) return undefined;
        length = length * 256 + octet;
        if (length === 0) return undefined;
      }
      if (length < 0x80) return undefined;
    }
    this.#at = at;
    return { tag, length };
  }
}

/** parseBase128Int of a tag number, which is 31 or more and fits 31 bits. */
function tagNumberEnd(bytes: Uint8Array, start: number): number | undefined {
  let number = 0;
  for (let at = start; at < start + 5; at++) {
    const octet = bytes[at];
    if (octet === undefined || (at === start && octet === 0x80)) return undefined;
    number = number * 128 + (octet & 0x7f);
    if (octet < 0x80) return number >= 0x1f && number < 2 ** 31 ? at + 1 : undefined;
  }
  return undefined;
}
