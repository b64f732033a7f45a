import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hasOpenssl, openssl } from '../../test/judges/openssl.ts';
import type { Random } from '../base/index.ts';
import { KEY_ALGORITHMS, readPrivateKey, sameKey, writePrivateKey } from '../x509/index.ts';
import { systemKeys, systemRandom } from './system-keys.ts';

const keys = systemKeys();

describe('systemKeys', () => {
  it.each(KEY_ALGORITHMS)(
    '%s: node and our own reader take both halves, and they belong together',
    (algorithm) => {
      const key = keys.generate(algorithm);
      expect(key.publicKey.name).toBe(algorithm);
      const object = createPrivateKey({ key: Buffer.from(key.pkcs8.reveal()), format: 'der', type: 'pkcs8' });
      const spki = createPublicKey(object).export({ format: 'der', type: 'spki' });
      expect(Buffer.from(key.publicKey.spki)).toEqual(spki);
      const again = readPrivateKey(key.pkcs8.reveal());
      expect(again.pkcs8.reveal()).toEqual(new Uint8Array(key.pkcs8.reveal()));
      expect(sameKey(again.publicKey, key.publicKey)).toBe(true);
    },
  );

  it.each(['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521'] as const)(
    '%s: the same draws give the same key',
    (algorithm) => {
      const counted = (): Random => ({ bytes: (count) => new Uint8Array(count).fill(count) });
      const [a, b] = [systemKeys(counted()), systemKeys(counted())].map((source) =>
        source.generate(algorithm),
      );
      expect(a?.pkcs8.reveal()).toEqual(b?.pkcs8.reveal());
      expect(systemKeys().generate(algorithm).pkcs8.reveal()).not.toEqual(a?.pkcs8.reveal());
    },
  );

  it('a number that is none of the curve is drawn again, and a source of nothing else is told', () => {
    const draws = [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(32).fill(1)];
    const key = systemKeys({ bytes: () => draws.shift()! }).generate('ecdsa-p256');
    expect(readPrivateKey(key.pkcs8.reveal()).publicKey.spki).toEqual(key.publicKey.spki);
    expect(draws).toEqual([]);
    const zeros = systemKeys({ bytes: (count) => new Uint8Array(count) });
    expect(() => zeros.generate('ecdsa-p256')).toThrow('the source of randomness is broken');
  });

  it('gives keys of their own: hundreds in a row, each whole after the next was made', () => {
    const many = Array.from({ length: 600 }, () => keys.generate('ecdsa-p256'));
    expect(new Set(many.map((key) => Buffer.from(key.pkcs8.reveal()).toString('hex'))).size).toBe(600);
    const bytes = Buffer.from('signed');
    for (const { pkcs8, publicKey } of many) {
      const signature = sign(
        'sha256',
        bytes,
        createPrivateKey({ key: Buffer.from(pkcs8.reveal()), format: 'der', type: 'pkcs8' }),
      );
      const object = createPublicKey({ key: Buffer.from(publicKey.spki), format: 'der', type: 'spki' });
      expect(verify('sha256', bytes, object, signature)).toBe(true);
    }
    // One scalar in 256 has a leading zero octet, which OpenSSL drops and DER must keep.
    expect(new Set(many.map(({ pkcs8 }) => pkcs8.reveal().length))).toEqual(new Set([138]));
  });

  it.skipIf(!hasOpenssl())('openssl pkey -check takes them (needs openssl)', () => {
    for (const algorithm of ['rsa-2048', 'ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521'] as const) {
      const pem = writePrivateKey(keys.generate(algorithm), 'traditional').reveal();
      expect(openssl(['pkey', '-check', '-noout'], pem).toString()).toContain('Key is valid');
    }
  });
});

describe('systemRandom', () => {
  it('gives as many bytes as are asked for, never the same ones', () => {
    const random = systemRandom();
    const drawn = Array.from({ length: 2000 }, () => random.bytes(16));
    expect(drawn.every((bytes) => bytes.length === 16)).toBe(true);
    expect(new Set(drawn.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(2000);
    expect([0, 1, 255, 256, 257, 4096, 100_000].map((count) => random.bytes(count).length)).toEqual([
      0, 1, 255, 256, 257, 4096, 100_000,
    ]);
    expect(new Set(random.bytes(10_000)).size).toBe(256);
  });

  it('keeps nothing of what it gave away, and gives memory of its own', () => {
    const random = systemRandom();
    const first = random.bytes(32);
    const copy = Uint8Array.from(first);
    random.bytes(4000);
    expect(first).toEqual(copy);
    expect(first.buffer.byteLength).toBe(32);
  });
});
