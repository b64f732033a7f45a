import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret, toHex, utf8 } from '../../src/base/index.ts';
import {
  assembleCertificate,
  assembleRequest,
  authorityKeyIdExtension,
  basicConstraintsExtension,
  type Certificate,
  encodeRequestInfo,
  encodeTbsCertificate,
  type Extension,
  extendedKeyUsageExtension,
  type GeneralName,
  keyUsageExtension,
  makeName,
  nameConstraintsExtension,
  parseCertificate,
  parseName,
  parseRequest,
  type PublicKey,
  readPem,
  readPrivateKey,
  readPublicKey,
  signatureAlgorithmFor,
  subjectAltNameExtension,
  subjectKeyIdExtension,
  writeEncryptedPrivateKey,
  writePem,
  writePrivateKey,
  writePublicKey,
} from '../../src/x509/index.ts';
import { keyOf } from '../judges/mint.ts';
import * as any from './x509-values.ts';

const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);
const check = <T>(values: fc.Arbitrary<T>, holds: (value: T) => void, numRuns = 100) =>
  fc.assert(fc.property(values, holds), { seed, numRuns });

const key = keyOf('round trips');
const { identifier } = signatureAlgorithmFor(key.publicKey);
const nobody = makeName([]);

/** A certificate that has these extensions, read from its bytes. */
function withExtensions(...extensions: Extension[]): Certificate {
  const fields = { serial: Uint8Array.of(1), issuer: nobody, subject: nobody, notBefore: 0, notAfter: 0 };
  const tbs = encodeTbsCertificate({
    ...fields,
    signatureAlgorithm: identifier,
    publicKey: key.publicKey,
    extensions,
  });
  return parseCertificate(assembleCertificate(tbs, identifier, Uint8Array.of(0)).der);
}

/** What matters of a name: of a range of addresses that is its octets, the text is made when it is read. */
const essence = (name: GeneralName) =>
  name.kind === 'ip' ? toHex(name.bytes) : name.kind === 'other' ? toHex(name.der) : [name.kind, name.value];
const keyParts = ({ spki, ...rest }: PublicKey) => ({ ...rest, spki: toHex(spki) });
const plain = (extensions: readonly Extension[]) =>
  extensions.map(({ oid, critical, value }) => ({ oid, critical, value: toHex(value) }));

