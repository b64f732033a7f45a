/**
 * What a password opens of a tree, as the files that programs would read in its place: an encrypted key as the key,
 * a keystore as the pair that is in it. Nothing of it is written anywhere.
 */
import { asBuffer, expectedFailure, type Secret } from '../base/index.ts';
import { isJavaKeystore, isPkcs12, readJavaKeystore, readPkcs12 } from '../keystores/index.ts';
import {
  parseCertificate,
  type PrivateKey,
  readPrivateKey,
  sameKey,
  writePem,
  writePrivateKey,
} from '../x509/index.ts';
import type { TreeFile } from './types.ts';

/** In place of the file where the path is its own; beside it, unless something stands there, where it is another. */
export function openedFrom(file: TreeFile, password: Secret): readonly TreeFile[] {
  const { bytes } = file;
  if (!bytes) return [];
  try {
    if (isPkcs12(bytes) || isJavaKeystore(bytes)) return unpacked(file, bytes, password);
    const text = asBuffer(bytes).toString('latin1');
    if (!ENCRYPTED.test(text)) return [];
    const key = asBuffer(keyText(readPrivateKey(bytes, password))).toString('latin1');
    // A certificate may stand in the same file.
    return [
      {
        ...file,
        bytes: Buffer.from(
          text.replace(ENCRYPTED, () => key),
          'latin1',
        ),
      },
    ];
  } catch (error) {
    expectedFailure(error);
    return [];
  }
}

const ENCRYPTED = /^-----BEGIN ENCRYPTED PRIVATE KEY-----$[^-]*^-----END ENCRYPTED PRIVATE KEY-----\s*/m;

/** The first key with the certificates that go with it; without a key, all of them, as a bundle. */
function unpacked(file: TreeFile, bytes: Uint8Array, password: Secret): TreeFile[] {
  const read = isPkcs12(bytes) ? readPkcs12 : readJavaKeystore;
  const store = read(bytes, password);
  const certificates = store.certificates.map(({ der }) => parseCertificate(der));
  const keys = store.keys.map(({ pkcs8 }) => readPrivateKey(pkcs8.reveal()));
  const pairs = keys.flatMap((key) => {
    const leaf = certificates.find(({ publicKey }) => sameKey(publicKey, key.publicKey));
    return leaf ? [{ key, leaf }] : [];
  });
  const [pair] = pairs;
  const chain = pair ? [pair.leaf, ...certificates.filter((one) => one !== pair.leaf)] : certificates;
  const stem = file.path.replace(/\.[^./]+$/, '');
  const text = chain.map(({ der }) => writePem('CERTIFICATE', der)).join('');
  return [
    ...(chain.length > 0 ? [{ ...file, path: `${stem}.crt`, bytes: Buffer.from(text) }] : []),
    ...(pair ? [{ ...file, path: `${stem}.key`, bytes: keyText(pair.key) }] : []),
  ];
}

function keyText(key: PrivateKey): Uint8Array {
  return writePrivateKey(key, 'pkcs8').reveal();
}
