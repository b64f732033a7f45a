import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KubetlsError } from '../base/index.ts';
import {
  checkSignature,
  type PublicKey,
  publicKeyFromSpki,
  readPrivateKey,
  signatureAlgorithm,
  signatureAlgorithmFor,
  signatureAlgorithmName,
  signBytes,
} from './index.ts';

const spkiOf = (key: KeyObject): PublicKey => publicKeyFromSpki(key.export({ format: 'der', type: 'spki' }));

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const P256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const P384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
const P521 = generateKeyPairSync('ec', { namedCurve: 'secp521r1' });
const ED = generateKeyPairSync('ed25519');

const BYTES = Buffer.from('to be signed');
const NULL = Uint8Array.of(5, 0);

describe('signatures that we make', () => {
  // DER by hand, from RFC 8017 (A.2), RFC 5758 (3.2) and RFC 8410 (3).
  it.each([
    ['rsa-2048', RSA, '1.2.840.113549.1.1.11', '300d06092a864886f70d01010b0500'],
    ['P-256', P256, '1.2.840.10045.4.3.2', '300a06082a8648ce3d040302'],
    ['P-384', P384, '1.2.840.10045.4.3.3', '300a06082a8648ce3d040303'],
    ['P-521', P521, '1.2.840.10045.4.3.4', '300a06082a8648ce3d040304'],
    ['Ed25519', ED, '1.3.101.112', '300506032b6570'],
  ] as const)('%s: Go’s default algorithm, and good', (_, pair, oid, identifier) => {
    const key = readPrivateKey(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
    const algorithm = signatureAlgorithmFor(key.publicKey);
    expect(algorithm.oid).toBe(oid);
    expect(Buffer.from(algorithm.identifier).toString('hex')).toBe(identifier);
    const signature = signBytes(key, BYTES);
    expect(checkSignature(key.publicKey, oid, undefined, BYTES, signature)).toBe('ok');
    expect(checkSignature(key.publicKey, oid, undefined, Buffer.from('else'), signature)).toBe('invalid');
    expect(checkSignature(key.publicKey, oid, undefined, BYTES, signature.subarray(1))).toBe('invalid');
    expect(checkSignature(key.publicKey, oid, undefined, BYTES, new Uint8Array())).toBe('invalid');
  });

  it('are not made with a key of unknown kind', () => {
    const key = { ...spkiOf(P256.publicKey), kind: 'unknown' as const };
    expect(() => signatureAlgorithmFor(key)).toThrow(KubetlsError);
  });
});

describe('checkSignature', () => {
  const rsa = spkiOf(RSA.publicKey);
  const ecdsa = spkiOf(P256.publicKey);

  it('takes any good hash with any key of its kind', () => {
    const cases = [
      ['sha384', '1.2.840.113549.1.1.12', RSA, rsa],
      ['sha512', '1.2.840.113549.1.1.13', RSA, rsa],
      ['sha384', '1.2.840.10045.4.3.3', P256, ecdsa],
      ['sha512', '1.2.840.10045.4.3.4', P256, ecdsa],
    ] as const;
    for (const [hash, oid, pair, key] of cases) {
      expect(checkSignature(key, oid, NULL, BYTES, sign(hash, BYTES, pair.privateKey))).toBe('ok');
    }
  });

  it('refuses what Go calls insecure, though the signature be good', () => {
    const sha1 = sign('sha1', BYTES, RSA.privateKey);
    expect(checkSignature(rsa, '1.2.840.113549.1.1.5', NULL, BYTES, sha1)).toBe('insecure');
    expect(checkSignature(rsa, '1.2.840.113549.1.1.4', NULL, BYTES, sign('md5', BYTES, RSA.privateKey))).toBe(
      'insecure',
    );
    expect(
      checkSignature(ecdsa, '1.2.840.10045.4.1', undefined, BYTES, sign('sha1', BYTES, P256.privateKey)),
    ).toBe('insecure');
    const short = generateKeyPairSync('rsa', { modulusLength: 1016 });
    const good = sign('sha256', BYTES, short.privateKey);
    expect(checkSignature(spkiOf(short.publicKey), '1.2.840.113549.1.1.11', NULL, BYTES, good)).toBe(
      'insecure',
    );
  });

  it('does not know what Go does not know', () => {
    expect(checkSignature(rsa, '1.2.840.113549.1.1.2', NULL, BYTES, BYTES)).toBe('unsupported'); // MD2
    expect(checkSignature(rsa, '1.2.840.113549.1.1.14', NULL, BYTES, BYTES)).toBe('unsupported'); // SHA-224
    expect(checkSignature(rsa, '2.16.840.1.101.3.4.3.2', undefined, BYTES, BYTES)).toBe('unsupported'); // DSA
    expect(signatureAlgorithm('1.3.101.112', NULL)).toBeUndefined();
    const x25519 = spkiOf(generateKeyPairSync('x25519').publicKey);
    expect(checkSignature(x25519, '1.3.101.112', undefined, BYTES, BYTES)).toBe('unsupported');
  });

  it('does not take an algorithm for a key of another kind', () => {
    const signature = sign('sha256', BYTES, RSA.privateKey);
    expect(checkSignature(ecdsa, '1.2.840.113549.1.1.11', NULL, BYTES, signature)).toBe('invalid');
    expect(checkSignature(rsa, '1.2.840.10045.4.3.2', undefined, BYTES, signature)).toBe('invalid');
    expect(checkSignature(rsa, '1.3.101.112', undefined, BYTES, signature)).toBe('invalid');
  });

  it('gives invalid for a key that is none', () => {
    const spki = Uint8Array.from(ecdsa.spki);
    spki[spki.length - 1] = spki.at(-1)! ^ 1;
    const broken: PublicKey = { ...ecdsa, spki };
    const signature = sign('sha256', BYTES, P256.privateKey);
    expect(checkSignature(broken, '1.2.840.10045.4.3.2', undefined, BYTES, signature)).toBe('invalid');
  });
});

describe('RSA-PSS', () => {
  const key = spkiOf(RSA.publicKey);
  const OID = '1.2.840.113549.1.1.10';
  const HASH_OIDS = { sha256: 1, sha384: 2, sha512: 3 } as const;
  type Hash = keyof typeof HASH_OIDS;

  /** RSASSA-PSS-params as OpenSSL writes them, by hand. */
  function parameters(hash: Hash, saltLength: number, mask: Hash = hash, trailer = ''): Uint8Array {
    const algorithm = (of: Hash) => `300d060960864801650304020${HASH_OIDS[of]}0500`;
    const salt =
      saltLength < 128
        ? `a2030201${saltLength.toString(16).padStart(2, '0')}`
        : `a20402020${saltLength.toString(16)}`;
    const content = `a00f${algorithm(hash)}a11c301a06092a864886f70d010108${algorithm(mask)}${salt}${trailer}`;
    return Buffer.from(`30${(content.length / 2).toString(16)}${content}`, 'hex');
  }
  const pss = (hash: Hash, saltLength: number) =>
    sign(hash, BYTES, { key: RSA.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

  it('a signature without its leading zero is none, as to Go; OpenSSL takes it', () => {
    let whole = pss('sha256', 32);
    // One in 256 begins so.
    while (whole[0] !== 0) whole = pss('sha256', 32);
    const checked = (signature: Uint8Array) =>
      checkSignature(key, OID, parameters('sha256', 32), BYTES, signature);
    expect(checked(whole)).toBe('ok');
    expect(checked(whole.subarray(1))).toBe('invalid');
  });

  it.each([
    ['sha256', 32],
    ['sha384', 48],
    ['sha512', 64],
  ] as const)('%s with a salt as long as the hash', (hash, saltLength) => {
    expect(createHash(hash).digest()).toHaveLength(saltLength);
    expect(signatureAlgorithmName(OID, parameters(hash, saltLength))).toBe(`${hash.toUpperCase()}-RSAPSS`);
    expect(checkSignature(key, OID, parameters(hash, saltLength), BYTES, pss(hash, saltLength))).toBe('ok');
    expect(
      checkSignature(
        key,
        OID,
        parameters(hash, saltLength, hash, 'a303020101'),
        BYTES,
        pss(hash, saltLength),
      ),
    ).toBe('ok');
    // The parameters tell the truth about the salt, or the signature is void: node's default would take it.
    expect(checkSignature(key, OID, parameters(hash, saltLength), BYTES, pss(hash, 20))).toBe('invalid');
  });

  it('every other option is unknown to Go', () => {
    const others = [
      undefined,
      NULL,
      Uint8Array.of(0x30, 0),
      parameters('sha256', 20),
      parameters('sha256', 32, 'sha384'),
      parameters('sha256', 32, 'sha256', 'a303020102'),
      parameters('sha256', 32).subarray(1),
    ];
    for (const other of others) {
      expect(checkSignature(key, OID, other, BYTES, pss('sha256', 32))).toBe('unsupported');
    }
    expect(signatureAlgorithmName(OID, NULL)).toBe(OID);
  });
});
