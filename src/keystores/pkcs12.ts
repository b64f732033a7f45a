/** PKCS#12 (RFC 7292): certificates and keys in safes, each in the clear or behind the password. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { KubetlsError, Secret } from '../base/index.ts';
import { contextConstructedTag, contextTag, DerReader, readOid, Tag } from '../x509/index.ts';
import {
  type Budget,
  bmpPassword,
  count,
  decryptBag,
  deriveKey,
  spend,
  wrongPassword,
} from './pkcs12-cipher.ts';
import { type Keystore, keystoreError, MOST_ENTRIES } from './types.ts';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const BAGS = '1.2.840.113549.1.12.10.1.';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const X509_CRL = '1.2.840.113549.1.9.23.1';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';

const DIGESTS: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const PATH = 'pkcs12';
const EXPLICIT = contextConstructedTag(0);

/** Whether DER begins like one: a SEQUENCE that begins with version 3. */
export function isPkcs12(bytes: Uint8Array): boolean {
  if (bytes[0] !== Tag.sequence) return false;
  const start = (bytes[1] ?? 0) < 0x80 ? 2 : 2 + ((bytes[1] ?? 0) & 0x7f);
  return start <= 6 && bytes[start] === 2 && bytes[start + 1] === 1 && bytes[start + 2] === 3;
}

/** What an empty or absent password opens, without one. @throws KubetlsError of this room, or `x509/der-*` */
export function readPkcs12(der: Uint8Array, given: Secret | undefined): Keystore {
  try {
    return new Reader(given ?? new Secret(new Uint8Array()), given !== undefined).read(der);
  } catch (error) {
    const isWrong =
      error instanceof KubetlsError &&
      ['keystores/wrong-password', 'x509/key-wrong-passphrase'].includes(error.code as string);
    if (!isWrong) throw error;
    if (given !== undefined) throw wrongPassword();
    throw keystoreError('keystores/needs-password', 'is a PKCS#12 container that a password protects');
  }
}

