/**
 * What goes between processes, in few objects: cloned one by one, the templates of a chunk cost as much as a
 * third of their certificates.
 */
import { Secret } from '../base/index.ts';
import type { CertificateTemplate } from '../issue/index.ts';
import {
  type Certificate,
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
  const ends = new Uint32Array(parts.length);
  let end = 0;
  parts.forEach(({ length }, i) => {
    ends[i] = end += length;
  });
  const bytes = new Uint8Array(end);
  parts.forEach((part, i) => {
    if (part.length > 0) bytes.set(part, ends[i]! - part.length);
  });
  return { bytes, ends };
}

const NOTHING = new Uint8Array();

/** A view, not a copy. */
function partOf({ bytes, ends }: Packed, i: number): Uint8Array {
  const [from, end] = [ends[i - 1] ?? 0, ends[i]!];
  return from === end ? NOTHING : bytes.subarray(from, end);
}

/**
 * What a template says otherwise than the one before it, or all of it; and what those after it say in the same one
 * place, while that is all.
 */
type Plain = [
  said: Partial<CertificateTemplate>,
  whole: boolean,
  algorithm: KeyAlgorithm | null,
  spots: readonly Spot[],
  after: unknown[],
];

type Field = keyof CertificateTemplate;

/** The one place where a list of the template is another than in the one before it. */
type Spot = [field: Field, index: number, value: unknown];

/** Three parts of bytes for each draft. */
export function questionOf({ drafts, now }: Chunk): Question {
  const plain: Plain[] = [];
  const parts: Uint8Array[] = [];
  let before: CertificateTemplate | undefined;
  for (const { template, key, scalar = NOTHING, serial } of drafts) {
    const algorithm = typeof key === 'string' ? key : null;
    const said = (before && changesSince(before, template, algorithm)) ?? [template, true, algorithm, [], []];
    const last = plain.at(-1);
    if (last && isAtSameSpot(last, said)) last[4].push(said[3][0]![2]);
    else plain.push(said);
    parts.push(scalar, serial, typeof key === 'string' ? NOTHING : key.spki);
    before = template;
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
  const spots: Spot[] = [];
  for (const name in template) {
    const field = name as Field;
    const [old, value] = [before[field], template[field]];
    if (value === old) continue;
    const index = Array.isArray(old) && Array.isArray(value) ? onlyChange(old, value) : -1;
    if (index < 0) said[field] = value;
    else spots.push([field, index, (value as readonly unknown[])[index]]);
  }
  return [said as Partial<CertificateTemplate>, false, algorithm, spots, []];
}

function isAtSameSpot([, , oldAlgorithm, oldSpots]: Plain, [said, whole, algorithm, spots]: Plain): boolean {
  if (whole || oldAlgorithm !== algorithm || oldSpots.length !== 1 || spots.length !== 1) return false;
  const [[oldField, oldIndex], [field, index]] = [oldSpots[0]!, spots[0]!];
  return oldField === field && oldIndex === index && Object.keys(said).length === 0;
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
  const drafts: Draft[] = [];
  const add = (template: Partial<CertificateTemplate>, algorithm: KeyAlgorithm | null): void => {
    const at = 3 * drafts.length;
    drafts.push({
      template: template as CertificateTemplate,
      key: algorithm ?? publicKeyFromSpki(partOf(packed, at + 2)),
      scalar: partOf(packed, at),
      // A draw of its own: it is written on.
      serial: partOf(packed, at + 1).slice(),
    });
  };
  let template: Partial<CertificateTemplate> = {};
  for (const [said, whole, algorithm, spots, after] of JSON.parse(json) as Plain[]) {
    template = whole ? said : following(template, said, spots);
    add(template, algorithm);
    for (const value of after) {
      const [field, index] = spots[0]!;
      template = following(template, {}, [[field, index, value]]);
      add(template, algorithm);
    }
  }
  return drafts;
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
    const isKnown = !key || isCurve(key.publicKey.name as KeyAlgorithm);
    parts.push(certificate.der, isKnown ? NOTHING : key.pkcs8.reveal());
  }
  return pack(parts);
}

/** So many certificates share memory, as they do where one process writes all of them (x509/der-writer.ts). */
const TOGETHER = 16;

/** Copies, so that who keeps one certificate does not keep a chunk of them. */
export function madeOf(drafts: readonly Draft[], { bytes, ends }: Packed): Made[] {
  const endOf = (part: number) => ends[Math.min(part, ends.length) - 1] ?? 0;
  let own = NOTHING;
  let from = 0;
  return drafts.map((draft, i) => {
    if (i % TOGETHER === 0) {
      from = endOf(2 * i);
      own = bytes.slice(from, endOf(2 * (i + TOGETHER)));
    }
    const [start, middle, end] = [endOf(2 * i), endOf(2 * i + 1), endOf(2 * i + 2)];
    const certificate = ownCertificate(own.subarray(start - from, middle - from));
    return {
      certificate,
      key: keyOf(draft, certificate, middle === end ? NOTHING : bytes.slice(middle, end)),
    };
  });
}

function keyOf({ key, scalar }: Draft, certificate: Certificate, pkcs8: Uint8Array): PrivateKey | undefined {
  if (typeof key !== 'string') return undefined;
  return isCurve(key)
    ? new KeyInParts(CURVES[key], scalar!.slice(), certificate)
    : { publicKey: certificate.publicKey, pkcs8: new Secret(pkcs8) };
}

/** Put together when it is asked for: to do so here costs the asking process a twentieth of what it issues itself. */
class KeyInParts implements PrivateKey {
  readonly #curve: Curve;
  readonly #scalar: Uint8Array;
  readonly #certificate: Certificate;
  #key: PrivateKey | undefined;

  constructor(curve: Curve, scalar: Uint8Array, certificate: Certificate) {
    this.#curve = curve;
    this.#scalar = scalar;
    this.#certificate = certificate;
  }

  get publicKey(): PublicKey {
    return this.#whole.publicKey;
  }

  get pkcs8(): Secret {
    return this.#whole.pkcs8;
  }

  get #whole(): PrivateKey {
    const { spki } = this.#certificate.publicKey;
    this.#key ??= ecdsaKey(this.#curve, this.#scalar, spki.subarray(-1 - 2 * this.#curve.octets));
    return this.#key;
  }
}
