import { expectedFailure, type Failure, KubetlsError, type Random, Secret, utf8 } from '../base/index.ts';
import { failureAt, type X509Code } from './codes.ts';
import { DerReader, Tag } from './der.ts';
import { curveByName } from './keys-algorithms.ts';
import { ecdsaTraditional, rsaTraditional } from './keys-build.ts';
import { keyError } from './keys-errors.ts';
import { privateKeyFromPkcs8, privateKeyFromSec1 } from './keys-private.ts';
import { privateKeyFromPkcs1 } from './keys-rsa.ts';
import { publicKeyFromSpki } from './keys-public.ts';
import { readPem, writePem } from './pem.ts';
import { decryptPkcs8, encryptPkcs8, wrongPassphrase } from './pkcs8-encrypted.ts';
import type { PemBlock, PrivateKey, PublicKey } from './types.ts';

/** Key files: from PEM or DER to values and back. */

/** What a private key file may hold; the names are PEM's (RFC 7468, 10 to 13; OpenSSL's for the traditional ones). */
type Form = 'PRIVATE KEY' | 'ENCRYPTED PRIVATE KEY' | 'RSA PRIVATE KEY' | 'EC PRIVATE KEY';

const MAX_DER_BYTES = 64 * 1024;

/**
 * The private key in PEM or DER: PKCS#1, SEC1, PKCS#8, or PKCS#8 encrypted by PBES2. Of a PEM text with
 * several blocks (EC PARAMETERS, certificates) the first private key counts, as for client-go's keyutil.
 *
 * @throws KubetlsError of KeyCode, `x509/der-*`, `x509/pem-*`, `x509/too-large`
 */
export function readPrivateKey(bytes: Uint8Array, passphrase?: Secret): PrivateKey {
  if (bytes[0] === Tag.sequence) return privateKeyFromDer(bytes, privateFormOf(bytes), passphrase);
  const block = pemBlock(bytes, isForm, 'private key');
  if (block.headers['Proc-Type']?.includes('ENCRYPTED')) {
    const hint = 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out NEW';
    const message = "the key is encrypted in OpenSSL's old way, by one round of MD5";
    throw keyError('x509/key-unsupported', message, { line: block.line }, hint);
  }
  return inBlock(block, () => privateKeyFromDer(block.bytes, block.label, passphrase));
}

const READERS: Readonly<Record<Form, (der: Uint8Array, passphrase: Secret | undefined) => PrivateKey>> = {
  'PRIVATE KEY': privateKeyFromPkcs8,
  'ENCRYPTED PRIVATE KEY': openEncrypted,
  'RSA PRIVATE KEY': privateKeyFromPkcs1,
  'EC PRIVATE KEY': privateKeyFromSec1,
};

function isForm(label: string): label is Form {
  return Object.hasOwn(READERS, label);
}

function privateKeyFromDer(der: Uint8Array, form: Form, passphrase: Secret | undefined): PrivateKey {
  if (der.length > MAX_DER_BYTES) throw keyError('x509/key-limit', `no private key has ${der.length} bytes`);
  return READERS[form](der, passphrase);
}

function openEncrypted(der: Uint8Array, passphrase: Secret | undefined): PrivateKey {
  if (!passphrase) throw keyError('x509/key-needs-passphrase', 'the private key is encrypted');
  const opened = decryptPkcs8(der, passphrase);
  try {
    return privateKeyFromPkcs8(opened);
  } catch (error) {
    // Bytes that are no DER at all are what a wrong passphrase yields when the padding came out right.
    if (error instanceof KubetlsError && String(error.code).startsWith('x509/der-')) throw wrongPassphrase();
    throw error;
  }
}

