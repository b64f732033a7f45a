/** What must never be printed: every private number of a key, in every form in which a program might print it. */
import { createPrivateKey, createPublicKey } from 'node:crypto';

/** Shorter values are versions, exponents and object identifiers. */
const SHORTEST = 16;

/** Texts that give the key away, or a part of it, from its PEM. */
export function formsOf(pem: string): string[] {
  const body = pem.replace(/-----.*-----|\s/g, '');
  const again = Buffer.from(pem).toString('base64');
  return [...pieces(body), ...pieces(again), ...privateNumbers(pem).flatMap(textsOf)];
}

const PIECE = 32;

/** So that a value which was cut short is found, too. The first piece is the same for all keys of a kind. */
function pieces(base64: string): string[] {
  const count = Math.ceil(base64.length / PIECE) - 1;
  return Array.from({ length: count }, (_, i) => base64.slice((i + 1) * PIECE, (i + 2) * PIECE)).filter(
    (piece) => piece.length === PIECE,
  );
}

function textsOf(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  const pairs = hex.match(/../g) ?? [];
  return [
    hex,
    hex.toUpperCase(),
    pairs.join(' '),
    pairs.join(':'),
    pairs.join(':').toUpperCase(),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    [...bytes].join(','),
    [...bytes].join(', '),
    BigInt(`0x${hex}`).toString(),
  ];
}

/** The values inside the private key's DER that are not in its public key's. */
function privateNumbers(pem: string): Buffer[] {
  const key = createPrivateKey(pem);
  const publicDer = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return elements(key.export({ format: 'der', type: 'pkcs8' })).filter(
    (value) => value.length >= SHORTEST && !publicDer.includes(value),
  );
}

/** Contents of all primitive elements, those inside OCTET STRINGs too, without a sign octet. */
function elements(der: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 2 <= der.length; ) {
    const tag = der[at] ?? 0;
    const first = der[at + 1] ?? 0;
    const size = first < 0x80 ? 0 : first & 0x7f;
    const length = size === 0 ? first : der.readUIntBE(at + 2, size);
    const content = der.subarray(at + 2 + size, at + 2 + size + length);
    at += 2 + size + length;
    if (tag & 0x20) found.push(...elements(content));
    else found.push(content[0] === 0 ? content.subarray(1) : content);
    const wraps = tag === 0x04 && (content[0] === 0x30 || content[0] === 0x04);
    if (wraps && content[1] === content.length - 2) found.push(...elements(content));
    // A length of several octets; a shorter value is a number that happens to begin so.
    else if (wraps && content[0] === 0x30 && content.length > 0x80) found.push(...elements(content));
  }
  return found;
}
