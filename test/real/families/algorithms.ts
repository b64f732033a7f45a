/** Keys and signatures of every algorithm that Go knows, well made, badly made, and mixed up. */
import {
  createHash,
  constants,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { type PrivateKey, publicKeyFromSpki } from '../../../src/x509/index.ts';
import { der, type DerNode, hex, readTree, writeTree } from '../../judges/der-tree.ts';
import {
  type Draft,
  intermediateDraft,
  keyOf,
  leafDraft,
  nameOf,
  NOW,
  rootDraft,
} from '../../judges/mint.ts';
import type { Chance } from '../chance.ts';
import { type Case, caseOf } from '../differential.ts';
import { damagedOctets } from './damage.ts';

const kept = new Map<string, KeyObject>();

function once(name: string, make: () => KeyObject): KeyObject {
  const key = kept.get(name) ?? make();
  kept.set(name, key);
  return key;
}

const rsa = (modulusLength: number, publicExponent = 65_537) =>
  once(
    `${modulusLength} ${publicExponent}`,
    () => generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey,
  );
const ec = (namedCurve: string) =>
  once(namedCurve, () => generateKeyPairSync('ec', { namedCurve }).privateKey);
const ed25519 = () => once('ed25519', () => generateKeyPairSync('ed25519').privateKey);
const dsa = () =>
  once('dsa', () => generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey);

const oid = (content: string) => der(0x06, hex(content));
const NULL = hex('0500');
const HASHES = {
  sha256: '608648016503040201',
  sha384: '608648016503040202',
  sha512: '608648016503040203',
  sha1: '2b0e03021a',
  sha224: '608648016503040204',
} as const;
const LENGTHS = { sha256: 32, sha384: 48, sha512: 64, sha1: 20, sha224: 28 } as const;
type HashName = keyof typeof HASHES;

/** Content of the OID, the kind of key, the hash; parameters as they should be. */
const ALGORITHMS: readonly (readonly [
  string,
  string,
  HashName | 'md5' | undefined,
  Uint8Array | undefined,
])[] = [
  ['2a864886f70d010102', 'rsa', undefined, NULL],
  ['2a864886f70d010104', 'rsa', 'md5', NULL],
  ['2a864886f70d010105', 'rsa', 'sha1', NULL],
  ['2b0e03021d', 'rsa', 'sha1', NULL],
  ['2a864886f70d01010b', 'rsa', 'sha256', NULL],
  ['2a864886f70d01010c', 'rsa', 'sha384', NULL],
  ['2a864886f70d01010d', 'rsa', 'sha512', NULL],
  ['2a864886f70d01010e', 'rsa', 'sha224', NULL],
  ['2a8648ce3d0401', 'ec', 'sha1', undefined],
  ['2a8648ce3d040301', 'ec', 'sha224', undefined],
  ['2a8648ce3d040302', 'ec', 'sha256', undefined],
  ['2a8648ce3d040303', 'ec', 'sha384', undefined],
  ['2a8648ce3d040304', 'ec', 'sha512', undefined],
  ['2b6570', 'ed25519', undefined, undefined],
  ['2b6571', 'ed25519', undefined, undefined],
  ['2a8648ce380403', 'dsa', 'sha1', undefined],
  ['608648016503040302', 'dsa', 'sha256', undefined],
  ['2a03', 'rsa', 'sha256', undefined],
];

/** RSASSA-PSS-params (RFC 4055, 3.1), sometimes with one or more things wrong. */
function pssParameters(hash: HashName, { pick, oneIn }: Chance): Uint8Array {
  const wrong = <T>(good: T, ...others: readonly T[]) => (oneIn(6) ? pick(others) : good);
  const algorithm = (name: HashName) =>
    der(
      wrong(0x30, 0x31, 0x10),
      oid(wrong(HASHES[name], '2a03', '')),
      ...wrong([NULL], [], [hex('050100')], [hex('3000')], [NULL, NULL], [hex('bf1f00')]),
    );
  const integer = (value: number) =>
    der(
      0x02,
      wrong(
        Uint8Array.of(value),
        Uint8Array.of(0, value),
        Uint8Array.of(value, 0),
        Uint8Array.of(),
        Uint8Array.of(0, 0, 0, value),
      ),
    );
  const mgf = der(
    0x30,
    oid(wrong('2a864886f70d010108', '2a03')),
    ...wrong([algorithm(wrong(hash, 'sha1', 'sha512'))], [], [NULL]),
    ...wrong([], [NULL]),
  );
  const explicit = (n: number, inner: Uint8Array) =>
    der(wrong(0xa0 | n, 0x80 | n), inner, ...wrong([], [NULL]));
  const parts = [
    ...wrong([explicit(0, algorithm(hash))], []),
    ...wrong([explicit(1, mgf)], []),
    ...wrong([explicit(2, integer(wrong(LENGTHS[hash], 20, 0)))], []),
    ...wrong([], [explicit(3, integer(wrong(1, 0, 2)))], [NULL]),
  ];
  return der(wrong(0x30, 0x31), ...parts, ...wrong([], [NULL], [explicit(3, integer(1))]));
}

/** Private keys by kind, and what their public key is called. */
function keyOfKind(kind: string, { pick }: Chance): KeyObject {
  if (kind === 'rsa') {
    const [bits, exponent] = pick([
      [512, 65_537],
      [1023, 65_537],
      [1024, 65_537],
      [1024, 3],
      [1025, 65_537],
      [1030, 65_537],
      [1032, 17],
      [1033, 65_537],
      [2048, 65_537],
      [2048, 65_537],
      [2048, 2 ** 31 - 1],
      [2048, 2 ** 31 + 11],
    ] as const);
    return rsa(bits, exponent);
  }
  if (kind === 'ec') return ec(pick(['prime256v1', 'prime256v1', 'secp384r1', 'secp521r1', 'secp224r1']));
  return kind === 'ed25519' ? ed25519() : dsa();
}

const publicKeys = new Map<KeyObject, PrivateKey>();

/** In the shape that a draft wants; only its public half is looked at. */
function asKey(key: KeyObject): PrivateKey {
  const known = publicKeys.get(key);
  if (known) return known;
  const spki = new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  const made = { ...keyOf('stand-in'), publicKey: publicKeyFromSpki(spki) };
  publicKeys.set(key, made);
  return made;
}

function signedWith(key: KeyObject, hash: HashName | 'md5' | undefined, pssSalt: number | undefined) {
  const kind = key.asymmetricKeyType ?? '';
  const digest = kind === 'ed25519' ? undefined : hash === undefined ? 'sha256' : hash;
  return (tbs: Uint8Array): Uint8Array => {
    const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pssSalt ?? 0 };
    try {
      return new Uint8Array(sign(digest, tbs, pssSalt === undefined ? key : { key, ...pss }));
    } catch {
      // The hash does not fit into so small a key, or this OpenSSL does not have it.
      return new Uint8Array(createHash('sha512').update(tbs).digest());
    }
  };
}

