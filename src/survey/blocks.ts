/** One PEM block by its label. */
import type { Secret } from '../base/index.ts';
import {
  parseCertificate,
  parseRequest,
  parseRevocationList,
  type PemBlock,
  readPrivateKey,
  readPublicKey,
  writePem,
} from '../x509/index.ts';
import { type Gathered, problem } from './gathered.ts';

type Reader = (bytes: Uint8Array, found: Gathered, place: string | undefined) => void;

export const readers = {
  CERTIFICATE: (bytes, found, place) => found.certificates.push({ value: parseCertificate(bytes), place }),
  'CERTIFICATE REQUEST': (bytes, found, place) => found.requests.push({ value: parseRequest(bytes), place }),
  'NEW CERTIFICATE REQUEST': (bytes, found, place) =>
    found.requests.push({ value: parseRequest(bytes), place }),
  'X509 CRL': (bytes, found, place) =>
    found.revocationLists.push({ value: parseRevocationList(bytes), place }),
  'PUBLIC KEY': (bytes, found, place) =>
    found.keys.push({
      value: readPublicKey(Buffer.from(writePem('PUBLIC KEY', bytes))),
      place,
      private: false,
    }),
  // What goes before an EC key; it says nothing that the key does not.
  'EC PARAMETERS': () => {},
} as const satisfies Readonly<Record<string, Reader>>;

/** Kinds of blocks that are not read, and what reads them. */
const elsewhere: Readonly<Record<string, string>> = {
  PKCS7: 'openssl pkcs7 -print_certs -in FILE | kubetls inspect -',
  'TRUSTED CERTIFICATE': 'openssl x509 -in FILE | kubetls inspect -',
};

export function readBlock(
  block: PemBlock,
  found: Gathered,
  place: string | undefined,
  password?: Secret,
): void {
  const { label, bytes, headers, line } = block;
  const encrypted = label === 'ENCRYPTED PRIVATE KEY' || headers['Proc-Type']?.includes('ENCRYPTED');
  const reader = ownEntry<Reader>(readers, label);
  const where = { where: { line } };
  if (encrypted && password && label === 'ENCRYPTED PRIVATE KEY') {
    const { publicKey } = readPrivateKey(Buffer.from(writePem(label, bytes)), password);
    found.keys.push({ value: publicKey, place, private: true });
  } else if (encrypted) {
    found.problems.push(
      problem('survey/encrypted-key', 'a private key is encrypted and was not opened', where),
    );
  } else if (reader) reader(bytes, found, place);
  else if (label.endsWith('PRIVATE KEY')) {
    const { publicKey } = readPrivateKey(Buffer.from(writePem(label, bytes)));
    found.keys.push({ value: publicKey, place, private: true });
  } else {
    const hint = ownEntry(elsewhere, label);
    const message = `a block of type ${label} is not read here`;
    found.problems.push(
      problem('survey/unknown-block', message, { ...where, ...(hint !== undefined && { hint }) }),
    );
  }
}

/** A label is anything that a file says, `__proto__` too, which is in every object. */
function ownEntry<T>(table: Readonly<Record<string, T>>, label: string): T | undefined {
  return Object.hasOwn(table, label) ? table[label] : undefined;
}
