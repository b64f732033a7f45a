import { expectedFailure, type Failure, KubetlsError, toHex } from '../base/index.ts';
import { publicKeyFromSpki } from '../x509/index.ts';
import { type Element, type Field, type Shape, unmarshal } from './asn1.ts';
import { Misfit, syntax } from './asn1-values.ts';
import { parseRefusal } from './parse-messages-certificate.ts';

/**
 * Why Go's x509.ParseCertificateRequest refuses what `parseRequest` has refused. Go reads requests with
 * encoding/asn1, whose texts come from the bytes and the Go types that do not fit; so the bytes are looked at again.
 *
 * One text is not Go's to the letter: in it is the address of a pointer (`tag:0xc000…`).
 */
export function requestRefusal(der: Uint8Array, failure: Failure): string {
  try {
    checkRequest(der);
  } catch (error) {
    if (error instanceof Misfit) return error.message;
    if (error instanceof KubetlsError) return parseRefusal(expectedFailure(error));
    throw error;
  }
  // The alternative names: Go has one parser for those of requests and certificates.
  return parseRefusal(failure);
}

const RAW: Shape = { kind: 'raw', name: 'RawValue' };
const OID: Shape = { kind: 'oid', name: 'ObjectIdentifier' };
const BITS: Shape = { kind: 'bits', name: 'BitString' };

function struct(name: string, ...fields: readonly (Shape | Field)[]): Shape {
  return { kind: 'struct', name, fields: fields.map((one) => ('shape' in one ? one : { shape: one })) };
}

function list(name: string, of: Shape): Shape {
  return { kind: 'list', name, of };
}

/** crypto/x509/x509.go and pkix/pkix.go: the types, without their Raw fields. */
const ALGORITHM = struct('AlgorithmIdentifier', OID, { shape: RAW, optional: true });
const PUBLIC_KEY = struct('publicKeyInfo', ALGORITHM, BITS);
const INFO = struct('tbsCertificateRequest', { shape: { kind: 'int', name: 'int' } }, RAW, PUBLIC_KEY, {
  shape: list('', RAW),
  tag: 0,
});
const REQUEST = struct('certificateRequest', INFO, ALGORITHM, BITS);
const ATTRIBUTE_VALUE = struct('AttributeTypeAndValue', OID, { kind: 'any', name: '' });
const NAME = list('RDNSequence', list('RelativeDistinguishedNameSET', ATTRIBUTE_VALUE));
const ATTRIBUTE = struct('pkcs10Attribute', OID, { shape: list('', RAW), set: true });
const EXTENSIONS = list(
  '',
  struct(
    'Extension',
    OID,
    { shape: { kind: 'bool', name: 'bool' }, optional: true },
    { kind: 'octets', name: '' },
  ),
);

/** In the order of ParseCertificateRequest. */
function checkRequest(der: Uint8Array): void {
  const request = whole(der, REQUEST);
  if (request.bytes.length < der.length) syntax('trailing data');
  const [info] = request.parts;
  const [, subject, publicKey, attributes] = info!.parts;
  publicKeyFromSpki(publicKey!.bytes);
  whole(subject!.bytes, NAME);
  const seen = new Set<string>();
  for (const attribute of attributes!.parts) {
    const extensions = extensionRequest(attribute!.bytes);
    if (extensions) checkExtensions(extensions, seen);
  }
}

function whole(bytes: Uint8Array, shape: Shape): Element {
  return unmarshal(bytes, 0, { shape })!;
}

/** 1.2.840.113549.1.9.14 (RFC 2985, 5.4.2) */
const EXTENSION_REQUEST = '2a864886f70d01090e';

/** The first value of such an attribute. Others, and those that do not parse, are passed over. */
function extensionRequest(attribute: Uint8Array): Uint8Array | undefined {
  try {
    const [oid, values] = whole(attribute, ATTRIBUTE).parts;
    return toHex(oid!.content) === EXTENSION_REQUEST ? values!.parts[0]?.bytes : undefined;
  } catch (error) {
    if (error instanceof Misfit) return undefined;
    throw error;
  }
}

function checkExtensions(value: Uint8Array, seen: Set<string>): void {
  for (const extension of whole(value, EXTENSIONS).parts) {
    const oid = toHex(extension!.parts[0]!.content);
    if (seen.has(oid)) throw new Misfit('x509: certificate request contains duplicate requested extensions');
    seen.add(oid);
  }
}
