import { createCipheriv, createDecipheriv, pbkdf2Sync, scryptSync } from 'node:crypto';
import { asBuffer, KubetlsError, type Random, Secret } from '../base/index.ts';
import { DerReader, Tag } from './der.ts';
import { encode } from './der-encode.ts';
import { keyError } from './keys-errors.ts';
import { readOid, oidElement } from './oid.ts';

/**
 * EncryptedPrivateKeyInfo (RFC 5958, 3) protected by PBES2 (RFC 8018, 6.2; scrypt: RFC 7914, 7).
 * PBES1 and PKCS#12 schemes (DES, RC2, RC4) are refused by name.
 */
const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';
const HMAC_SHA256 = '1.2.840.113549.2.9';
const AES_256_CBC = '2.16.840.1.101.3.4.1.42';

const PSEUDO_RANDOM_FUNCTIONS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  [HMAC_SHA256]: 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

interface Cipher {
  readonly openssl: string;
  readonly keyOctets: number;
  readonly blockOctets: number;
}

const CIPHERS: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': { openssl: 'aes-128-cbc', keyOctets: 16, blockOctets: 16 },
  '2.16.840.1.101.3.4.1.22': { openssl: 'aes-192-cbc', keyOctets: 24, blockOctets: 16 },
  [AES_256_CBC]: { openssl: 'aes-256-cbc', keyOctets: 32, blockOctets: 16 },
  '1.2.840.113549.3.7': { openssl: 'des-ede3-cbc', keyOctets: 24, blockOctets: 8 },
};

/** OWASP's password storage cheat sheet, 2023: PBKDF2-HMAC-SHA256. */
const DEFAULT_ITERATIONS = 600_000;

/** What opening may cost: about 5 s of PBKDF2, or 128 MiB and 5 s of scrypt, on one core of 2024. */
const MAX_ITERATIONS = 10_000_000;
const MAX_SCRYPT_MEMORY = 128 * 1024 * 1024;
const MAX_SCRYPT_WORK = 1024 * 1024 * 1024;

const OPENSSL_HINT = 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out NEW';

type KeyDerivation = (passphrase: Uint8Array, octets: number) => Uint8Array;

/** PrivateKeyInfo in the clear. */
export function decryptPkcs8(der: Uint8Array, passphrase: Secret): Uint8Array {
  const outer = new DerReader(der);
  const info = outer.enter(Tag.sequence, 'encryptedPrivateKeyInfo');
  outer.finish('encryptedPrivateKeyInfo');
  const path = 'encryptedPrivateKeyInfo.encryptionAlgorithm';
  const scheme = info.enter(Tag.sequence, path);
  const data = info.content(Tag.octetString, 'encryptedPrivateKeyInfo.encryptedData');
  info.finish('encryptedPrivateKeyInfo');
  const oid = readOid(scheme, path);
  if (oid !== PBES2) throw unsupported(`the key is protected by ${oid}, which is not PBES2`, path);
  return decryptPbes2(scheme, data, passphrase, path);
}

/** What PBES2 protects. `scheme` stands behind the OID, at the parameters. */
export function decryptPbes2(
  scheme: DerReader,
  data: Uint8Array,
  passphrase: Secret,
  path: string,
): Uint8Array {
  const parameters = scheme.enter(Tag.sequence, path);
  scheme.finish(path);
  const derive = readKeyDerivation(parameters.enter(Tag.sequence, `${path}.keyDerivationFunc`));
  const { cipher, iv } = readCipher(parameters.enter(Tag.sequence, `${path}.encryptionScheme`));
  parameters.finish(path);
  const decipher = createDecipheriv(cipher.openssl, derive(passphrase.reveal(), cipher.keyOctets), iv);
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    throw wrongPassphrase();
  }
}

/** Padding is the only check that CBC has; one wrong passphrase in 256 is found out only by what it yields. */
export function wrongPassphrase(): KubetlsError {
  return keyError('x509/key-wrong-passphrase', 'the passphrase does not open the private key');
}

function readKeyDerivation(kdf: DerReader): KeyDerivation {
  const path = 'encryptedPrivateKeyInfo.encryptionAlgorithm.keyDerivationFunc';
  const oid = readOid(kdf, path);
  const parameters = kdf.enter(Tag.sequence, path);
  kdf.finish(path);
  if (oid === PBKDF2) return readPbkdf2(parameters, path);
  if (oid === SCRYPT) return readScrypt(parameters, path);
  throw unsupported(`the key is protected by key derivation ${oid}`, path);
}

