import {
  assembleCertificate,
  encodeTbsCertificate,
  keyUsageExtension,
  makeName,
  type Name,
  type PublicKey,
  signatureAlgorithmFor,
  writePem,
} from '../x509/index.ts';

const NOBODY = makeName([{ type: 'CN', value: 'carries a name only' }]);
/** An Ed25519 key that nobody has the private half of: the encoding of the neutral element. */
const NO_KEY: PublicKey = {
  spki: Uint8Array.from([
    0x30,
    0x2a,
    0x30,
    0x05,
    0x06,
    0x03,
    0x2b,
    0x65,
    0x70,
    0x03,
    0x21,
    0x00,
    0x01,
    ...new Uint8Array(31),
  ]),
  kind: 'ed25519',
  bits: 256,
  name: 'ed25519',
};

/**
 * PEM certificates that carry these subjects and are good for nothing else.
 *
 * Node has one setting, `ca`, for the names that a server says it accepts and for OpenSSL's trust store; and
 * OpenSSL completes the chain that it presents with issuers from that store (ssl_add_cert_chain). A server
 * that sends its anchor along is not what the component does, and would hide a missing intermediate. These
 * may not sign (no keyCertSign), so OpenSSL never takes one for an issuer.
 */
export function nameCarriers(subjects: readonly Name[]): string {
  const { identifier } = signatureAlgorithmFor(NO_KEY);
  const fields = {
    serial: Uint8Array.of(1),
    signatureAlgorithm: identifier,
    issuer: NOBODY,
    notBefore: 0,
    notAfter: 0,
    publicKey: NO_KEY,
    extensions: [keyUsageExtension(['digitalSignature'])],
  };
  const once = new Map(subjects.map((subject) => [Buffer.from(subject.der).toString('latin1'), subject]));
  return [...once.values()]
    .map((subject) => encodeTbsCertificate({ ...fields, subject }))
    .map((tbs) => writePem('CERTIFICATE', assembleCertificate(tbs, identifier, new Uint8Array(64)).der))
    .join('');
}
