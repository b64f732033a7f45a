/**
 * A certificate that every endpoint must refuse: it says what a good one says, from an authority that calls
 * itself what the trusted one does, but with another key.
 */
import { type Instant, type Random, utf8, YEAR } from '../base/index.ts';
import {
  issueAuthority,
  issueCertificate,
  type KeySource,
  signerFor,
  type SubjectAttribute,
} from '../issue/index.ts';
import type { ProbeCredential } from '../probe/index.ts';
import { type Certificate, type Name, writePem, writePrivateKey } from '../x509/index.ts';

export interface ImpostorInput {
  /** The certificate whose words are borrowed. */
  readonly model: Certificate;
  readonly keys: KeySource;
  readonly random: Random;
  readonly now: Instant;
}

export interface Impostor {
  readonly certificate: Certificate;
  readonly credential: ProbeCredential;
}

export function impostorOf({ model, keys, random, now }: ImpostorInput): Impostor {
  const common = {
    uris: [],
    subjectKeyId: true,
    lifetime: YEAR,
    serialBits: 127,
    exactUsages: false,
  } as const;
  const signer = signerFor(keys.generate('ecdsa-p256'));
  const authority = issueAuthority({
    template: {
      ...common,
      subject: attributesOf(model.issuer),
      dnsNames: [],
      ipAddresses: [],
      keyUsage: ['keyCertSign'],
      extendedKeyUsage: [],
      basicConstraints: { ca: true, pathLength: undefined },
    },
    signer,
    now,
    random,
  });
  const key = keys.generate('ecdsa-p256');
  const names = model.subjectAltNames ?? [];
  const certificate = issueCertificate({
    template: {
      ...common,
      subject: attributesOf(model.subject),
      dnsNames: names.flatMap((name) => (name.kind === 'dns' ? [name.value] : [])),
      ipAddresses: names.flatMap((name) => (name.kind === 'ip' ? [name.value] : [])),
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['clientAuth'],
      basicConstraints: { ca: false, pathLength: undefined },
    },
    publicKey: key.publicKey,
    authority: { certificate: authority, signer },
    now,
    random,
  });
  const pem = utf8(writePem('CERTIFICATE', certificate.der));
  return { certificate, credential: { certificate: pem, key: writePrivateKey(key, 'pkcs8') } };
}

function attributesOf(name: Name): SubjectAttribute[] {
  return name.rdns.flat().flatMap(({ type, text }) => (text === undefined ? [] : [{ type, value: text }]));
}