describe(`what is written is read, and what is read is written the same (KUBETLS_SEED=${seed})`, () => {
  it('names', () => {
    check(any.attributes, (attributes) => {
      const read = parseName(makeName(attributes).der);
      const flat = read.rdns.flat().map(({ type, text }) => ({ type, value: text ?? '' }));
      expect(flat.map(({ value }) => value).sort()).toEqual(attributes.map(({ value }) => value).sort());
      expect(toHex(makeName(flat).der)).toBe(toHex(read.der));
    });
  });

  it('general names of every kind', () => {
    check(fc.tuple(fc.array(any.generalName, { minLength: 1 }), fc.boolean()), ([names, critical]) => {
      const extension = subjectAltNameExtension(names, critical);
      const found = withExtensions(extension).subjectAltNames ?? [];
      expect(found.map(essence)).toEqual(names.map(essence));
      expect(plain([subjectAltNameExtension(found, critical)])).toEqual(plain([extension]));
    });
  });

  it.each<[string, fc.Arbitrary<unknown>, (value: never) => Extension, (read: Certificate) => unknown]>([
    ['key usage', any.keyUsage, keyUsageExtension, (read) => read.keyUsage],
    ['extended key usage', any.extendedKeyUsage, extendedKeyUsageExtension, (read) => read.extendedKeyUsage],
    ['basic constraints', any.basicConstraints, basicConstraintsExtension, (read) => read.basicConstraints],
    ['subject key id', any.keyIdentifier, subjectKeyIdExtension, (read) => read.subjectKeyId],
    ['authority key id', any.keyIdentifier, authorityKeyIdExtension, (read) => read.authorityKeyId],
  ])('the extension %s', (_, values, build, valueOf) => {
    check(values, (value) => {
      const extension = build(value as never);
      const found = valueOf(withExtensions(extension));
      expect(found).toEqual(value);
      expect(plain([build(found as never)])).toEqual(plain([extension]));
    });
  });

  it('name constraints', () => {
    check(any.nameConstraints, (value) => {
      const extension = nameConstraintsExtension(value);
      const found = withExtensions(extension).nameConstraints ?? expect.fail('it has none');
      expect(found.critical).toBe(value.critical);
      expect(found.permitted.map(essence)).toEqual(value.permitted.map(essence));
      expect(found.excluded.map(essence)).toEqual(value.excluded.map(essence));
      expect(plain([nameConstraintsExtension(found)])).toEqual(plain([extension]));
    });
  });

  it('whole certificates', () => {
    check(fc.tuple(any.tbsFields, any.signature), ([fields, signature]) => {
      const tbs = encodeTbsCertificate(fields);
      const read = parseCertificate(assembleCertificate(tbs, fields.signatureAlgorithm, signature).der);
      expect(toHex(read.serial)).toBe(toHex(fields.serial));
      expect([read.notBefore, read.notAfter]).toEqual([fields.notBefore, fields.notAfter]);
      expect([toHex(read.issuer.der), toHex(read.subject.der)]).toEqual([
        toHex(fields.issuer.der),
        toHex(fields.subject.der),
      ]);
      expect(keyParts(read.publicKey)).toEqual(keyParts(fields.publicKey));
      expect(plain(read.extensions)).toEqual(plain(fields.extensions));
      expect(toHex(read.signature)).toBe(toHex(signature));
      // Its fields are getters: a spread would not copy them.
      const { serial, issuer, subject, notBefore, notAfter, publicKey, extensions } = read;
      const parts = { serial, issuer, subject, notBefore, notAfter, publicKey, extensions };
      const again = encodeTbsCertificate({ ...parts, signatureAlgorithm: fields.signatureAlgorithm });
      expect(toHex(again)).toBe(toHex(read.tbs));
      expect(toHex(assembleCertificate(read.tbs, fields.signatureAlgorithm, read.signature).der)).toBe(
        toHex(read.der),
      );
    });
  });

  it('requests', () => {
    check(fc.tuple(any.request, any.signature), ([fields, signature]) => {
      const read = parseRequest(assembleRequest(encodeRequestInfo(fields), identifier, signature).der);
      expect(toHex(read.subject.der)).toBe(toHex(fields.subject.der));
      expect(keyParts(read.publicKey)).toEqual(keyParts(fields.publicKey));
      expect(plain(read.extensions)).toEqual(plain(fields.extensions));
      expect(toHex(read.signature)).toBe(toHex(signature));
      const { subject, publicKey, extensions } = read;
      expect(toHex(encodeRequestInfo({ subject, publicKey, extensions }))).toBe(toHex(read.info));
    });
  });

  it.each(['traditional', 'pkcs8'] as const)('private keys as %s', (form) => {
    check(any.privateKey, (value) => {
      const pem = writePrivateKey(value, form).reveal();
      const read = readPrivateKey(pem);
      expect(toHex(read.pkcs8.reveal())).toBe(toHex(value.pkcs8.reveal()));
      expect(keyParts(read.publicKey)).toEqual(keyParts(value.publicKey));
      expect(toHex(writePrivateKey(read, form).reveal())).toBe(toHex(pem));
    });
  });

  it('private keys, encrypted; public keys', () => {
    const octets = fc.uint8Array({ minLength: 64, maxLength: 64 });
    check(fc.tuple(any.privateKey, fc.string({ minLength: 1 }), octets), ([value, words, salt]) => {
      const passphrase = new Secret(utf8(words));
      const random = { bytes: (count: number) => salt.slice(0, count) };
      const write = (which: typeof value) =>
        toHex(writeEncryptedPrivateKey(which, passphrase, random, { iterations: 1 }).reveal());
      const read = readPrivateKey(Buffer.from(write(value), 'hex'), passphrase);
      expect(toHex(read.pkcs8.reveal())).toBe(toHex(value.pkcs8.reveal()));
      expect(write(read)).toBe(write(value));
      const open = readPublicKey(utf8(writePublicKey(value.publicKey)));
      expect(keyParts(open)).toEqual(keyParts(value.publicKey));
      expect(writePublicKey(open)).toBe(writePublicKey(value.publicKey));
    });
  });

  it('PEM, with text around', () => {
    const label = fc.stringMatching(/^[A-Z]{1,9}( [A-Z]{1,9})?$/);
    const around = fc.string().map((line) => `${line.replaceAll(/[-\r\n]/g, '')}\n`);
    const block = fc.tuple(around, label, fc.uint8Array({ maxLength: 200, size: 'max' }));
    check(fc.tuple(fc.array(block), around), ([blocks, end]) => {
      const text = blocks.map(([before, name, bytes]) => before + writePem(name, bytes)).join('') + end;
      const read = readPem(text);
      const lines = text.split('\n');
      expect(read.map(({ label: name, bytes }) => [name, toHex(bytes)])).toEqual(
        blocks.map(([, name, bytes]) => [name, toHex(bytes)]),
      );
      expect(read.every(({ label: name, line }) => lines[line - 1] === `-----BEGIN ${name}-----`)).toBe(true);
      const kept = blocks.map(([, name, bytes]) => writePem(name, bytes)).join('');
      expect(read.map(({ label: name, bytes }) => writePem(name, bytes)).join('')).toBe(kept);
    });
  });
});
