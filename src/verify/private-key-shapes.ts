/** Private keys as Go's structs: crypto/x509/pkcs1.go, pkcs8.go and sec1.go. */
import type { Field, Shape } from './asn1.ts';

const value = (kind: 'int' | 'big' | 'octets' | 'bits' | 'oid' | 'raw'): Field => ({
  shape: { kind, name: kind },
});
const struct = (...fields: readonly Field[]): Shape => ({ kind: 'struct', name: 'struct', fields });
const optional = (field: Field): Field => ({ ...field, optional: true });
const explicit = (tag: number, field: Field): Field => ({ ...field, tag, explicit: true, optional: true });

export const OCTETS = value('octets');
export const OID = value('oid');

/** What all of them begin with. */
export const VERSIONED = struct(value('int'));
const PRIME = struct(value('big'), value('big'), value('big'));
/** pkcs1.go, pkcs1PrivateKey */
export const PKCS1 = struct(
  value('int'),
  value('big'),
  value('int'),
  value('big'),
  value('big'),
  value('big'),
  optional(value('big')),
  optional(value('big')),
  optional(value('big')),
  optional({ shape: { kind: 'list', name: '[]x509.pkcs1AdditionalRSAPrime', of: PRIME } }),
);
/** pkcs8.go, pkcs8 */
export const PKCS8 = struct(
  value('int'),
  { shape: struct(value('oid'), optional(value('raw'))) },
  value('octets'),
);
/** sec1.go, ecPrivateKey */
export const SEC1 = struct(
  value('int'),
  value('octets'),
  explicit(0, value('oid')),
  explicit(1, value('bits')),
);