/** The group order of P-256 and of Ed25519: adding it changes the number and not what it stands for. */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const ED25519_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const toBigInt = (octets: Uint8Array) => BigInt(`0x${Buffer.from(octets).toString('hex') || '0'}`);

function integerOf(value: bigint): Uint8Array {
  const digits = value.toString(16);
  const octets = hex(digits.length % 2 === 0 ? digits : `0${digits}`);
  return octets[0]! >= 0x80 ? Uint8Array.of(0, ...octets) : octets;
}

/** Another way to write a signature, or nearly one. */
function oddSignature(signature: Uint8Array, key: KeyObject, chance: Chance): Uint8Array {
  const { pick } = chance;
  if (key.asymmetricKeyType === 'ec') {
    const [r = Uint8Array.of(1), s = Uint8Array.of(1)] =
      readTree(signature)?.[0]?.children?.map(({ content }) => content) ?? [];
    const pair = (...numbers: readonly Uint8Array[]) =>
      der(0x30, ...numbers.map((number) => der(0x02, number)));
    const longer = (octets: Uint8Array) => Uint8Array.of(0, ...octets);
    return pick([
      () => pair(longer(r), s),
      () => pair(r, longer(s)),
      () => pair(r.at(0) === 0 ? r.subarray(1) : r, s),
      () => pair(r, s.at(0) === 0 ? s.subarray(1) : s),
      () => pair(Uint8Array.of(0), s),
      () => pair(r, Uint8Array.of(0)),
      () => pair(r, integerOf(P256_ORDER - toBigInt(s) > 0n ? P256_ORDER - toBigInt(s) : 1n)),
      () => pair(integerOf(toBigInt(r) + P256_ORDER), s),
      () => pair(r, integerOf(toBigInt(s) + P256_ORDER)),
      () => pair(r, s, s),
      () => Uint8Array.of(...pair(r, s), 0),
      () => Uint8Array.of(0x30, 0x81, signature.length - 2, ...signature.subarray(2)),
      () => der(0x31, signature.subarray(2)),
      () => Uint8Array.of(),
    ])();
  }
  if (key.asymmetricKeyType === 'ed25519') {
    const order = (() => {
      const s = toBigInt(Uint8Array.from(signature.subarray(32)).reverse()) + ED25519_ORDER;
      const octets = integerOf(s);
      return Uint8Array.from([...new Uint8Array(40), ...octets].slice(-32)).reverse();
    })();
    return pick([
      () => Uint8Array.of(...signature.subarray(0, 32), ...order),
      () => signature.subarray(1),
      () => Uint8Array.of(...signature, 0),
      () => Uint8Array.of(),
    ])();
  }
  return pick([
    () => Uint8Array.of(0, ...signature),
    () => signature.subarray(1),
    () => Uint8Array.of(...signature, 0),
    () => signature.map(() => 0xff),
    () => signature.map(() => 0),
    () => Uint8Array.of(),
  ])();
}

