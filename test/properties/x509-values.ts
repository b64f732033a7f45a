/** Any value that a certificate, a request or a key file can be made of, for properties. */
import { createECDH } from 'node:crypto';
import * as fc from 'fast-check';
import {
  authorityKeyIdExtension,
  basicConstraintsExtension,
  CURVES,
  dnsName,
  ecdsaKey,
  emailName,
  type Extension,
  extendedKeyUsageExtension,
  type GeneralName,
  ipName,
  keyUsageExtension,
  type KeyUsage,
  makeName,
  nameConstraintsExtension,
  type NameConstraints,
  signatureAlgorithmFor,
  subjectAltNameExtension,
  subjectKeyIdExtension,
  type TbsCertificateFields,
  uriName,
} from '../../src/x509/index.ts';
import { keyOf } from '../judges/mint.ts';

/** RFC 5280, 4.2.1.3: in the order of the bits. */
const USAGES: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((value) => !/\p{Surrogate}/u.test(value));

export const attributes = fc.array(
  fc.record({ type: fc.constantFrom('CN', 'O', 'OU', 'L', 'C', 'UID', '1.2.3.4'), value: text }),
  { maxLength: 6 },
);
const name = attributes.map(makeName);

const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z]$/);
const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));

/** GeneralNames that are kept as they are: otherName, x400Address, directoryName, ediPartyName, registeredID. */
const otherName = fc
  .tuple(fc.constantFrom(0xa0, 0xa3, 0xa4, 0xa5, 0x88), fc.uint8Array({ minLength: 1, maxLength: 100 }))
  .map(([tag, content]): GeneralName => {
    const der = Uint8Array.of(tag, content.length, ...content);
    return { kind: 'other', tag, der };
  });

export const generalName = fc.oneof(
  fc.tuple(fc.constantFrom('', '*.'), domain).map(([wildcard, host]) => dnsName(wildcard + host)),
  fc.tuple(label, domain).map(([local, host]) => emailName(`${local}@${host}`)),
  fc.tuple(domain, label).map(([host, path]) => uriName(`https://${host}/${path}`)),
  fc.oneof(fc.ipV4(), fc.ipV6()).map(ipName),
  otherName,
);

const range = fc.constantFrom(4, 16).chain((octets) =>
  fc
    .tuple(fc.uint8Array({ minLength: octets, maxLength: octets }), fc.nat(octets * 8))
    .map(([address, ones]): GeneralName => {
      const mask = Array.from({ length: octets }, (_, i) => 0xff00 >> Math.min(8, Math.max(0, ones - 8 * i)));
      const bytes = Uint8Array.of(...address, ...mask.map((bits) => bits & 0xff));
      return { kind: 'ip', value: 'a range', bytes };
    }),
);
const constraint = fc.oneof(
  range,
  fc
    .tuple(fc.constantFrom('dns', 'uri'), fc.constantFrom('', '.'), domain)
    .map(([kind, dot, host]): GeneralName => ({ kind: kind as 'dns', value: dot + host })),
  fc.tuple(label, domain).map(([local, host]): GeneralName => ({ kind: 'email', value: `${local}@${host}` })),
);
const constraints = fc.array(constraint, { maxLength: 4 });

/** Ours are SHA-1's 20 octets; others use SHA-256, or what they please. */
export const keyIdentifier = fc
  .oneof(fc.constantFrom(20, 32), fc.integer({ min: 1, max: 150 }))
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }));
export const keyUsage = fc.subarray([...USAGES]);
export const extendedKeyUsage = fc.uniqueArray(
  fc.constantFrom('any', 'serverAuth', 'clientAuth', 'codeSigning', 'ocspSigning', '1.2.3.4', '2.999.1'),
  { minLength: 1 },
);
export const basicConstraints = fc.oneof(
  fc.constant({ ca: false, pathLength: undefined }),
  fc.record({ ca: fc.constant(true), pathLength: fc.option(fc.nat(1 << 20), { nil: undefined }) }),
);
export const nameConstraints: fc.Arbitrary<NameConstraints> = fc
  .record({ critical: fc.boolean(), permitted: constraints, excluded: constraints })
  .filter(({ permitted, excluded }) => permitted.length + excluded.length > 0);

