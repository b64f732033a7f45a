import { asBuffer, KubetlsError } from '../base/index.ts';
import { Tag } from './der.ts';
import { encode, encodeAll } from './der-encode.ts';
import { ATTRIBUTE_TYPES, DerName } from './name.ts';
import { Oid, oidElement } from './oid.ts';
import { encodeString } from './strings.ts';
import type { Name } from './types.ts';

/** A short name, or a dotted OID. */
export type NameType = (typeof ATTRIBUTE_TYPES)[number][1] | 'UID' | (string & {});

const OIDS: ReadonlyMap<string, string> = new Map([
  ...ATTRIBUTE_TYPES.map(([oid, short]) => [short, oid] as const),
  ['UID', Oid.kubernetesUid],
]);

/** Ours; a name that Kubernetes uses has at most `system:node:` and 253 characters. */
const MAX_VALUE = 4_096;

/**
 * A name as Go's pkix builds it: one RDN for each type, in the order in which the types first appear; all
 * values of a type stand in its SET, in DER order. PrintableString where every character allows it, else
 * UTF8String. `UID` is Kubernetes' own user id.
 *
 * @throws KubetlsError `x509/name-string` for an empty, overlong or broken value, `x509/oid`
 */
export function makeName(attributes: readonly { readonly type: NameType; readonly value: string }[]): Name {
  const byType = new Map<string, Uint8Array[]>();
  for (const { type, value } of attributes) {
    const oid = OIDS.get(type) ?? type;
    checkValue(type, value);
    const pairs = byType.get(oid) ?? [];
    pairs.push(encode(Tag.sequence, oidElement(oid), encodeString(value)));
    byType.set(oid, pairs);
  }
  const rdns = [...byType.values()].map((pairs) => encodeAll(Tag.set, derSorted(pairs)));
  return new DerName(encodeAll(Tag.sequence, rdns));
}

/** SET OF: X.690, 11.6. */
function derSorted(elements: Uint8Array[]): Uint8Array[] {
  return elements.length < 2 ? elements : elements.sort((a, b) => Buffer.compare(asBuffer(a), asBuffer(b)));
}

function checkValue(type: string, value: string): void {
  const wrong =
    value === ''
      ? 'is empty'
      : value.length > MAX_VALUE
        ? `has more than ${MAX_VALUE} characters`
        : // isWellFormed came with Node 20 and ES2024; a lone surrogate would become U+FFFD silently.
          /\p{Surrogate}/u.test(value)
          ? 'is not well-formed Unicode'
          : undefined;
  if (wrong) {
    throw new KubetlsError({ code: 'x509/name-string', message: `the value of ${type} in a name ${wrong}` });
  }
}
