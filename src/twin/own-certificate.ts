import { randomBytes } from 'node:crypto';
import { HOUR, type Instant, SECOND, YEAR } from '../base/index.ts';
import type { KeySource } from '../issue/index.ts';
import {
  assembleCertificate,
  authorityKeyIdExtension,
  basicConstraintsExtension,
  dnsName,
  encodeTbsCertificate,
  extendedKeyUsageExtension,
  ipName,
  keyIdentifier,
  keyUsageExtension,
  makeName,
  type PrivateKey,
  signatureAlgorithmFor,
  signBytes,
  subjectAltNameExtension,
  subjectKeyIdExtension,
  type TbsCertificateFields,
  writePem,
  writePrivateKey,
} from '../x509/index.ts';
import type { ServingPair } from './material.ts';

/**
 * The certificate that a component makes for itself at its start and keeps in memory when no files are
 * given: client-go util/cert, GenerateSelfSignedCertKeyWithFixtures("localhost"), ECDSA instead of RSA.
 */
export function ownPair(keys: KeySource, now: Instant): ServingPair {
  const stamp = Math.floor(now / SECOND);
  const authorityKey = keys.generate('ecdsa-p256');
  const key = keys.generate('ecdsa-p256');
  const issuer = makeName([{ type: 'CN', value: `localhost-ca@${stamp}` }]);
  const keyId = keyIdentifier(authorityKey.publicKey);
  const life = {
    notBefore: (stamp - HOUR / SECOND) * SECOND,
    notAfter: (stamp - HOUR / SECOND) * SECOND + YEAR,
  };
  const authority = signed(authorityKey, {
    ...life,
    issuer,
    subject: issuer,
    publicKey: authorityKey.publicKey,
    extensions: [
      keyUsageExtension(['digitalSignature', 'keyEncipherment', 'keyCertSign']),
      basicConstraintsExtension({ ca: true, pathLength: undefined }),
      subjectKeyIdExtension(keyId),
      subjectAltNameExtension([dnsName('localhost')], false),
    ],
  });
  const leaf = signed(authorityKey, {
    ...life,
    issuer,
    subject: makeName([{ type: 'CN', value: `localhost@${stamp}` }]),
    publicKey: key.publicKey,
    extensions: [
      keyUsageExtension(['digitalSignature', 'keyEncipherment']),
      extendedKeyUsageExtension(['serverAuth']),
      basicConstraintsExtension({ ca: false, pathLength: undefined }),
      authorityKeyIdExtension(keyId),
      subjectAltNameExtension([dnsName('localhost'), ipName('127.0.0.1')], false),
    ],
  });
  return { certificate: Buffer.from(leaf + authority), key: writePrivateKey(key, 'pkcs8') };
}

function signed(
  key: PrivateKey,
  fields: Omit<TbsCertificateFields, 'serial' | 'signatureAlgorithm'>,
): string {
  const { identifier } = signatureAlgorithmFor(key.publicKey);
  // Eight octets with the top bit clear and never zero: 63 bits, as Go's.
  const serial = randomBytes(8).map((byte, index) => (index === 0 ? (byte & 0x7f) | 0x40 : byte));
  const tbs = encodeTbsCertificate({ ...fields, serial, signatureAlgorithm: identifier });
  return writePem('CERTIFICATE', assembleCertificate(tbs, identifier, signBytes(key, tbs)).der);
}
