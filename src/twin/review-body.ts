import { asBuffer, fieldOf, parsedJson } from '../base/index.ts';

/**
 * The fields of a review that a client sends, from JSON or from Kubernetes' protobuf, which client-go
 * prefers for its own types. Absent and malformed ones are undefined.
 */
export interface ReviewFields {
  /** `spec.namespace` of a SelfSubjectRulesReview. */
  readonly namespace: string | undefined;
  readonly resource: Readonly<Record<string, string>> | undefined;
  readonly nonResource: Readonly<Record<string, string>> | undefined;
}

/** In the order of their numbers in api/authorization/v1/generated.proto, from 1. */
const RESOURCE_FIELDS = ['namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'];
const NON_RESOURCE_FIELDS = ['path', 'verb'];

export function readReview(body: Uint8Array): ReviewFields {
  const bytes = asBuffer(body);
  return bytes.subarray(0, 4).toString('latin1') === 'k8s\0'
    ? fromProtobuf(bytes.subarray(4))
    : fromJson(bytes);
}

function fromJson(bytes: Buffer): ReviewFields {
  const spec = fieldOf(parsedJson(bytes.toString('utf8')), 'spec');
  const namespace = fieldOf(spec, 'namespace');
  return {
    namespace: typeof namespace === 'string' ? namespace : undefined,
    resource: texts(fieldOf(spec, 'resourceAttributes')),
    nonResource: texts(fieldOf(spec, 'nonResourceAttributes')),
  };
}

function texts(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => typeof one === 'string'));
}

/** runtime.Unknown has the object in field 2; the object has its spec in field 2 (runtime/generated.proto). */
function fromProtobuf(unknown: Buffer): ReviewFields {
  const spec = messageFields(messageFields(messageFields(unknown).get(2)).get(2));
  const named = (
    message: Buffer | undefined,
    names: readonly string[],
  ): Record<string, string> | undefined => {
    if (message === undefined) return undefined;
    const found = messageFields(message);
    return Object.fromEntries(
      names.map((name, index) => [name, found.get(index + 1)?.toString('utf8') ?? '']),
    );
  };
  return {
    namespace: spec.get(1)?.toString('utf8'),
    resource: named(spec.get(1), RESOURCE_FIELDS),
    nonResource: named(spec.get(2), NON_RESOURCE_FIELDS),
  };
}

/** Wire types of protobuf; strings and messages are length-delimited. */
const WIRE = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 };

/** The length-delimited fields of a message, by number; ends at the first byte that is no field. */
function messageFields(message: Buffer | undefined): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  if (message === undefined) return found;
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; at < message.length && shift < 2 ** 35; shift *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < message.length) {
    const tag = varint();
    const type = tag & 7;
    if (type === WIRE.varint) varint();
    else if (type === WIRE.fixed64) at += 8;
    else if (type === WIRE.fixed32) at += 4;
    else if (type === WIRE.delimited) {
      const length = varint();
      found.set(tag >>> 3, message.subarray(at, at + length));
      at += length;
    } else break;
  }
  return found;
}