function readPbkdf2(parameters: DerReader, path: string): KeyDerivation {
  const salt = parameters.content(Tag.octetString, `${path}.salt`);
  const iterations = readCount(parameters, `${path}.iterationCount`, MAX_ITERATIONS);
  if (parameters.peek() === Tag.integer) parameters.any(`${path}.keyLength`);
  let digest = 'sha1';
  if (!parameters.done) {
    const prf = parameters.enter(Tag.sequence, `${path}.prf`);
    const oid = readOid(prf, `${path}.prf`);
    const known = PSEUDO_RANDOM_FUNCTIONS[oid];
    if (known === undefined) throw unsupported(`PBKDF2 with ${oid} is not read`, `${path}.prf`);
    digest = known;
  }
  parameters.finish(path);
  return (passphrase, octets) => pbkdf2Sync(passphrase, salt, iterations, octets, digest);
}

function readScrypt(parameters: DerReader, path: string): KeyDerivation {
  const salt = parameters.content(Tag.octetString, `${path}.salt`);
  const N = readCount(parameters, `${path}.costParameter`, MAX_SCRYPT_MEMORY);
  const r = readCount(parameters, `${path}.blockSize`, MAX_SCRYPT_MEMORY);
  const p = readCount(parameters, `${path}.parallelizationParameter`, MAX_SCRYPT_WORK);
  if (!parameters.done) parameters.content(Tag.integer, `${path}.keyLength`);
  parameters.finish(path);
  const memory = 128 * r * (N + p);
  if (memory > MAX_SCRYPT_MEMORY || 128 * N * r * p > MAX_SCRYPT_WORK) throw tooCostly(path);
  // RFC 7914, 2: N is below 2^(128 * r / 8), and OpenSSL takes no other.
  if (N < 2 || (N & (N - 1)) !== 0 || Math.log2(N) >= 16 * r) {
    const message = 'the cost parameter of scrypt is no power of two in its range';
    throw keyError('x509/key-invalid', message, { path });
  }
  return (passphrase, octets) =>
    scryptSync(passphrase, salt, octets, { N, r, p, maxmem: 2 * MAX_SCRYPT_MEMORY });
}

function readCipher(scheme: DerReader): { cipher: Cipher; iv: Uint8Array } {
  const path = 'encryptedPrivateKeyInfo.encryptionAlgorithm.encryptionScheme';
  const oid = readOid(scheme, path);
  const cipher = CIPHERS[oid];
  if (!cipher) throw unsupported(`the key is encrypted with ${oid}`, path);
  const iv = scheme.content(Tag.octetString, path);
  scheme.finish(path);
  if (iv.length !== cipher.blockOctets) {
    throw keyError('x509/key-invalid', 'the initialisation vector is not one block long', { path });
  }
  return { cipher, iv };
}

function readCount(reader: DerReader, path: string, limit: number): number {
  const at = reader.at;
  const content = reader.content(Tag.integer, path);
  if (content.length === 0 || content[0]! >= 0x80) {
    reader.fail('x509/der-value', 'not a positive INTEGER', path, at);
  }
  if (content.length > 5) throw tooCostly(path);
  const value = asBuffer(content).readUIntBE(0, content.length);
  if (value > limit) throw tooCostly(path);
  if (value === 0) reader.fail('x509/der-value', 'not a positive INTEGER', path, at);
  return value;
}

function tooCostly(path: string): KubetlsError {
  return keyError('x509/key-limit', 'opening the key would cost more time or memory than any honest key', {
    path,
  });
}

function unsupported(message: string, path: string): KubetlsError {
  return keyError('x509/key-unsupported', message, { path }, OPENSSL_HINT);
}

/** EncryptedPrivateKeyInfo: PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC. */
export function encryptPkcs8(
  pkcs8: Secret,
  passphrase: Secret,
  random: Random,
  iterations = DEFAULT_ITERATIONS,
): Uint8Array {
  const salt = random.bytes(16);
  const iv = random.bytes(16);
  const key = pbkdf2Sync(passphrase.reveal(), salt, iterations, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const data = Buffer.concat([cipher.update(pkcs8.reveal()), cipher.final()]);
  const kdf = algorithm(
    PBKDF2,
    encode(
      Tag.sequence,
      encode(Tag.octetString, salt),
      encode(Tag.integer, unsigned(iterations)),
      algorithm(HMAC_SHA256, Uint8Array.of(Tag.null, 0)),
    ),
  );
  const encryption = algorithm(AES_256_CBC, encode(Tag.octetString, iv));
  const scheme = algorithm(PBES2, encode(Tag.sequence, kdf, encryption));
  return encode(Tag.sequence, scheme, encode(Tag.octetString, data));
}

function algorithm(oid: string, parameters: Uint8Array): Uint8Array {
  return encode(Tag.sequence, oidElement(oid), parameters);
}

/** Content octets of a positive INTEGER below 2^47. */
function unsigned(value: number): Uint8Array {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even, 'hex');
}
