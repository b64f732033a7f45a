import { contextConstructedTag, Tag } from './der.ts';
import { encode } from './der-encode.ts';
import { encodeExtensionList } from './extension-build.ts';
import { Oid, oidElement } from './oid.ts';
import { parseRequest } from './request.ts';
import { encodeSigned } from './signed.ts';
import type { CertificateRequest, Extension, Name, PublicKey } from './types.ts';

export interface RequestFields {
  readonly subject: Name;
  readonly publicKey: PublicKey;
  /** Requested with an extensionRequest attribute; no attribute when there are none. */
  readonly extensions: readonly Extension[];
}

const ATTRIBUTES = contextConstructedTag(0);
const VERSION_1 = encode(Tag.integer, Uint8Array.of(0));

/**
 * DER of a CertificationRequestInfo.
 *
 * @throws KubetlsError `x509/duplicate-extension`
 */
export function encodeRequestInfo({ subject, publicKey, extensions }: RequestFields): Uint8Array {
  const attributes = encode(ATTRIBUTES, ...(extensions.length === 0 ? [] : [extensionRequest(extensions)]));
  return encode(Tag.sequence, VERSION_1, subject.der, publicKey.spki, attributes);
}

/** RFC 2985, 5.4.2. */
function extensionRequest(extensions: readonly Extension[]): Uint8Array {
  const values = encode(Tag.set, encodeExtensionList(extensions));
  return encode(Tag.sequence, oidElement(Oid.extensionRequest), values);
}

/**
 * The request of a signed CertificationRequestInfo.
 *
 * @param signatureAlgorithm DER of the AlgorithmIdentifier
 * @param signature content of the BIT STRING
 */
export function assembleRequest(
  info: Uint8Array,
  signatureAlgorithm: Uint8Array,
  signature: Uint8Array,
): CertificateRequest {
  return parseRequest(encodeSigned(info, signatureAlgorithm, signature));
}
