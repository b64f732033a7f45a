/**
 * What goes between processes, in few objects: cloned one by one, the templates of a chunk cost as much as a
 * third of their certificates.
 */
import { concatBytes, Secret } from '../base/index.ts';
import type { CertificateTemplate } from '../issue/index.ts';
import {
  CURVES,
  ecdsaKey,
  type KeyAlgorithm,
  ownCertificate,
  type PrivateKey,
  publicKeyFromSpki,
} from '../x509/index.ts';
import { isCurve } from './make.ts';
import type { Draft, Made, Packed, Question } from './types.ts';

function pack(parts: readonly Uint8Array[]): Packed {
  let end = 0;
  return { bytes: concatBytes(parts), ends: parts.map(({ length }) => (end += length)) };
}

/** Views, not copies. */
function unpack({ bytes, ends }: Packed): Uint8Array[] {
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

const NOTHING = new Uint8Array();

/** Three parts of bytes for each draft. */
export function questionOf(drafts: readonly Draft[]): Question {
  const plain = drafts.map(({ template, key }) => [template, typeof key === 'string' ? key : null]);
  const parts = drafts.flatMap(({ key, scalar = NOTHING, serial }) => [
    scalar,
    serial,
    typeof key === 'string' ? NOTHING : key.spki,
  ]);
  return { json: JSON.stringify(plain), packed: pack(parts) };
}

export function draftsIn({ json, packed }: Question): Draft[] {
  const plain = JSON.parse(json) as [template: CertificateTemplate, algorithm: KeyAlgorithm | null][];
  const parts = unpack(packed);
  return plain.map(([template, algorithm], i) => ({
    template,
    key: algorithm ?? publicKeyFromSpki(parts[3 * i + 2]!),
    scalar: parts[3 * i],
    // A draw of its own: it is written on.
    serial: parts[3 * i + 1]!.slice(),
  }));
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

export function madeOf(drafts: readonly Draft[], answer: Packed): Made[] {
  const parts = unpack(answer);
  return drafts.map((draft, i) => ({
    certificate: ownCertificate(parts[3 * i]!.slice()),
    key: keyOf(draft, parts[3 * i + 1]!, parts[3 * i + 2]!),
  }));
}

function keyOf({ key, scalar }: Draft, spki: Uint8Array, pkcs8: Uint8Array): PrivateKey | undefined {
  if (typeof key !== 'string') return undefined;
  if (!isCurve(key)) return { publicKey: publicKeyFromSpki(spki.slice()), pkcs8: new Secret(pkcs8.slice()) };
  const curve = CURVES[key];
  return ecdsaKey(curve, scalar!, spki.subarray(-1 - 2 * curve.octets));
}
