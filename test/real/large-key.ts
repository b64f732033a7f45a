/** A chain below an RSA key of 19,937 bits: more than OpenSSL takes, and Go has no limit. */
import { createHash } from 'node:crypto';
import { publicKeyFromSpki } from '../../src/x509/index.ts';
import { der, hex } from '../judges/der-tree.ts';
import { keyOf, leafDraft, nameOf, NOW, rootDraft } from '../judges/mint.ts';
import { type Case, caseOf } from './differential.ts';

/** A prime (Tuckerman, 1971) is a modulus whose private key needs no search. */
const MODULUS = 2n ** 19_937n - 1n;
/** Has no factor in common with MODULUS - 1. */
const EXPONENT = 7n;
const OCTETS = 2_493;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % MODULUS;
    if (bit === '1') result = (result * base) % MODULUS;
  }
  return result;
}

/** EMSA-PKCS1-v1_5 (RFC 8017, 9.2) with SHA-256. */
function encoded(message: Uint8Array): bigint {
  const digest = createHash('sha256').update(message).digest('hex');
  const info = `3031300d060960864801650304020105000420${digest}`;
  return BigInt(`0x0001${'ff'.repeat(OCTETS - 3 - info.length / 2)}00${info}`);
}

export function largeKeyCase(): Case {
  const root = rootDraft('large key', keyOf('root'));
  const modulus = hex(MODULUS.toString(16).padStart(2 * OCTETS, '0'));
  const numbers = der(0x30, der(0x02, modulus), der(0x02, Uint8Array.of(Number(EXPONENT))));
  const algorithm = hex('300d06092a864886f70d0101010500');
  const spki = der(0x30, algorithm, der(0x03, Uint8Array.of(0), numbers));
  root.key = { ...keyOf('root'), publicKey: publicKeyFromSpki(spki) };
  const leaf = leafDraft(nameOf('x'), keyOf('leaf'), root, ['x']);
  leaf.signedBy = keyOf('root');
  leaf.claims = hex('300d06092a864886f70d01010b0500');
  const inverse = [1n, 2n, 3n, 4n, 5n, 6n].find((k) => (1n + k * (MODULUS - 1n)) % EXPONENT === 0n) ?? 0n;
  const secret = (1n + inverse * (MODULUS - 1n)) / EXPONENT;
  leaf.sign = (tbs) =>
    hex(
      power(encoded(tbs), secret)
        .toString(16)
        .padStart(2 * OCTETS, '0'),
    );
  return caseOf({
    id: 'RSA key of 19937 bits',
    leaf,
    sent: [],
    trusted: [root],
    at: NOW,
    usage: 'any',
    name: '',
  });
}
