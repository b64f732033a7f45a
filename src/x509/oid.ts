import { KubetlsError } from '../base/index.ts';
import { type DerReader, Tag } from './der.ts';
import { encode } from './der-encode.ts';

/** Object identifiers that this room knows by name. Key and signature algorithms: `keys-algorithms.ts`. */
export const Oid = {
  commonName: '2.5.4.3',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  locality: '2.5.4.7',
  province: '2.5.4.8',
  streetAddress: '2.5.4.9',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  postalCode: '2.5.4.17',
  /** Kubernetes 1.35: the UID of a user in a client certificate (authentication/request/x509/x509.go). */
  kubernetesUid: '1.3.6.1.4.1.57683.2',

  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',

  /** PKCS#9 attribute of a request (RFC 2985, 5.4.2). */
  extensionRequest: '1.2.840.113549.1.9.14',
} as const;

/** cryptobyte's readBase128Int: an arc is below 2^31 and takes at most five octets. */
const MAX_ARC = 2 ** 31;
const MAX_ARC_OCTETS = 5;

const PREFIX_2_5_29 = Array.from({ length: 128 }, (_, arc) => `2.5.29.${arc}`);
const PREFIX_2_5_4 = Array.from({ length: 128 }, (_, arc) => `2.5.4.${arc}`);

/** The next element, an OBJECT IDENTIFIER, in dotted form. */
export function readOid(reader: DerReader, path: string): string {
  const at = reader.at;
  const start = reader.open(Tag.oid, path);
  const oid = dotted(reader.bytes, start, reader.at);
  if (oid === undefined) reader.fail('x509/oid', 'not an object identifier', path, at);
  return oid;
}

function dotted(bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start === 3 && bytes[start] === 0x55) {
    const arc = bytes[start + 2]!;
    // Certificates hold little else: id-ce and id-at.
    if (arc < 0x80 && bytes[start + 1] === 0x1d) return PREFIX_2_5_29[arc];
    if (arc < 0x80 && bytes[start + 1] === 0x04) return PREFIX_2_5_4[arc];
  }
  if (start === end || bytes[end - 1]! >= 0x80) return undefined;
  let text = '';
  let arc = 0;
  let octets = 0;
  for (let at = start; at < end; at++) {
    const octet = bytes[at]!;
    if (octets === 0 && octet === 0x80) return undefined;
    arc = arc * 128 + (octet & 0x7f);
    octets++;
    if (arc >= MAX_ARC || octets > MAX_ARC_OCTETS) return undefined;
    if (octet >= 0x80) continue;
    // X.690, 8.19.4: the first two arcs share one number.
    text = text === '' ? firstArcs(arc) : `${text}.${arc}`;
    arc = 0;
    octets = 0;
  }
  return text;
}

function firstArcs(packed: number): string {
  return packed < 80 ? `${Math.floor(packed / 40)}.${packed % 40}` : `2.${packed - 80}`;
}

/** A dotted identifier as a whole OBJECT IDENTIFIER element, tag included. */
export function oidElement(oid: string): Uint8Array {
  return elements.get(oid) ?? buildElement(oid);
}

function buildElement(oid: string): Uint8Array {
  const arcs = /^[0-2](\.(0|[1-9]\d{0,9}))+$/.test(oid) ? oid.split('.').map(Number) : [];
  const [first = 0, second = 0, ...rest] = arcs;
  if (arcs.length < 2 || (first < 2 && second > 39) || arcs.some((arc) => arc >= MAX_ARC - 80)) {
    throw new KubetlsError({
      code: 'x509/oid',
      message: `${JSON.stringify(oid)} is not an object identifier`,
    });
  }
  return encode(Tag.oid, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(arc: number): number[] {
  const octets = [arc & 0x7f];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
    octets.unshift((left & 0x7f) | 0x80);
  }
  return octets;
}

const elements = new Map<string, Uint8Array>(Object.values(Oid).map((oid) => [oid, buildElement(oid)]));
