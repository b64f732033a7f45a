import { KubetlsError } from '../base/index.ts';
import {
  bitStringOctets,
  type AlgorithmIdentifier,
  type Range,
  readAlgorithm,
} from './certificate-layout.ts';
import { readGeneralNames } from './certificate.ts';
import { contextConstructedTag, DerReader, encode, Tag } from './der.ts';
import { encodeExtensionList } from './extension-build.ts';
import { type ExtensionAt, readExtensions, readSubjectAltName } from './extensions.ts';
import { namePaths, readName } from './name.ts';
import { Oid, oidElement, readOid } from './oid.ts';
import { readSubjectPublicKey } from './spki.ts';
import type { CertificateRequest, Extension, GeneralName, Name, PublicKey } from './types.ts';

/** PKCS#10 certification requests (RFC 2986), read as Go's ParseCertificateRequest does. */

/** Ours: a CertificateSigningRequest lives in etcd, which refuses objects of 1.5 MiB. */
const MAX_BYTES = 2 ** 21;
const SUBJECT = namePaths('certificationRequestInfo.subject');
const ATTRIBUTES = contextConstructedTag(0);

/**
 * One request from its DER, with nothing behind it.
 *
 * @throws KubetlsError a code of `X509Code`, with the offset in `der` and the path in the structure
 */
export function parseRequest(der: Uint8Array): CertificateRequest {
  if (der.length > MAX_BYTES) {
    throw new KubetlsError({ code: 'x509/too-large', message: `a request has more than ${MAX_BYTES} bytes` });
  }
  const file = new DerReader(der);
  const request = file.enter(Tag.sequence, 'request');
  file.finish('request');
  const infoStart = request.at;
  const info = request.enter(Tag.sequence, 'certificationRequestInfo');
  const infoEnd = request.at;
  readAnyVersion(info);
  const subject = readName(info, SUBJECT, true);
  const publicKey = readSubjectPublicKey(info, 'certificationRequestInfo.subjectPKInfo');
  const extensions = readAttributes(info.enter(ATTRIBUTES, 'certificationRequestInfo.attributes'));
  const algorithm = readAlgorithm(request.enter(Tag.sequence, 'signatureAlgorithm'), 'signatureAlgorithm');
  const signature = { start: request.bitString('signature'), end: request.at };
  return new DerRequest(
    der,
    { start: infoStart, end: infoEnd },
    subject,
    publicKey,
    extensions,
    algorithm,
    signature,
  );
}

/** There is only version 1 (0); Go takes any number of 64 bits. */
function readAnyVersion(info: DerReader): void {
  const start = info.integer('certificationRequestInfo.version');
  if (info.at - start > 8) {
    info.fail('x509/version', 'the version is too large', 'certificationRequestInfo.version', start);
  }
}

function readAttributes(attributes: DerReader): ExtensionAt[] {
  const all: ExtensionAt[] = [];
  while (!attributes.done) {
    const at = attributes.at;
    const start = attributes.open(attributes.peek(), 'attributes');
    const value = extensionRequest(attributes.inside(at, attributes.at));
    if (!value) continue;
    for (const extension of readExtensions(value)) all.push(extension);
    if (new Set(all.map(({ oid }) => oid)).size < all.length) {
      attributes.fail('x509/duplicate-extension', 'an extension is requested twice', 'attributes', start);
    }
  }
  const names = all.find(({ oid }) => oid === Oid.subjectAltName);
  if (names) {
    const value = attributes.inside(names.start, names.end);
    readSubjectAltName(value);
  }
  return all;
}

/** The first value of an extensionRequest attribute (RFC 2985, 5.4.2). */
function extensionRequest(reader: DerReader): DerReader | undefined {
  try {
    const attribute = reader.enter(Tag.sequence, 'attributes');
    const oid = readOid(attribute, 'attributes.type');
    const values = attribute.enter(Tag.set, 'attributes.values');
    const start = values.at;
    if (values.done) return undefined;
    values.open(values.peek(), 'attributes.values');
    const end = values.at;
    while (!values.done) values.open(values.peek(), 'attributes.values');
    return oid === Oid.extensionRequest ? values.inside(start, end) : undefined;
  } catch (error) {
    // Go passes over an attribute that does not parse: challengePassword and others have odd forms.
    if (error instanceof KubetlsError) return undefined;
    throw error;
  }
}

class DerRequest implements CertificateRequest {
  readonly der: Uint8Array;
  readonly subject: Name;
  readonly publicKey: PublicKey;
  readonly #info: Range;
  readonly #extensions: readonly ExtensionAt[];
  readonly #algorithm: AlgorithmIdentifier;
  readonly #signature: Range;

  constructor(
    der: Uint8Array,
    info: Range,
    subject: Name,
    publicKey: PublicKey,
    extensions: readonly ExtensionAt[],
    algorithm: AlgorithmIdentifier,
    signature: Range,
  ) {
    this.der = der;
    this.subject = subject;
    this.publicKey = publicKey;
    this.#info = info;
    this.#extensions = extensions;
    this.#algorithm = algorithm;
    this.#signature = signature;
  }

  get info(): Uint8Array {
    return this.der.subarray(this.#info.start, this.#info.end);
  }
  get extensions(): readonly Extension[] {
    return this.#extensions.map(({ oid, critical, start, end }) => ({
      oid,
      critical,
      value: this.der.subarray(start, end),
    }));
  }
  get subjectAltNames(): readonly GeneralName[] | undefined {
    const extension = this.#extensions.find(({ oid }) => oid === Oid.subjectAltName);
    return extension && readGeneralNames(this.der, extension);
  }
  get signatureAlgorithm(): string {
    return this.#algorithm.oid;
  }
  get signatureParameters(): Uint8Array | undefined {
    return this.#algorithm.parameters;
  }
  get signature(): Uint8Array {
    return bitStringOctets(this.der, this.#signature);
  }
}

export interface RequestFields {
  readonly subject: Name;
  readonly publicKey: PublicKey;
  /** Requested with an extensionRequest attribute; no attribute when there are none. */
  readonly extensions: readonly Extension[];
}

const VERSION_1 = encode(Tag.integer, Uint8Array.of(0));

/**
 * DER of a CertificationRequestInfo.
 *
 * @throws KubetlsError `x509/duplicate-extension`
 */
export function encodeRequestInfo({ subject, publicKey, extensions }: RequestFields): Uint8Array {
  const attributes =
    extensions.length === 0
      ? []
      : [
          encode(
            Tag.sequence,
            oidElement(Oid.extensionRequest),
            encode(Tag.set, encodeExtensionList(extensions)),
          ),
        ];
  return encode(Tag.sequence, VERSION_1, subject.der, publicKey.spki, encode(ATTRIBUTES, ...attributes));
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
  const bits = encode(Tag.bitString, Uint8Array.of(0), signature);
  return parseRequest(encode(Tag.sequence, info, signatureAlgorithm, bits));
}
