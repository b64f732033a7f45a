import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../test/judges/code-of.ts';
import { utf8 } from '../base/index.ts';
import { Tag } from './der.ts';
import { encode } from './der-encode.ts';
import {
  type PrivateKey,
  readPrivateKey,
  readPublicKey,
  sameKey,
  writeEncryptedPrivateKey,
  writePrivateKey,
  writePublicKey,
} from './index.ts';
import { keyObject } from './keys-object.ts';
import { oidElement } from './oid.ts';
import { secret, random, keys } from './keys.fixture.ts';

describe('keys', () => {
  it.each(keys)('%s: read, named, and made usable', (name, key) => {
    expect(key.publicKey.name).toBe(name);
    expect(keyObject(key).type).toBe('private');
    expect(keyObject(key)).toBe(keyObject(key));
    const derived = keyObject(key.publicKey).export({ format: 'der', type: 'spki' });
    expect(Buffer.from(key.publicKey.spki)).toEqual(derived);
  });

  it.each(keys)('%s: what is written is read again, in every form', (_, key) => {
    for (const form of ['traditional', 'pkcs8'] as const) {
      const again = readPrivateKey(writePrivateKey(key, form).reveal());
      expect(again.pkcs8.reveal()).toEqual(key.pkcs8.reveal());
      expect(sameKey(again.publicKey, key.publicKey)).toBe(true);
    }
    const encrypted = writeEncryptedPrivateKey(key, secret('päss'), random, { iterations: 1000 });
    expect(readPrivateKey(encrypted.reveal(), secret('päss')).pkcs8.reveal()).toEqual(key.pkcs8.reveal());
    expect(readPublicKey(utf8(writePublicKey(key.publicKey)))).toEqual(key.publicKey);
    expect(readPublicKey(key.publicKey.spki)).toEqual(key.publicKey);
  });

  it('keeps the labels of client-go: PKCS#1 and SEC1, and PKCS#8 where there is no other', () => {
    const label = (key: PrivateKey) =>
      Buffer.from(writePrivateKey(key, 'traditional').reveal()).toString().split('\n')[0];
    expect(keys.map(([, key]) => label(key))).toEqual([
      '-----BEGIN RSA PRIVATE KEY-----',
      '-----BEGIN EC PRIVATE KEY-----',
      '-----BEGIN EC PRIVATE KEY-----',
      '-----BEGIN EC PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----',
    ]);
  });

  it('prints nothing of a private key', () => {
    const [, key] = keys[1]!;
    expect(JSON.stringify(key)).not.toContain(
      Buffer.from(key.pkcs8.reveal()).toString('base64').slice(40, 60),
    );
    expect(JSON.stringify(key.pkcs8)).toBe('"[secret]"');
  });
});