/** Tells the private key forms apart by their first elements, and names what else a DER file may hold. */
function privateFormOf(der: Uint8Array): Form {
  const outer = new DerReader(der).enter(Tag.sequence, 'privateKey');
  if (outer.peek() === Tag.integer) {
    outer.skip('privateKey.version');
    if (outer.peek() === Tag.integer) return 'RSA PRIVATE KEY';
    if (outer.peek() === Tag.octetString) return 'EC PRIVATE KEY';
    if (outer.peek() === Tag.sequence) return 'PRIVATE KEY';
  } else if (outer.peek() === Tag.sequence) {
    const first = outer.enter(Tag.sequence, 'privateKey');
    if (first.peek() === Tag.oid && outer.peek() === Tag.octetString) return 'ENCRYPTED PRIVATE KEY';
    if (first.peek() === Tag.oid && outer.peek() === Tag.bitString) throw absent('private key', 'PUBLIC KEY');
    throw absent('private key', 'a certificate, a request or a CRL');
  }
  throw absent('private key', 'something else');
}

/**
 * The public key in PEM or DER: SubjectPublicKeyInfo (`PUBLIC KEY`, such as kubeadm's `sa.pub`).
 *
 * @throws KubetlsError of KeyCode, `x509/der-*`, `x509/pem-*`, `x509/too-large`
 */
export function readPublicKey(bytes: Uint8Array): PublicKey {
  if (bytes[0] === Tag.sequence) return publicKeyFromSpki(bytes);
  const block = pemBlock(bytes, (label) => label === 'PUBLIC KEY', 'public key');
  return inBlock(block, () => publicKeyFromSpki(block.bytes));
}

type Labelled<L> = PemBlock & { readonly label: L };

function pemBlock<L extends string>(
  bytes: Uint8Array,
  isWanted: (label: string) => label is L,
  what: string,
): Labelled<L> {
  const problems: Failure<X509Code>[] = [];
  const blocks = readPem(bytes, problems);
  const block = blocks.find((each): each is Labelled<L> => isWanted(each.label));
  if (block) return block;
  const [problem] = problems;
  if (problem) throw new KubetlsError(problem);
  const [other] = blocks;
  throw absent(what, other?.label ?? 'neither PEM nor DER', other?.line);
}

/** A refusal inside a block also has its line; the offset counts from the block's first octet. */
function inBlock<T>({ line }: PemBlock, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new KubetlsError(failureAt(expectedFailure(error), { line }));
  }
}

function absent(what: string, found: string, line?: number): KubetlsError {
  return keyError(
    'x509/key-absent',
    `expected a ${what}, found ${found}`,
    line === undefined ? undefined : { line },
  );
}

/**
 * PEM of the key. `traditional` is what client-go's MarshalPrivateKeyToPEM and kubeadm write (PKCS#1 for
 * RSA, SEC1 for ECDSA); Ed25519 has no such form and is written as PKCS#8.
 */
export function writePrivateKey(key: PrivateKey, form: 'traditional' | 'pkcs8'): Secret {
  const pkcs8 = key.pkcs8.reveal();
  const { kind, name } = key.publicKey;
  if (form === 'traditional' && kind === 'rsa') return pem('RSA PRIVATE KEY', rsaTraditional(pkcs8));
  const curve = curveByName(name);
  if (form === 'traditional' && curve) return pem('EC PRIVATE KEY', ecdsaTraditional(curve, pkcs8));
  return pem('PRIVATE KEY', pkcs8);
}

/**
 * PEM of the key, encrypted: PBES2 with PBKDF2-HMAC-SHA256 (600,000 iterations unless told) and AES-256-CBC.
 */
export function writeEncryptedPrivateKey(
  key: PrivateKey,
  passphrase: Secret,
  random: Random,
  options: { readonly iterations?: number } = {},
): Secret {
  return pem('ENCRYPTED PRIVATE KEY', encryptPkcs8(key.pkcs8, passphrase, random, options.iterations));
}

/** PEM, `PUBLIC KEY`. */
export function writePublicKey(key: PublicKey): string {
  return writePem('PUBLIC KEY', key.spki);
}

function pem(label: Form, der: Uint8Array): Secret {
  return new Secret(utf8(writePem(label, der)));
}
