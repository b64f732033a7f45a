/**
 * Java's own keystores (JKS), and their younger form (JCEKS) as far as certificates go, which stand in the clear
 * in both: sun.security.provider.JavaKeyStore and KeyProtector of OpenJDK.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { concatBytes, equalBytes, Secret, toHex } from '../base/index.ts';
import { DerReader, readOid, Tag } from '../x509/index.ts';
import { wrongPassword } from './pkcs12-cipher.ts';
import { type Keystore, keystoreError, MOST_ENTRIES } from './types.ts';

const JKS = 'feedfeed';
const JCEKS = 'cececece';
const SHA1_OCTETS = 20;
/** 1.3.6.1.4.1.42.2.17.1.1: a key under SHA-1 in a chain. */
const JKS_PROTECTION = '1.3.6.1.4.1.42.2.17.1.1';

export function isJavaKeystore(bytes: Uint8Array): boolean {
  return [JKS, JCEKS].includes(toHex(bytes.subarray(0, 4)));
}

/** Without a password the certificates alone. @throws KubetlsError of this room */
export function readJavaKeystore(bytes: Uint8Array, given: Secret | undefined): Keystore {
  const password = given && javaPassword(given);
  if (password && !isIntact(bytes, password)) throw wrongPassword();
  const cursor = new Cursor(bytes.subarray(0, -SHA1_OCTETS));
  const isJks = toHex(cursor.take(4)) === JKS;
  const version = cursor.number(4);
  if (version !== 1 && version !== 2) throw damaged();
  const found = {
    certificates: [] as Keystore['certificates'][number][],
    revocationLists: [],
    keys: [] as Keystore['keys'][number][],
    shut: [] as string[],
  };
  const certificate = (name: string) => {
    const type = version === 2 ? cursor.text() : 'X.509';
    const der = cursor.take(cursor.number(4));
    if (type === 'X.509') found.certificates.push({ der, name });
  };
  for (let left = cursor.number(4); left > 0; left--) {
    if (found.certificates.length > MOST_ENTRIES)
      throw keystoreError('keystores/limit', 'it has too many entries');
    const tag = cursor.number(4);
    const name = cursor.text();
    cursor.take(8);
    if (tag === 1) {
      const pkcs8 = password && isJks ? unprotected(cursor.take(cursor.number(4)), password) : undefined;
      if (!(password && isJks)) cursor.take(cursor.number(4));
      if (pkcs8) found.keys.push({ pkcs8: new Secret(pkcs8), name });
      else found.shut.push(name);
      for (let chain = cursor.number(4); chain > 0; chain--) certificate(name);
    } else if (tag === 2) certificate(name);
    // A secret key of JCEKS is a Java object, of whatever length: nothing behind it can be found.
    else throw keystoreError('keystores/unsupported', 'it holds more than certificates and their keys');
  }
  return found;
}

/** SHA-1 over the password, a phrase, and all that goes before (JavaKeyStore.getPreKeyedHash). */
function isIntact(bytes: Uint8Array, password: Uint8Array): boolean {
  if (bytes.length < SHA1_OCTETS) throw damaged();
  const body = bytes.subarray(0, -SHA1_OCTETS);
  const made = hash('sha1', concatBytes([password, Buffer.from('Mighty Aphrodite'), body]), 'buffer');
  return timingSafeEqual(made, bytes.subarray(-SHA1_OCTETS));
}

/** KeyProtector.recover: a salt, the key under a chain of digests, and a digest of the key. */
function unprotected(der: Uint8Array, password: Uint8Array): Uint8Array | undefined {
  const info = new DerReader(der).enter(Tag.sequence, 'jks.key');
  if (readOid(info.enter(Tag.sequence, 'jks.key'), 'jks.key') !== JKS_PROTECTION) return undefined;
  const data = info.content(Tag.octetString, 'jks.key');
  if (data.length <= 2 * SHA1_OCTETS) throw damaged();
  const body = data.subarray(SHA1_OCTETS, -SHA1_OCTETS);
  const plain = new Uint8Array(body.length);
  let pad: Uint8Array = data.subarray(0, SHA1_OCTETS);
  for (let at = 0; at < body.length; at += SHA1_OCTETS) {
    pad = hash('sha1', concatBytes([password, pad]), 'buffer');
    for (let i = at; i < Math.min(at + SHA1_OCTETS, body.length); i++) plain[i] = body[i]! ^ pad[i - at]!;
  }
  const check = hash('sha1', concatBytes([password, plain]), 'buffer');
  return equalBytes(check, data.subarray(-SHA1_OCTETS)) ? plain : undefined;
}

/** UTF-16, big endian. */
function javaPassword(password: Secret): Uint8Array {
  return Buffer.from(Buffer.from(password.reveal()).toString('utf8'), 'utf16le').swap16();
}

class Cursor {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw damaged();
    return this.#bytes.subarray(start, this.#at);
  }

  number(octets: number): number {
    return this.take(octets).reduce((sum, octet) => sum * 256 + octet, 0);
  }

  /** DataOutputStream.writeUTF, which is UTF-8 but for what no name has. */
  text(): string {
    return Buffer.from(this.take(this.number(2))).toString('utf8');
  }
}

function damaged(): Error {
  return keystoreError('keystores/damaged', 'is cut off, or no Java keystore');
}
