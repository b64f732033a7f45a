/** How PKCS#12 protects things by a password: RFC 7292, appendix B and C; PBES2 as everywhere. */
import { createDecipheriv, hash } from 'node:crypto';
import { concatBytes, type Secret } from '../base/index.ts';
import { decryptPbes2, DerReader, readOid, Tag } from '../x509/index.ts';
import { decryptRc2Cbc } from './rc2.ts';
import { keystoreError } from './types.ts';

/** openssl, keytool and Windows use 2,000 to 10,000 rounds for each thing; this is some 0.3 s of one core, for a file. */
const MOST_ROUNDS = 250_000;

/** What opening a file has cost so far. */
export interface Budget {
  rounds: number;
}

interface OldScheme {
  readonly cipher: 'des-ede3-cbc' | 'des-ede-cbc' | 'rc2-cbc';
  readonly keyOctets: number;
}

const PBES2 = '1.2.840.113549.1.5.13';

const OLD_SCHEMES: Readonly<Record<string, OldScheme>> = {
  '1.2.840.113549.1.12.1.3': { cipher: 'des-ede3-cbc', keyOctets: 24 },
  '1.2.840.113549.1.12.1.4': { cipher: 'des-ede-cbc', keyOctets: 16 },
  '1.2.840.113549.1.12.1.5': { cipher: 'rc2-cbc', keyOctets: 16 },
  '1.2.840.113549.1.12.1.6': { cipher: 'rc2-cbc', keyOctets: 5 },
};

/**
 * What is in it: one SEQUENCE, keys as well as bags. A wrong password shows by the padding, and once in 256 only
 * by what comes out.
 *
 * @throws KubetlsError
 */
export function decryptBag(
  algorithm: DerReader,
  data: Uint8Array,
  password: Secret,
  budget: Budget,
): Uint8Array {
  const plain = decrypted(algorithm, data, password, budget);
  if (!isOneSequence(plain)) throw wrongPassword();
  return plain;
}

function isOneSequence(plain: Uint8Array): boolean {
  try {
    const reader = new DerReader(plain);
    reader.enter(Tag.sequence, 'pkcs12');
    return reader.done;
  } catch {
    return false;
  }
}

function decrypted(algorithm: DerReader, data: Uint8Array, password: Secret, budget: Budget): Uint8Array {
  const oid = readOid(algorithm, 'pkcs12.algorithm');
  if (oid === PBES2) return decryptPbes2(algorithm, data, password, 'pkcs12.algorithm');
  const scheme = OLD_SCHEMES[oid];
  if (!scheme)
    throw keystoreError('keystores/unsupported', `it is protected by ${oid}, which is not read here`);
  const { salt, rounds } = saltAndRounds(algorithm.enter(Tag.sequence, 'pkcs12.algorithm'));
  spend(budget, 2 * rounds);
  const secret = bmpPassword(password);
  const key = deriveKey('sha1', 1, secret, salt, rounds, scheme.keyOctets);
  const iv = deriveKey('sha1', 2, secret, salt, rounds, 8);
  const plain =
    scheme.cipher === 'rc2-cbc' ? decryptRc2Cbc(key, iv, data) : decryptDes(scheme, key, iv, data);
  if (!plain) throw wrongPassword();
  return plain;
}

function decryptDes(
  { cipher }: OldScheme,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array | undefined {
  // Two keys are three of which the first comes twice: Node has only the cipher of three.
  const three = cipher === 'des-ede-cbc' ? concatBytes([key, key.subarray(0, 8)]) : key;
  const decipher = createDecipheriv('des-ede3-cbc', three, iv);
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    return undefined;
  }
}

export function wrongPassword(): Error {
  return keystoreError('keystores/wrong-password', 'the password does not open it');
}

function saltAndRounds(parameters: DerReader): { salt: Uint8Array; rounds: number } {
  const salt = parameters.content(Tag.octetString, 'pkcs12.salt');
  const rounds = count(parameters.content(Tag.integer, 'pkcs12.iterations'));
  parameters.finish('pkcs12.algorithm');
  return { salt, rounds };
}

/** A positive INTEGER that is no larger than anything costs. */
export function count(content: Uint8Array): number {
  const value = content.reduce((sum, octet) => sum * 256 + octet, 0);
  if (content.length > 4 || value < 1 || (content[0] ?? 0) >= 0x80) throw tooCostly();
  return value;
}

export function spend(budget: Budget, rounds: number): void {
  budget.rounds += rounds;
  if (budget.rounds > MOST_ROUNDS) throw tooCostly();
}

function tooCostly(): Error {
  return keystoreError('keystores/limit', 'opening it would cost more time than any honest one');
}

/** B.1: UTF-16, big endian, with a zero at the end. */
export function bmpPassword(password: Secret): Uint8Array {
  const text = Buffer.from(password.reveal()).toString('utf8');
  return Buffer.from(`${text}\0`, 'utf16le').swap16();
}

const BLOCK: Readonly<Record<string, number>> = {
  sha1: 64,
  sha224: 64,
  sha256: 64,
  sha384: 128,
  sha512: 128,
};

/** B.2. `purpose`: 1 a key, 2 an initialisation vector, 3 a MAC key. */
export function deriveKey(
  digest: string,
  purpose: number,
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  octets: number,
): Uint8Array {
  const block = BLOCK[digest] ?? 64;
  const input = concatBytes([filled(salt, block), filled(password, block)]);
  const id = new Uint8Array(block).fill(purpose);
  const parts: Uint8Array[] = [];
  for (let length = 0; length < octets; ) {
    let value: Uint8Array = hash(digest, concatBytes([id, input]), 'buffer');
    for (let round = 1; round < rounds; round++) value = hash(digest, value, 'buffer');
    parts.push(value);
    length += value.length;
    addToBlocks(input, filled(value, block, 1), block);
  }
  return concatBytes(parts).subarray(0, octets);
}

/** Repeated to whole blocks; an empty one stays empty. */
function filled(bytes: Uint8Array, block: number, blocks = Math.ceil(bytes.length / block)): Uint8Array {
  return Uint8Array.from({ length: blocks * block }, (_, i) => bytes[i % bytes.length]!);
}

/** Each block of the input plus this one plus 1, modulo 2 to the width of a block. */
function addToBlocks(input: Uint8Array, value: Uint8Array, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i--) {
      carry += input[start + i]! + value[i]!;
      input[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
