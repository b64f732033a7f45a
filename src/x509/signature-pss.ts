import { KubetlsError } from '../base/index.ts';
import { contextConstructedTag, DerReader, Tag } from './der.ts';
import { readOid } from './oid.ts';

export type Hash = 'sha256' | 'sha384' | 'sha512';

const HASHES: Readonly<Record<string, { readonly hash: Hash; readonly saltLength: number }>> = {
  '2.16.840.1.101.3.4.2.1': { hash: 'sha256', saltLength: 32 },
  '2.16.840.1.101.3.4.2.2': { hash: 'sha384', saltLength: 48 },
  '2.16.840.1.101.3.4.2.3': { hash: 'sha512', saltLength: 64 },
};

const MGF1 = '1.2.840.113549.1.1.8';
const PATH = 'signatureAlgorithm.parameters';

/**
 * The hash of RSASSA-PSS-params (RFC 4055, 3.1). Of its many options Go takes three (crypto/x509,
 * getSignatureAlgorithmFromAI): MGF1 with the same hash, a salt as long as the hash, the default trailer.
 * Undefined for all others.
 */
export function pssHash(parameters: Uint8Array): Hash | undefined {
  try {
    return readPssHash(new DerReader(parameters));
  } catch (error) {
    if (error instanceof KubetlsError) return undefined;
    throw error;
  }
}

function readPssHash(outer: DerReader): Hash | undefined {
  const params = outer.enter(Tag.sequence, PATH);
  outer.finish(PATH);
  const hashOid = plainAlgorithm(params.enter(contextConstructedTag(0), `${PATH}.hashAlgorithm`));
  const mask = params.enter(contextConstructedTag(1), `${PATH}.maskGenAlgorithm`).enter(Tag.sequence, PATH);
  if (readOid(mask, PATH) !== MGF1 || plainAlgorithm(mask) !== hashOid) return undefined;
  const salt = smallInteger(params.enter(contextConstructedTag(2), `${PATH}.saltLength`));
  const trailer = params.peek() === contextConstructedTag(3) ? params.enter(params.peek(), PATH) : undefined;
  if (trailer && smallInteger(trailer) !== 1) return undefined;
  const found = HASHES[hashOid];
  return found && salt === found.saltLength ? found.hash : undefined;
}

/** An AlgorithmIdentifier with NULL parameters or none. */
function plainAlgorithm(reader: DerReader): string {
  const algorithm = reader.enter(Tag.sequence, PATH);
  const oid = readOid(algorithm, PATH);
  if (!algorithm.done) algorithm.content(Tag.null, PATH);
  algorithm.finish(PATH);
  return oid;
}

function smallInteger(reader: DerReader): number {
  const content = reader.content(Tag.integer, PATH);
  return content.length === 1 ? content[0]! : -1;
}
