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
type Plain = [said: Partial<CertificateTemplate>, whole: boolean, algorithm: KeyAlgorithm | null];

/** Three parts of bytes for each draft. */
export function questionOf({ drafts, now }: Chunk): Question {
  const plain = drafts.map(({ template, key }, i): Plain => {
    const algorithm = typeof key === 'string' ? key : null;
    const changes = changesSince(drafts[i - 1]?.template, template);
    return [changes ?? template, !changes, algorithm];
  });
  const parts = drafts.flatMap(({ key, scalar = NOTHING, serial }) => [
    scalar,
    serial,
    typeof key === 'string' ? NOTHING : key.spki,
  ]);
  return { now, json: JSON.stringify(plain), packed: pack(parts) };
}

/**
 * Templates of a chunk are mostly one, but for a name: the rest is the same value, not a copy. Undefined where
 * there is none before it, or that one says something about which this is silent: JSON cannot say that.
 */
function changesSince(
  before: CertificateTemplate | undefined,
  template: CertificateTemplate,
): Partial<CertificateTemplate> | undefined {
  if (!before) return undefined;
  for (const field of fieldsOf(before)) {
    if (before[field] !== undefined && template[field] === undefined) return undefined;
  }
  const changes: Partial<Record<keyof CertificateTemplate, unknown>> = {};
  for (const field of fieldsOf(template)) {
    if (template[field] !== before[field]) changes[field] = template[field];
  }
  return changes as Partial<CertificateTemplate>;
}

function fieldsOf(template: CertificateTemplate): (keyof CertificateTemplate)[] {
  return Object.keys(template) as (keyof CertificateTemplate)[];
}

export function draftsIn({ json, packed }: Question): Draft[] {
  const plain = JSON.parse(json) as Plain[];
  const parts = unpack(packed);
  let template: Partial<CertificateTemplate> = {};
  return plain.map(([said, whole, algorithm], i) => {
    template = whole ? said : { ...template, ...said };
    return {
      template: template as CertificateTemplate,
      key: algorithm ?? publicKeyFromSpki(parts[3 * i + 2]!),
      scalar: parts[3 * i],
      // A draw of its own: it is written on.
      serial: parts[3 * i + 1]!.slice(),
    };
  });
}

/** For each: the certificate, and of its key what the one who asked cannot have. */
export function answerOf(made: readonly Made[]): Packed {
  return pack(
    made.flatMap(({ certificate: { der }, key }) => {
      if (!key) return [der, NOTHING, NOTHING];
      const { publicKey, pkcs8 } = key;
      return [der, publicKey.spki, isCurve(publicKey.name as KeyAlgorithm) ? NOTHING : pkcs8.reveal()];
    }),
  );
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
