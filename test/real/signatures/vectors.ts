/**
 * Signatures at the edge of what is one, each on a certificate of its own: the cases that Wycheproof
 * (github.com/C2SP/wycheproof) is about, computed here. What is right is for Go to say.
 */
import { Secret } from '../../../src/base/index.ts';
import { encodeAlgorithm } from '../../../src/x509/algorithm-identifier.ts';
import {
  assembleCertificate,
  type Certificate,
  encodeTbsCertificate,
  parseCertificate,
  type PrivateKey,
  publicKeyFromSpki,
} from '../../../src/x509/index.ts';
import { keyOf, mint, nameOf, NOW, rootDraft } from '../../judges/mint.ts';

/** What is signed is known before the signature, and may decide which key it is for. */
export interface Vector {
  readonly name: string;
  /** DER of AlgorithmIdentifier. */
  readonly algorithm: Uint8Array;
  readonly sign: (tbs: Buffer) => Signed;
}

export interface Signed {
  readonly spki: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Case {
  readonly name: string;
  readonly leaf: Certificate;
  readonly root: Certificate;
}

let serial = 0;

export function caseOf({ name, algorithm, sign }: Vector): Case {
  const issuer = nameOf('edge');
  serial++;
  const tbs = encodeTbsCertificate({
    serial: Uint8Array.of(1, serial >> 8, serial & 0xff),
    signatureAlgorithm: algorithm,
    issuer,
    subject: nameOf('leaf'),
    notBefore: NOW - 1000,
    notAfter: NOW + 1000,
    publicKey: keyOf('edge leaf').publicKey,
    extensions: [],
  });
  const { spki, signature } = sign(Buffer.from(tbs));
  const leaf = parseCertificate(assembleCertificate(tbs, algorithm, signature).der);
  // A root's own signature is never looked at, so that anybody may make it.
  const key: PrivateKey = { publicKey: publicKeyFromSpki(spki), pkcs8: new Secret(new Uint8Array()) };
  const root = mint({ ...rootDraft('edge', key), signedBy: keyOf('edge signer'), subjectKeyId: undefined });
  return { name, leaf, root };
}

export const ALGORITHM = {
  rsaSha256: encodeAlgorithm('1.2.840.113549.1.1.11', Uint8Array.of(5, 0)),
  rsaSha512: encodeAlgorithm('1.2.840.113549.1.1.13', Uint8Array.of(5, 0)),
  ecdsaSha256: encodeAlgorithm('1.2.840.10045.4.3.2'),
  ecdsaSha512: encodeAlgorithm('1.2.840.10045.4.3.4'),
  ed25519: encodeAlgorithm('1.3.101.112'),
} as const;
