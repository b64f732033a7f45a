/**
 * Certificates as right or as wrong as a test wants them: what the room `issue` would never make. Every
 * field is taken to the letter, and whoever holds a key may sign anything.
 */
import { generateKeyPairSync } from 'node:crypto';
import { systemKeys } from '../../src/apply/system-keys.ts';
import { DAY, type Instant } from '../../src/base/index.ts';
import {
  assembleCertificate,
  authorityKeyIdExtension,
  type BasicConstraints,
  basicConstraintsExtension,
  type Certificate,
  encodeTbsCertificate,
  type ExtendedKeyUsage,
  type Extension,
  extendedKeyUsageExtension,
  type GeneralName,
  ipName,
  type KeyAlgorithm,
  keyIdentifier,
  type KeyUsage,
  keyUsageExtension,
  makeName,
  type Name,
  type NameConstraints,
  nameConstraintsExtension,
  parseCertificate,
  parseIp,
  type PrivateKey,
  readPrivateKey,
  signatureAlgorithmFor,
  signBytes,
  subjectAltNameExtension,
  subjectKeyIdExtension,
} from '../../src/x509/index.ts';

export const NOW: Instant = Date.UTC(2026, 10, 23, 12);

/** What stands in a certificate. An extension that is undefined is left out. */
export interface Draft {
  subject: Name;
  issuer: Name;
  key: PrivateKey;
  signedBy: PrivateKey;
  notBefore: Instant;
  notAfter: Instant;
  basicConstraints: BasicConstraints | undefined;
  keyUsage: readonly KeyUsage[] | undefined;
  extendedKeyUsage: readonly ExtendedKeyUsage[] | undefined;
  names: readonly GeneralName[] | undefined;
  nameConstraints: NameConstraints | undefined;
  subjectKeyId: Uint8Array | undefined;
  authorityKeyId: Uint8Array | undefined;
  more: readonly Extension[];
  /** DER of an AlgorithmIdentifier to name instead of the one that the key signs with. */
  claims: Uint8Array | undefined;
  /** Counted, when there is none. */
  serial?: Uint8Array;
  /** Changes the signature after it was made. */
  tampered: boolean;
  /** Changes the TBSCertificate before it is signed. */
  reshape?: (tbs: Uint8Array) => Uint8Array;
  /** Signs in a way of its own. */
  sign?: (tbs: Uint8Array) => Uint8Array;
  /** Changes the certificate when all is done. */
  damage?: (certificate: Uint8Array) => Uint8Array;
}

const keys = systemKeys();
const kept = new Map<string, PrivateKey>();

/** The key of this name: made once. */
export function keyOf(name: string, algorithm: KeyAlgorithm | 'rsa-512' = 'ecdsa-p256'): PrivateKey {
  const id = `${algorithm} ${name}`;
  const key = kept.get(id) ?? (algorithm === 'rsa-512' ? smallRsaKey() : keys.generate(algorithm));
  kept.set(id, key);
  return key;
}

function smallRsaKey(): PrivateKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 512 });
  return readPrivateKey(privateKey.export({ type: 'pkcs8', format: 'der' }));
}

export function nameOf(commonName: string, ...organizations: readonly string[]): Name {
  const o = organizations.map((value) => ({ type: 'O', value }));
  return makeName([...o, { type: 'CN', value: commonName }]);
}

/** An IP address, or a DNS name as it stands. */
export function san(text: string): GeneralName {
  return parseIp(text) ? ipName(text) : { kind: 'dns', value: text };
}

/** A good root; change what shall be wrong. */
export function rootDraft(commonName: string, key: PrivateKey): Draft {
  const subject = nameOf(commonName);
  return {
    subject,
    issuer: subject,
    key,
    signedBy: key,
    notBefore: NOW - 100 * DAY,
    notAfter: NOW + 3_000 * DAY,
    basicConstraints: { ca: true, pathLength: undefined },
    keyUsage: ['digitalSignature', 'keyEncipherment', 'keyCertSign'],
    extendedKeyUsage: undefined,
    names: undefined,
    nameConstraints: undefined,
    subjectKeyId: keyIdentifier(key.publicKey),
    authorityKeyId: undefined,
    more: [],
    claims: undefined,
    tampered: false,
  };
}

/** A good CA below another. */
export function intermediateDraft(commonName: string, key: PrivateKey, parent: Draft): Draft {
  const authorityKeyId = parent.subjectKeyId;
  return { ...rootDraft(commonName, key), issuer: parent.subject, signedBy: parent.key, authorityKeyId };
}

/** A good leaf, as kubeadm makes them. */
export function leafDraft(subject: Name, key: PrivateKey, parent: Draft, names: readonly string[]): Draft {
  return {
    ...intermediateDraft('leaf', key, parent),
    subject,
    notBefore: NOW - 10 * DAY,
    notAfter: NOW + 300 * DAY,
    basicConstraints: { ca: false, pathLength: undefined },
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    extendedKeyUsage: names.length > 0 ? ['serverAuth'] : ['clientAuth'],
    names: names.length > 0 ? names.map(san) : undefined,
    subjectKeyId: undefined,
  };
}

let serial = 1;

/** Signs it. Read back from its bytes, so that a test holds what everybody else would hold. */
export function mint(draft: Draft): Certificate {
  return parseCertificate(mintDer(draft));
}

/** Signs it, whether or not anybody could read it. */
export function mintDer(draft: Draft): Uint8Array {
  const signatureAlgorithm = draft.claims ?? signatureAlgorithmFor(draft.signedBy.publicKey).identifier;
  const number = serial++;
  const plain = encodeTbsCertificate({
    ...draft,
    serial: draft.serial ?? Uint8Array.of(1, number >> 16, number >> 8, number),
    signatureAlgorithm,
    publicKey: draft.key.publicKey,
    extensions: extensionsOf(draft),
  });
  const tbs = draft.reshape?.(plain) ?? plain;
  const signature = draft.sign?.(tbs) ?? signBytes(draft.signedBy, tbs);
  if (draft.tampered) signature.set([(signature.at(-1) ?? 0) ^ 1], signature.length - 1);
  const { der } = assembleCertificate(tbs, signatureAlgorithm, signature);
  return draft.damage?.(der) ?? der;
}

function extensionsOf(draft: Draft): Extension[] {
  const { keyUsage, extendedKeyUsage, basicConstraints, subjectKeyId, authorityKeyId } = draft;
  return [
    keyUsage && keyUsageExtension(keyUsage),
    extendedKeyUsage && extendedKeyUsageExtension(extendedKeyUsage),
    basicConstraints && basicConstraintsExtension(basicConstraints),
    subjectKeyId && subjectKeyIdExtension(subjectKeyId),
    authorityKeyId && authorityKeyIdExtension(authorityKeyId),
    draft.names && subjectAltNameExtension(draft.names, false),
    draft.nameConstraints && nameConstraintsExtension(draft.nameConstraints),
    ...draft.more,
  ].filter((extension) => extension !== undefined);
}
