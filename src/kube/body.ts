import { asBuffer } from '../base/index.ts';
import { failed } from './errors.ts';
import { isObject } from './status.ts';
import type { Json, KubeError, KubeObject } from './types.ts';

/** A page of 500 objects of the largest size that etcd takes (1.5 MiB) is no page that anyone has. */
const LARGEST_BODY = 256 * 2 ** 20;
/** An object as an event: etcd's limit, and what JSON adds to it. */
const LARGEST_LINE = 16 * 2 ** 20;

/** The whole body as text. */
export async function textOf(body: AsyncIterable<Uint8Array>, limit = LARGEST_BODY): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

/** @throws KubeError `kube/malformed` */
export function jsonOf(text: string, path: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw malformed(path);
  }
}

/** @throws KubeError `kube/malformed` */
export function objectIn(value: Json | undefined, path: string): KubeObject {
  if (!isObject(value) || !isObject(value['metadata'])) throw malformed(path);
  return value as KubeObject;
}

export function malformed(path: string): KubeError {
  return failed('kube/malformed', `${path.split('?', 1)[0]}: the answer is none of an API server`);
}

/** Lines as they come; what follows the last line feed is dropped: the connection was cut there. */
export async function* linesOf(
  body: AsyncIterable<Uint8Array>,
  limit = LARGEST_LINE,
): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    let rest = asBuffer(chunk);
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]).toString('utf8');
      parts = [];
      size = 0;
      rest = rest.subarray(end + 1);
    }
    size += rest.length;
    if (size > limit) throw tooLarge(limit);
    if (rest.length > 0) parts.push(rest);
  }
}

const LINE_FEED = 0x0a;

function tooLarge(limit: number): KubeError {
  return failed('kube/too-large', `an answer of more than ${limit / 2 ** 20} MiB is not read`);
}
