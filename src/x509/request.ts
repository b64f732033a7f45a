import { KubetlsError } from '../base/index.ts';
import { type AlgorithmIdentifier, readAlgorithm } from './algorithm-identifier.ts';
import { bitStringOctets, contextConstructedTag, DerReader, type Range, Tag } from './der.ts';
import { type ExtensionAt, extensionsIn, readExtensions, readSubjectAltName } from './extensions.ts';
import { readGeneralNames } from './general-name.ts';
import { namePaths, readName } from './name.ts';
import { Oid, readOid } from './oid.ts';
import { STRICTEST } from './reading.ts';
import { readSubjectPublicKey } from './keys-public.ts';
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
  const start = request.at;
  const info = request.enter(Tag.sequence, 'certificationRequestInfo');
  const range = { start, end: request.at };
  readAnyVersion(info);
  const subject = readName(info, SUBJECT, true);
  const publicKey = readSubjectPublicKey(info, 'certificationRequestInfo.subjectPKInfo');
  const extensions = readAttributes(info.enter(ATTRIBUTES, 'certificationRequestInfo.attributes'));
  const algorithm = readAlgorithm(request.enter(Tag.sequence, 'signatureAlgorithm'), 'signatureAlgorithm');
  const signature = { start: request.bitString('signature'), end: request.at };
  return new DerRequest(der, { info: range, subject, publicKey, extensions, algorithm, signature });
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
  const seen = new Set<string>();
  while (!attributes.done) {
    const at = attributes.at;
    const start = attributes.openAny('attributes');
    const value = extensionRequest(attributes.inside(at, attributes.at));
    if (!value) continue;
    for (const extension of readExtensions(value)) {
      if (seen.has(extension.oid)) {
        attributes.fail('x509/duplicate-extension', 'an extension is requested twice', 'attributes', start);
      }
      seen.add(extension.oid);
      all.push(extension);
    }
  }
  const names = all.find(({ oid }) => oid === Oid.subjectAltName);
  if (names) readSubjectAltName(attributes.inside(names.start, names.end), STRICTEST);
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
    values.openAny('attributes.values');
    const end = values.at;
    while (!values.done) values.openAny('attributes.values');
    return oid === Oid.extensionRequest ? values.inside(start, end) : undefined;
  } catch (error) {
    // Go passes over an attribute that does not parse: challengePassword and others have odd forms.
    if (error instanceof KubetlsError) return undefined;
    throw error;
  }
}

/** What one pass over a request finds. */
interface RequestLayout {
  readonly info: Range;
  readonly subject: Name;
  readonly publicKey: PublicKey;
  readonly extensions: readonly ExtensionAt[];
  readonly algorithm: AlgorithmIdentifier;
  /** From the count of unused bits on. */
  readonly signature: Range;
}

class DerRequest implements CertificateRequest {
  readonly der: Uint8Array;
  readonly #layout: RequestLayout;

  constructor(der: Uint8Array, layout: RequestLayout) {
    this.der = der;
    this.#layout = layout;
  }

  get info(): Uint8Array {
    const { start, end } = this.#layout.info;
    return this.der.subarray(start, end);
  }
  get subject(): Name {
    return this.#layout.subject;
  }
  get publicKey(): PublicKey {
    return this.#layout.publicKey;
  }
  get extensions(): readonly Extension[] {
    return extensionsIn(this.der, this.#layout.extensions);
  }
  get subjectAltNames(): readonly GeneralName[] | undefined {
    const extension = this.#layout.extensions.find(({ oid }) => oid === Oid.subjectAltName);
    return extension && readGeneralNames(this.der, extension);
  }
  get signatureAlgorithm(): string {
    return this.#layout.algorithm.oid;
  }
  get signatureParameters(): Uint8Array | undefined {
    return this.#layout.algorithm.parameters;
  }
  get signature(): Uint8Array {
    return bitStringOctets(this.der, this.#layout.signature);
  }
}