describe('keys refused', () => {
  const [, rsa] = keys[0]!;
  const [, ecdsa] = keys[1]!;
  const [, other] = keys[2]!;
  const [, edwards] = keys[4]!;
  const encrypted = writeEncryptedPrivateKey(ecdsa, secret('right'), random, { iterations: 1000 }).reveal();

  it('asks for the passphrase, and says when it is wrong', () => {
    expect(codeOf(() => readPrivateKey(encrypted))).toBe('x509/key-needs-passphrase');
    const outcomes = Array.from({ length: 600 }, (_, i) =>
      codeOf(() => readPrivateKey(encrypted, secret(`wrong ${i}`))),
    );
    expect(new Set(outcomes)).toEqual(new Set(['x509/key-wrong-passphrase']));
  }, 60_000);

  it('names what it found instead of a key', () => {
    const pem = utf8('-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n');
    expect(() => readPrivateKey(pem)).toThrow('expected a private key, found CERTIFICATE');
    expect(() => readPrivateKey(utf8(writePublicKey(rsa.publicKey)))).toThrow(
      'expected a private key, found PUBLIC KEY',
    );
    expect(() => readPrivateKey(rsa.publicKey.spki)).toThrow('expected a private key, found PUBLIC KEY');
    expect(() => readPublicKey(writePrivateKey(rsa, 'traditional').reveal())).toThrow(
      'expected a public key, found RSA PRIVATE KEY',
    );
    expect(codeOf(() => readPrivateKey(utf8('')))).toBe('x509/key-absent');
    expect(codeOf(() => readPrivateKey(Uint8Array.of(0x30, 0)))).toBe('x509/key-absent');
  });

  it('takes the first key of a file with a certificate in front', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n';
    const both = Buffer.concat([Buffer.from(pem), writePrivateKey(rsa, 'traditional').reveal()]);
    expect(sameKey(readPrivateKey(both).publicKey, rsa.publicKey)).toBe(true);
  });

  it.each(keys)('%s: cut anywhere it is refused with a code', (_, key) => {
    const der = key.pkcs8.reveal();
    for (let length = 1; length < der.length; length++) {
      expect(codeOf(() => readPrivateKey(der.subarray(0, length)))).toMatch(/^x509\//);
    }
    expect(codeOf(() => readPrivateKey(Buffer.concat([der, Buffer.alloc(1)])))).toBe('x509/der-trailing');
  });

  it('says where: the line of the block, and the place in its bytes', () => {
    const text = Buffer.from(writePrivateKey(rsa, 'traditional').reveal()).toString();
    const lines = text.split('\n');
    const shortened = ['# a comment', ...lines.slice(0, 3), ...lines.slice(4)].join('\n');
    const failing = () => readPrivateKey(utf8(shortened));
    expect(codeOf(failing)).toBe('x509/der-truncated');
    expect(failing).toThrow(
      expect.objectContaining({ where: { line: 2, offset: 0, path: 'rsaPrivateKey' } }),
    );
  });

  it('finds a public part that is not the private part’s own', () => {
    const foreign = readPrivateKey(
      generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({
        format: 'der',
        type: 'pkcs8',
      }),
    );
    const mixed = Uint8Array.from(ecdsa.pkcs8.reveal());
    mixed.set(foreign.pkcs8.reveal().subarray(-65), mixed.length - 65);
    expect(codeOf(() => readPrivateKey(mixed))).toBe('x509/key-mismatch');

    const second = Buffer.from(rsa.pkcs8.reveal());
    const at = second.length - 20; // inside the CRT coefficient
    second[at] = second[at]! ^ 1;
    expect(codeOf(() => readPrivateKey(second))).toBe('x509/key-mismatch');

    // OneAsymmetricKey with a public key: RFC 8410, 10.3, of which the public key is changed.
    const v2 =
      'MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCoB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=';
    const good = Buffer.from(v2, 'base64');
    expect(readPrivateKey(good).publicKey.name).toBe('ed25519');
    good[good.length - 1] = good.at(-1)! ^ 1;
    expect(codeOf(() => readPrivateKey(good))).toBe('x509/key-mismatch');
    expect(sameKey(edwards.publicKey, other.publicKey)).toBe(false);
  });

  it('refuses scalars out of range and points off the curve', () => {
    const zero = Uint8Array.from(ecdsa.pkcs8.reveal());
    zero.fill(0, zero.length - 102, zero.length - 70);
    expect(codeOf(() => readPrivateKey(zero))).toBe('x509/key-invalid');
    const spki = Uint8Array.from(ecdsa.publicKey.spki);
    spki[spki.length - 1] = spki.at(-1)! ^ 1;
    expect(codeOf(() => readPublicKey(spki))).toBe('x509/public-key');
  });

  it('is not made to work for days', () => {
    const der = Buffer.from(Buffer.from(encrypted).toString().split('\n').slice(1, -2).join(''), 'base64');
    const at = der.indexOf(Buffer.from('020203e8', 'hex'));
    expect(at).toBeGreaterThan(0);
    const hostile = Buffer.concat([
      der.subarray(0, at),
      Buffer.from('02047fffffff', 'hex'),
      der.subarray(at + 4),
    ]);
    // Each SEQUENCE around it grows by two octets.
    for (const [offset] of hostile.entries()) {
      if (offset >= at || hostile[offset] !== 0x30) continue;
      const long = hostile[offset + 1] === 0x81;
      const lengthAt = offset + (long ? 2 : 1);
      const end = lengthAt + 1 + hostile[lengthAt]!;
      if (end > at && end <= der.length) hostile[lengthAt] = hostile[lengthAt]! + 2;
    }
    expect(codeOf(() => readPrivateKey(hostile, secret('right')))).toBe('x509/key-limit');
  });

  it('throws nothing but coded errors, whatever is done to an encrypted key', () => {
    const der = Buffer.from(Buffer.from(encrypted).toString().split('\n').slice(1, -2).join(''), 'base64');
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), (at, to) => {
        const changed = Uint8Array.from(der);
        changed[at] = to;
        expect(codeOf(() => readPrivateKey(changed, secret('right')))).toMatch(/^(none|x509\/.*)$/);
      }),
      { numRuns: 300 },
    );
  });

  it('throws nothing but coded errors, whatever is done to the bytes', () => {
    const seeds = keys.flatMap(([, key]) => [
      key.pkcs8.reveal(),
      key.publicKey.spki,
      writePrivateKey(key, 'traditional').reveal(),
    ]);
    const change = fc.record({ at: fc.nat(), to: fc.nat(255), drop: fc.nat(3) });
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (seed, changes) => {
          let bytes = Buffer.from(seed);
          for (const { at, to, drop } of changes) {
            const place = at % bytes.length;
            bytes[place] = to;
            if (drop === 0) bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)]);
          }
          codeOf(() => keyObject(readPrivateKey(bytes)));
          codeOf(() => keyObject(readPublicKey(bytes)));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

it('refuses a cost of scrypt that scrypt does not have', () => {
  const der = scryptKey(1 << 16, 1);
  expect(codeOf(() => readPrivateKey(der, secret('x')))).toBe('x509/key-invalid');
  // 2^15 is in range: it is opened, and is no key.
  expect(codeOf(() => readPrivateKey(scryptKey(1 << 15, 1), secret('x')))).toBe('x509/key-wrong-passphrase');
});

/** PKCS#8 encrypted under a key from scrypt with these parameters (RFC 7914, 7); what it holds is noise. */
function scryptKey(N: number, r: number): Uint8Array {
  const integer = (value: number) =>
    encode(Tag.integer, Uint8Array.of(0, value >> 16, (value >> 8) & 255, value & 255));
  const salt = encode(Tag.octetString, new Uint8Array(8));
  const kdf = algorithm(
    '1.3.6.1.4.1.11591.4.11',
    encode(Tag.sequence, salt, integer(N), integer(r), integer(1)),
  );
  const cipher = algorithm('2.16.840.1.101.3.4.1.42', encode(Tag.octetString, new Uint8Array(16)));
  const scheme = algorithm('1.2.840.113549.1.5.13', encode(Tag.sequence, kdf, cipher));
  return encode(Tag.sequence, scheme, encode(Tag.octetString, new Uint8Array(32)));
}

function algorithm(oid: string, parameters: Uint8Array): Uint8Array {
  return encode(Tag.sequence, oidElement(oid), parameters);
}