/** The same signature as a BIT STRING with unused bits, which Go shifts out. */
function withUnusedBits(certificate: Uint8Array, unused: number): Uint8Array {
  const [tree] = readTree(certificate) ?? [];
  const bits = tree?.children?.at(-1);
  if (!tree || !bits) return certificate;
  const shifted = (toBigInt(bits.content.subarray(1)) << BigInt(unused)).toString(16);
  const length = bits.content.length - 1;
  const padded = hex(
    shifted.padStart(
      2 * length + (shifted.length > 2 * length ? (shifted.length % 2) + shifted.length - 2 * length : 0),
      '0',
    ),
  );
  bits.content = Uint8Array.of(unused, ...padded);
  return writeTree(tree);
}

/** Points of small order and their other encodings: a signature of nothing may hold under them. */
const EDWARDS_POINTS = [
  `01${'00'.repeat(31)}`,
  `01${'00'.repeat(30)}80`,
  `ee${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}ff`,
  `ec${'ff'.repeat(30)}7f`,
  `ec${'ff'.repeat(30)}ff`,
  '00'.repeat(32),
  `${'00'.repeat(31)}80`,
  `ed${'ff'.repeat(30)}7f`,
  `02${'00'.repeat(31)}`,
  'ff'.repeat(32),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map(hex);

function useSmallPoint(issuer: Draft, child: Draft, { pick, oneIn }: Chance): void {
  const spki = der(0x30, der(0x30, oid('2b6570')), der(0x03, Uint8Array.of(0), pick(EDWARDS_POINTS)));
  issuer.key = { ...keyOf('stand-in'), publicKey: publicKeyFromSpki(spki) };
  child.claims = der(0x30, oid('2b6570'));
  const r = pick(EDWARDS_POINTS);
  const s = oneIn(5)
    ? Uint8Array.from([...hex(ED25519_ORDER.toString(16).padStart(64, '0'))].reverse())
    : new Uint8Array(32);
  child.sign = () => Uint8Array.of(...r, ...s);
}

/** A SubjectPublicKeyInfo that is nearly right. */
function damagedKey(tbs: Uint8Array, chance: Chance): Uint8Array {
  const [tree] = readTree(tbs) ?? [];
  const isKey = ({ children }: DerNode) => children?.length === 2 && children[1]?.tag === 0x03;
  const info = tree?.children?.find(isKey);
  const [algorithm, bits] = info?.children ?? [];
  if (!tree || !info || !algorithm || !bits) return tbs;
  const { pick, below } = chance;
  const octets = bits.content;
  pick<() => void>([
    () => (bits.content = damagedOctets(octets, chance)),
    () => (bits.content = Uint8Array.of(octets[0]!, octets[1]! ^ 6, ...octets.subarray(2))),
    () => (bits.content = octets.subarray(0, -1 - below(2))),
    () => (bits.content = Uint8Array.of(0, 4, ...octets.subarray(2).map(() => pick([0, 0xff])))),
    () =>
      Object.assign(algorithm, {
        children: undefined,
        content: damagedOctets(writeTree(algorithm).subarray(2), chance),
      }),
    () =>
      Object.assign(algorithm, {
        children: undefined,
        content: pick([
          '2a864886f70d010101 0500',
          '2a8648ce3d0201',
          '2b6570',
          '2b656e',
          '2b6571',
          '2a8648ce380401',
          '2a864886f70d01010a',
        ])
          .split(' ')
          .map((each, i) => (i === 0 ? oid(each) : hex(each)))
          .reduce((a, b) => Uint8Array.of(...a, ...b)),
      }),
  ])();
  return writeTree(tree);
}

export function algorithmCase(chance: Chance): Case {
  const { pick, oneIn } = chance;
  const root = rootDraft('root', keyOf('root'));
  const middle = intermediateDraft('middle', keyOf('middle'), root);
  const leaf = leafDraft(nameOf('x'), keyOf('leaf'), middle, ['x']);
  const [issuer, child] = pick([
    [middle, leaf],
    [root, middle],
  ] as const);
  const usual = oneIn(4);
  const [content, kind, hash, plain] = pick(ALGORITHMS);
  const key = keyOfKind(oneIn(8) ? pick(['rsa', 'ec', 'ed25519', 'dsa']) : kind, chance);
  const pss = key.asymmetricKeyType === 'rsa' && oneIn(2);
  const pssHash = pick(['sha256', 'sha384', 'sha512', 'sha256', 'sha1'] as const);
  const parameters = oneIn(5)
    ? pick([[NULL], [], [hex('3000')], [NULL, NULL], [hex('0501')], [oid('2a03')]])
    : plain
      ? [plain]
      : [];
  issuer.key = asKey(key);
  child.signedBy = keyOf('stand-in');
  if (issuer === root) root.signedBy = keyOf('stand-in');
  child.claims = pss
    ? der(0x30, oid('2a864886f70d01010a'), pssParameters(pssHash, chance))
    : der(0x30, oid(content), ...parameters);
  const signs = signedWith(
    key,
    pss ? pssHash : hash,
    pss ? pick([LENGTHS[pssHash], LENGTHS[pssHash], LENGTHS[pssHash], 20, 0]) : undefined,
  );
  child.sign = (tbs) => {
    const signature = signs(tbs);
    return usual
      ? oddSignature(signature, key, chance)
      : oneIn(12)
        ? damagedOctets(signature, chance)
        : signature;
  };
  if (oneIn(8)) useSmallPoint(issuer, child, chance);
  if (oneIn(8)) child.damage = (certificate) => withUnusedBits(certificate, pick([1, 2, 3, 4, 5, 6, 7]));
  if (oneIn(8)) issuer.reshape = (tbs) => damagedKey(tbs, chance);
  return caseOf({
    id: `algorithms, ${content} by ${kind}`,
    leaf,
    sent: [middle],
    trusted: [root],
    at: NOW,
    usage: 'any',
    name: '',
  });
}