const unknownExtension: fc.Arbitrary<Extension> = fc.record({
  oid: fc.nat(3).map((arc) => `1.3.6.1.4.1.57683.9.${arc}`),
  critical: fc.boolean(),
  value: fc.uint8Array({ maxLength: 300 }),
});

/** In any order, none twice. */
const extensions = fc.uniqueArray(
  fc.oneof(
    keyUsage.map(keyUsageExtension),
    extendedKeyUsage.map(extendedKeyUsageExtension),
    basicConstraints.map(basicConstraintsExtension),
    nameConstraints.map(nameConstraintsExtension),
    fc
      .tuple(fc.array(generalName, { minLength: 1, maxLength: 5 }), fc.boolean())
      .map(([names, critical]) => subjectAltNameExtension(names, critical)),
    keyIdentifier.map(subjectKeyIdExtension),
    keyIdentifier.map(authorityKeyIdExtension),
    unknownExtension,
  ),
  { selector: ({ oid }) => oid, maxLength: 8 },
);

const scalar = (octets: number) =>
  fc.oneof(
    fc.uint8Array({ minLength: octets, maxLength: octets }).map((bytes) => bytes.fill(0, 0, 2)),
    // With many zeros in front, which some writers drop.
    fc.uint8Array({ minLength: octets, maxLength: octets }).map((bytes) => bytes.fill(0, 0, octets - 2)),
  );

const curveKey = fc
  .constantFrom(CURVES['ecdsa-p256'], CURVES['ecdsa-p384'], CURVES['ecdsa-p521'])
  .chain((curve) =>
    scalar(curve.octets)
      .filter((bytes) => bytes.some((octet) => octet > 0))
      .map((bytes) => {
        const ecdh = createECDH(curve.openssl);
        ecdh.setPrivateKey(bytes);
        return ecdsaKey(curve, bytes, ecdh.getPublicKey());
      }),
  );

export const privateKey = fc.oneof(
  { arbitrary: curveKey, weight: 4 },
  fc.nat(7).map((i) => keyOf(`any ${i}`, 'ed25519')),
  fc.nat(1).map((i) => keyOf(`any ${i}`, 'rsa-2048')),
);

/** Whole seconds of the years 1950 to 9999, the borders of the two forms of time among them. */
const instant = fc.oneof(
  fc
    .integer({ min: Date.UTC(1950, 0, 1) / 1_000, max: Date.UTC(9999, 11, 31, 23, 59, 59) / 1_000 })
    .map((seconds) => seconds * 1_000),
  fc.constantFrom(
    Date.UTC(1950, 0, 1),
    Date.UTC(1999, 11, 31, 23, 59, 59),
    Date.UTC(2000, 1, 29),
    Date.UTC(2049, 11, 31, 23, 59, 59),
    Date.UTC(2050, 0, 1),
    Date.UTC(9999, 11, 31, 23, 59, 59),
  ),
);

/** 1 to 20 octets as they are encoded: neither negative nor zero. */
const serial = fc
  .uint8Array({ minLength: 1, maxLength: 19 })
  .filter(([first]) => first !== 0)
  .map((octets) => (octets[0]! < 0x80 ? octets : Uint8Array.of(0, ...octets)));

export const tbsFields: fc.Arbitrary<TbsCertificateFields> = fc.record({
  serial,
  issuer: name,
  subject: name,
  notBefore: instant,
  notAfter: instant,
  publicKey: privateKey.map((key) => key.publicKey),
  signatureAlgorithm: privateKey.map((key) => signatureAlgorithmFor(key.publicKey).identifier),
  extensions,
});

export const signature = fc.uint8Array({ minLength: 1, maxLength: 300 });
export const request = fc.record({
  subject: name,
  publicKey: privateKey.map((key) => key.publicKey),
  extensions,
});
