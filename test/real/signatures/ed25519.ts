/** Ed25519 (RFC 8032, 5.1), with points that no honest signer has. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { encode } from '../../../src/x509/der-encode.ts';
import { encodeAlgorithm } from '../../../src/x509/algorithm-identifier.ts';
import { toNumber } from './numbers.ts';
import { ALGORITHM, type Vector } from './vectors.ts';

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const p = 2n ** 255n - 19n;

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const SPKI = publicKey.export({ type: 'spki', format: 'der' });

/** Little-endian, 32 octets. */
function little(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}

function spkiOf(point: Uint8Array): Uint8Array {
  return encode(0x30, encodeAlgorithm('1.3.101.112'), encode(0x03, Uint8Array.of(0), point));
}

const scalar = (signature: Buffer) => toNumber(Buffer.from(signature.subarray(32)).reverse());
const withScalar = (signature: Buffer, s: bigint) => Buffer.concat([signature.subarray(0, 32), little(s)]);

const CHANGED: Readonly<Record<string, (signature: Buffer) => Uint8Array>> = {
  'as it should be': (signature) => signature,
  'S + L': (signature) => withScalar(signature, scalar(signature) + L),
  'S + 2 L': (signature) => withScalar(signature, scalar(signature) + 2n * L),
  'S is 0': (signature) => withScalar(signature, 0n),
  'S is L': (signature) => withScalar(signature, L),
  'S is L - 1': (signature) => withScalar(signature, L - 1n),
  'S of all ones': (signature) => withScalar(signature, 2n ** 256n - 1n),
  'the high bit of S': (signature) => withScalar(signature, scalar(signature) | (2n ** 255n)),
  'R is 0': (signature) => Buffer.concat([new Uint8Array(32), signature.subarray(32)]),
  'R with the other sign': (signature) => signature.map((octet, i) => (i === 31 ? octet ^ 0x80 : octet)),
  'R and S are 0': () => new Uint8Array(64),
  'all ones': () => Buffer.alloc(64, 0xff),
  'an octet less': (signature) => signature.subarray(0, -1),
  'an octet more': (signature) => Buffer.concat([signature, Uint8Array.of(0)]),
  'R alone': (signature) => signature.subarray(0, 32),
  nothing: () => new Uint8Array(),
};

/** Points of small order, and other writings of them: y, and y with the bit of x's sign. */
const SIGN = 2n ** 255n;
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7n;
const POINTS: Readonly<Record<string, bigint>> = {
  'the neutral point': 1n,
  'the neutral point, x is -0': 1n | SIGN,
  'the neutral point, y is p + 1': p + 1n,
  'the neutral point, y is p + 1, x is -0': (p + 1n) | SIGN,
  'order 2': p - 1n,
  'order 2, x is -0': (p - 1n) | SIGN,
  'order 4': 0n,
  'order 4, the other': SIGN,
  'order 4, y is p': p,
  'order 4, y is p, the other': p | SIGN,
  'order 8': ORDER_8,
  'order 8, the other': ORDER_8 | SIGN,
  'no point': 2n,
};

const ed = (name: string, sign: Vector['sign']): Vector => ({
  name: `Ed25519: ${name}`,
  algorithm: ALGORITHM.ed25519,
  sign,
});

/** S = 0, so that only R and the hash times the key are left: of several messages some fit. */
const smallOrder = Object.entries(POINTS).flatMap(([name, A]) =>
  [1n, p + 1n, A].flatMap((R) =>
    [1, 2, 3].map((attempt) =>
      ed(
        `key ${name}, R ${R === A ? 'is the key' : R === 1n ? 'is neutral' : 'is neutral, y is p + 1'}, ${attempt}`,
        () => ({
          spki: spkiOf(little(A)),
          signature: Buffer.concat([little(R), new Uint8Array(32)]),
        }),
      ),
    ),
  ),
);

export const ed25519Vectors: readonly Vector[] = [
  ...Object.entries(CHANGED).map(([name, change]) =>
    ed(name, (tbs) => ({ spki: SPKI, signature: change(sign(null, tbs, privateKey)) })),
  ),
  ...smallOrder,
];
