import { equalBytes, expectedFailure, KubetlsError, Secret, utf8 } from '../../../src/base/index.ts';
import { readJavaKeystore, readPkcs12 } from '../../../src/keystores/index.ts';
import {
  checkSignature,
  type PrivateKey,
  publicKeyFromSpki,
  readPrivateKey,
  readPublicKey,
  sameKey,
  signatureAlgorithmName,
  writePrivateKey,
  writePublicKey,
} from '../../../src/x509/index.ts';
import { mustHold, target, type Target } from '../target.ts';

const PASSPHRASE = new Secret(utf8('fuzz'));

/** Curves, algorithms and key derivations as DER elements. */
const OIDS = [
  '\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07',
  '\x06\x05\x2b\x81\x04\x00\x22',
  '\x06\x05\x2b\x81\x04\x00\x23',
  '\x06\x05\x2b\x81\x04\x00\x21',
  '\x06\x03\x2b\x65\x70',
  '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01',
  '\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c',
  '\x06\x09\x2b\x06\x01\x04\x01\xda\x47\x04\x0b',
  '\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x0b',
  '\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a',
  '\x06\x08\x2a\x86\x48\x86\xf7\x0d\x03\x07',
  '\x02\x01\x00',
  '\x02\x01\x01',
];

export const keyTargets: Readonly<Record<string, Target>> = {
  keystore: target('der', openKeystore, { pace: 1 / 2 }),
  'private-key': target('der', (bytes) => useKey(readPrivateKey(bytes)), {
    words: OIDS,
    pace: 1 / 4,
    answer: (der) => ({ parse: 'key', error: keyRefusal(der) }),
  }),
  'encrypted-key': target('der', (bytes) => useKey(readPrivateKey(bytes, PASSPHRASE)), {
    words: OIDS,
    pace: 1 / 4,
  }),
  'key-file': target('text', (bytes) => useKey(readPrivateKey(bytes, PASSPHRASE)), {
    words: ['-----BEGIN EC PRIVATE KEY-----\n', 'Proc-Type: 4,ENCRYPTED\n', '-----END PRIVATE KEY-----\n'],
    pace: 1 / 4,
  }),
  'public-key': target('der', readKey, { words: OIDS }),
  signature: target('der', verifyOne, {
    pace: 1 / 4,
    words: ['\x02\x01\x00', '\x02\x01\xff', '\x02\x02\x00\xff'],
  }),
};

function useKey(key: PrivateKey): void {
  for (const form of ['traditional', 'pkcs8'] as const) {
    const again = readPrivateKey(writePrivateKey(key, form).reveal());
    mustHold(sameKey(again.publicKey, key.publicKey), `a key is read as it is written, ${form}`);
    mustHold(equalBytes(again.pkcs8.reveal(), key.pkcs8.reveal()), `a key has one PKCS#8, ${form}`);
  }
}

function readKey(der: Uint8Array): void {
  const key = readPublicKey(der);
  const again = readPublicKey(Buffer.from(writePublicKey(key)));
  mustHold(sameKey(again, key), 'a public key is read as it is written');
  for (const [oid] of ALGORITHMS) checkSignature(key, oid, undefined, MESSAGE, MESSAGE);
}

const MESSAGE = Buffer.from('a message of thirty-two octets..');
const NULL = Uint8Array.of(5, 0);

/** Keys of some size, as SubjectPublicKeyInfo: their private halves are nowhere. */
const KEYS = {
  p256: 'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8nszYfJEj32UbT6YqKZwfUbAA12ANLb7WYYSa6NLIK+3LJOx55VXIdGuNOv07zJcHV4liQP1QCRlmspDrRVrSA==',
  ed25519: 'MCowBQYDK2VwAyEATH47IObtNfmVm94HduXINTNW3bSs5dnxtDVB+vKfI40=',
};

const ALGORITHMS: readonly (readonly [oid: string, parameters: Uint8Array | undefined])[] = [
  ['1.2.840.10045.4.3.2', undefined],
  ['1.2.840.10045.4.3.4', undefined],
  ['1.3.101.112', undefined],
  ['1.2.840.113549.1.1.11', NULL],
];

/** The input is a signature, and also the parameters of RSA-PSS. */
function verifyOne(signature: Uint8Array): void {
  for (const spki of Object.values(KEYS)) {
    const key = publicKeyFromSpki(Buffer.from(spki, 'base64'));
    for (const [oid, parameters] of ALGORITHMS) {
      const verdict = checkSignature(key, oid, parameters, MESSAGE, signature);
      mustHold(verdict !== 'ok', 'nobody has signed this');
    }
  }
  signatureAlgorithmName('1.2.840.113549.1.1.10', signature);
}

function keyRefusal(der: Uint8Array): string | undefined {
  try {
    readPrivateKey(der);
    return '';
  } catch (error) {
    if (error instanceof KubetlsError) return undefined;
    throw error;
  }
}

/** As often without a password as with the one that the corpus has. */
function openKeystore(bytes: Uint8Array): void {
  for (const password of [undefined, new Secret(utf8('x'))]) {
    for (const read of [readPkcs12, readJavaKeystore]) {
      try {
        const { certificates, keys } = read(bytes, password);
        mustHold(certificates.length + keys.length <= bytes.length, 'an entry has bytes of its own');
      } catch (error) {
        expectedFailure(error);
      }
    }
  }
}