class Reader {
  readonly #password: Secret;
  readonly #given: boolean;
  readonly #budget: Budget = { rounds: 0 };
  readonly #found = {
    certificates: [] as Keystore['certificates'][number][],
    revocationLists: [] as Uint8Array[],
    keys: [] as Keystore['keys'][number][],
    shut: [] as string[],
  };
  #entries = 0;

  constructor(password: Secret, given: boolean) {
    this.#password = password;
    this.#given = given;
  }

  read(der: Uint8Array): Keystore {
    if (der[1] === 0x80) {
      const hint = 'openssl pkcs12 -in FILE -nodes -out NEW.pem';
      throw keystoreError('keystores/unsupported', 'it is BER of indefinite length, not DER', hint);
    }
    const outer = new DerReader(der);
    const pfx = outer.enter(Tag.sequence, PATH);
    pfx.content(Tag.integer, `${PATH}.version`);
    const safe = pfx.enter(Tag.sequence, `${PATH}.authSafe`);
    if (readOid(safe, `${PATH}.authSafe`) !== DATA) {
      throw keystoreError('keystores/unsupported', 'it is signed by a key instead of a password');
    }
    const content = safe.enter(EXPLICIT, `${PATH}.authSafe`).content(Tag.octetString, `${PATH}.authSafe`);
    if (!pfx.done) this.#checkMac(pfx.enter(Tag.sequence, `${PATH}.macData`), content);
    const safes = new DerReader(content).enter(Tag.sequence, `${PATH}.safes`);
    while (!safes.done) this.#safe(safes.enter(Tag.sequence, `${PATH}.safe`));
    return this.#found;
  }

  /** Without a password only an empty one is tried, which anybody could have written: nobody vouches for it then. */
  #checkMac(mac: DerReader, content: Uint8Array): void {
    const info = mac.enter(Tag.sequence, `${PATH}.mac`);
    const digest = DIGESTS[readOid(info.enter(Tag.sequence, `${PATH}.mac`), `${PATH}.mac`)];
    const expected = info.content(Tag.octetString, `${PATH}.mac`);
    const salt = mac.content(Tag.octetString, `${PATH}.macSalt`);
    const rounds = mac.done ? 1 : count(mac.content(Tag.integer, `${PATH}.iterations`));
    // PBMAC1 (RFC 9579): what it protects is still behind the password.
    if (digest === undefined || !this.#given) return;
    spend(this.#budget, rounds);
    const key = deriveKey(digest, 3, bmpPassword(this.#password), salt, rounds, expected.length);
    const made = createHmac(digest, key).update(content).digest();
    if (made.length !== expected.length || !timingSafeEqual(made, expected)) throw wrongPassword();
  }

  #safe(safe: DerReader): void {
    const kind = readOid(safe, `${PATH}.safe`);
    const content = safe.enter(EXPLICIT, `${PATH}.safe`);
    if (kind === DATA) this.#bags(content.content(Tag.octetString, `${PATH}.safe`));
    else if (kind === ENCRYPTED_DATA)
      this.#bags(this.#decrypted(content.enter(Tag.sequence, `${PATH}.safe`)));
    else
      throw keystoreError('keystores/unsupported', `a part of it is of kind ${kind}, which is not read here`);
  }

  #decrypted(data: DerReader): Uint8Array {
    data.content(Tag.integer, `${PATH}.version`);
    const info = data.enter(Tag.sequence, `${PATH}.encryptedContentInfo`);
    readOid(info, `${PATH}.contentType`);
    const algorithm = info.enter(Tag.sequence, `${PATH}.algorithm`);
    const content = info.content(contextTag(0), `${PATH}.encryptedContent`);
    return decryptBag(algorithm, content, this.#password, this.#budget);
  }

  #bags(der: Uint8Array, depth = 0): void {
    if (depth > 8) throw keystoreError('keystores/limit', 'its safes are nested too deep');
    const bags = new DerReader(der).enter(Tag.sequence, `${PATH}.bags`);
    while (!bags.done) {
      if (++this.#entries > MOST_ENTRIES) throw keystoreError('keystores/limit', 'it has too many entries');
      const bag = bags.enter(Tag.sequence, `${PATH}.bag`);
      const kind = readOid(bag, `${PATH}.bag`);
      const value = bag.enter(EXPLICIT, `${PATH}.bag`);
      const name = bag.done ? undefined : friendlyName(bag.enter(Tag.set, `${PATH}.attributes`));
      this.#bag(kind.startsWith(BAGS) ? kind.slice(BAGS.length) : '', value, name, depth);
    }
  }

  #bag(kind: string, value: DerReader, name: string | undefined, depth: number): void {
    switch (kind) {
      case '1':
        this.#found.keys.push({ pkcs8: new Secret(value.element(Tag.sequence, `${PATH}.key`)), name });
        break;
      case '2': {
        const info = value.enter(Tag.sequence, `${PATH}.key`);
        const algorithm = info.enter(Tag.sequence, `${PATH}.key`);
        const data = info.content(Tag.octetString, `${PATH}.key`);
        const pkcs8 = decryptBag(algorithm, data, this.#password, this.#budget);
        this.#found.keys.push({ pkcs8: new Secret(pkcs8), name });
        break;
      }
      case '3':
      case '4': {
        const inner = value.enter(Tag.sequence, `${PATH}.bag`);
        const type = readOid(inner, `${PATH}.bag`);
        const der = inner.enter(EXPLICIT, `${PATH}.bag`).content(Tag.octetString, `${PATH}.bag`);
        if (type === X509_CERTIFICATE) this.#found.certificates.push({ der, name });
        if (type === X509_CRL) this.#found.revocationLists.push(der);
        break;
      }
      case '6':
        this.#bags(value.element(Tag.sequence, `${PATH}.bags`), depth + 1);
    }
  }
}

function friendlyName(attributes: DerReader): string | undefined {
  while (!attributes.done) {
    const attribute = attributes.enter(Tag.sequence, `${PATH}.attribute`);
    const type = readOid(attribute, `${PATH}.attribute`);
    const values = attribute.enter(Tag.set, `${PATH}.attribute`);
    if (type !== FRIENDLY_NAME) continue;
    const octets = values.content(Tag.bmpString, `${PATH}.friendlyName`);
    if (octets.length % 2 === 0) return Buffer.from(octets).swap16().toString('utf16le');
  }
  return undefined;
}
