/**
 * What goes between processes, in few objects: cloned one by one, the templates of a chunk cost as much as a
 * third of their certificates.
 */
import { concatBytes, Secret } from '../base/index.ts';
import type { CertificateTemplate } from '../issue/index.ts';
import {
  CURVES,
  type Curve,
  ecdsaKey,
  type KeyAlgorithm,
  ownCertificate,
  type PrivateKey,
  type PublicKey,
  publicKeyFromSpki,
} from '../x509/index.ts';
import { isCurve } from './make.ts';
import type { Chunk, Draft, Made, Packed, Question } from './types.ts';

function pack(parts: readonly Uint8Array[]): Packed {
  let end = 0;
  const ends = new Uint32Array(parts.length);
  parts.forEach(({ length }, i) => {
    ends[i] = end += length;
  });
  return { bytes: concatBytes(parts), ends };
}

/** Views, not copies. */
function unpack({ bytes, ends }: Packed): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const end of ends) {
    parts.push(bytes.subarray(from, end));
    from = end;
  }
  return parts;
}

const NOTHING = new Uint8Array();

/** What a template says otherwise than the one before it, or all of it. */
type Plain = [said: Partial<CertificateTemplate>, whole: boolean, algorithm: KeyAlgorithm | null, ...Spot[]];

type Field = keyof CertificateTemplate;

/** The one place where a list of the template is another than in the one before it. */
type Spot = [field: Field, index: number, value: unknown];

/** Three parts of bytes for each draft. */
export function questionOf({ drafts, now }: Chunk): Question {
  const plain = drafts.map(({ template, key }, i): Plain => {
    const algorithm = typeof key === 'string' ? key : null;
    const before = drafts[i - 1]?.template;
    return (before && changesSince(before, template, algorithm)) ?? [template, true, algorithm];
  });
  const parts: Uint8Array[] = [];
  for (const { key, scalar = NOTHING, serial } of drafts) {
    parts.push(scalar, serial, typeof key === 'string' ? NOTHING : key.spki);
  }
  return { now, json: JSON.stringify(plain), packed: pack(parts) };
}

/**
 * Templates of a chunk are mostly one, but for a name: the rest is the same value, not a copy. Undefined where
 * the one before it says something about which this is silent: JSON cannot say that.
 */
function changesSince(
  before: CertificateTemplate,
  template: CertificateTemplate,
  algorithm: KeyAlgorithm | null,
): Plain | undefined {
  for (const field in before) {
    if (before[field as Field] !== undefined && template[field as Field] === undefined) return undefined;
  }
  const said: Partial<Record<Field, unknown>> = {};
  const changes: Plain = [said as Partial<CertificateTemplate>, false, algorithm];
  for (const name in template) {
    const field = name as Field;
    const [old, value] = [before[field], template[field]];
    if (value === old) continue;
    const index = Array.isArray(old) && Array.isArray(value) ? onlyChange(old, value) : -1;
    if (index < 0) said[field] = value;
    else changes.push([field, index, (value as readonly unknown[])[index]]);
  }
  return changes;
}

/** Where two lists differ, if that is one place; otherwise -1. */
function onlyChange(old: readonly unknown[], list: readonly unknown[]): number {
  if (old.length !== list.length) return -1;
  let found = -1;
  for (let i = 0; i < list.length; i++) {
    if (list[i] === old[i]) continue;
    if (found >= 0) return -1;
    found = i;
  }
  return found;
}

export function draftsIn({ json, packed }: Question): Draft[] {
  const plain = JSON.parse(json) as Plain[];
  const parts = unpack(packed);
  let template: Partial<CertificateTemplate> = {};
  return plain.map(([said, whole, algorithm, ...spots], i) => {
    template = whole ? said : following(template, said, spots);
    return {
      template: template as CertificateTemplate,
      key: algorithm ?? publicKeyFromSpki(parts[3 * i + 2]!),
      scalar: parts[3 * i],
      // A draw of its own: it is written on.
      serial: parts[3 * i + 1]!.slice(),
    };
  });
}

function following(
  before: Partial<CertificateTemplate>,
  said: Partial<CertificateTemplate>,
  spots: readonly Spot[],
): Partial<CertificateTemplate> {
  const next: Partial<Record<Field, unknown>> = { ...before };
  for (const field in said) next[field as Field] = said[field as Field];
  for (const [field, index, value] of spots) {
    next[field] = (before[field] as readonly unknown[]).with(index, value);
  }
  return next as Partial<CertificateTemplate>;
}

/** For each: the certificate, and of its key what the one who asked cannot have. */
export function answerOf(made: readonly Made[]): Packed {
  const parts: Uint8Array[] = [];
  for (const { certificate, key } of made) {
    parts.push(certificate.der);
    if (!key) parts.push(NOTHING, NOTHING);
    else {
      const { publicKey, pkcs8 } = key;
      parts.push(publicKey.spki, isCurve(publicKey.name as KeyAlgorithm) ? NOTHING : pkcs8.reveal());
    }
  }
  return pack(parts);
}

/** One copy for each, so that who keeps one certificate does not keep a chunk of them. */
export function madeOf(drafts: readonly Draft[], { bytes, ends }: Packed): Made[] {
  return drafts.map((draft, i) => {
    const from = ends[3 * i - 1] ?? 0;
    const own = bytes.slice(from, ends[3 * i + 2]);
    const spkiAt = ends[3 * i]! - from;
    const pkcs8At = ends[3 * i + 1]! - from;
    const certificate = ownCertificate(own.subarray(0, spkiAt));
    return { certificate, key: keyOf(draft, own.subarray(spkiAt, pkcs8At), own.subarray(pkcs8At)) };
  });
}

function keyOf({ key, scalar }: Draft, spki: Uint8Array, pkcs8: Uint8Array): PrivateKey | undefined {
  if (typeof key !== 'string') return undefined;
  if (!isCurve(key)) return { publicKey: publicKeyFromSpki(spki), pkcs8: new Secret(pkcs8) };
  return new KeyInParts(CURVES[key], scalar!.slice(), spki);
}

/** Put together when it is asked for: to do so here costs the asking process a twentieth of what it issues itself. */
class KeyInParts implements PrivateKey {
  readonly #curve: Curve;
  readonly #scalar: Uint8Array;
  readonly #spki: Uint8Array;
  #key: PrivateKey | undefined;

  constructor(curve: Curve, scalar: Uint8Array, spki: Uint8Array) {
    this.#curve = curve;
    this.#scalar = scalar;
    this.#spki = spki;
  }

  get publicKey(): PublicKey {
    return this.#whole.publicKey;
  }

  get pkcs8(): Secret {
    return this.#whole.pkcs8;
  }

  get #whole(): PrivateKey {
    this.#key ??= ecdsaKey(this.#curve, this.#scalar, this.#spki.subarray(-1 - 2 * this.#curve.octets));
    return this.#key;
  }
}
