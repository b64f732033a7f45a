import type { Random } from '../base/index.ts';
import type { SubjectAttribute } from './types.ts';

/**
 * What makes one certificate of a person revocable on its own: an id of its own, as user id in the subject
 * (the UID that Kubernetes reads since 1.35) and as a DNS name, which outlives re-encodings that drop the UID.
 */
export interface PersonIdentity {
  readonly id: string;
  readonly subject: SubjectAttribute;
  /** `<id>.<user>.c.kubetls.internal`; `.internal` is reserved for private use (ICANN, 2024). */
  readonly dnsName: string;
}

const SUFFIX = 'c.kubetls.internal';
const MAX_LABEL = 63;

export function personIdentity(user: string, id: string): PersonIdentity {
  return { id, subject: { type: 'UID', value: id }, dnsName: `${id}.${dnsLabel(user)}.${SUFFIX}` };
}

/** For people, who must recognise the user in it; it need not be unique, since the id is. */
function dnsLabel(user: string): string {
  const ascii = user
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();
  const label = ascii
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LABEL)
    .replace(/^-|-$/g, '');
  return label === '' ? 'user' : label;
}

/** 80 bits: no two of one cluster will ever be the same, and 16 letters can be read out. */
const ID_OCTETS = 10;
/** RFC 4648, 6, in lower case. */
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** A fresh id: 16 lower-case letters and digits, a DNS label. */
export function newPersonId(random: Random): string {
  let bits = 0n;
  for (const octet of random.bytes(ID_OCTETS)) bits = bits * 256n + BigInt(octet);
  let id = '';
  for (let i = 0; i < (ID_OCTETS * 8) / 5; i++, bits >>= 5n) id = `${BASE32[Number(bits & 31n)]}${id}`;
  return id;
}
