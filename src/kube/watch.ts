import { KubetlsError } from '../base/index.ts';
import { jsonOf, linesOf, malformed, objectIn } from './body.ts';
import { failed } from './errors.ts';
import { collectionPath } from './paths.ts';
import { type Send } from './send.ts';
import { isObject, refusalInEvent } from './status.ts';
import type { ApiResponse, Json, KubeCode, KubeError, Resource, WatchEvent, WatchOptions } from './types.ts';

/** Seconds; the server ends a watch by itself. client-go takes 5 to 10 minutes (tools/cache/reflector.go). */
const LONGEST = 290;
/** A watch on which nothing happens is silent but for bookmarks, once a minute; beyond its end it is lost. */
const SILENCE = (LONGEST + 30) * 1_000;
/** Watches that end at once, without an event, in a row. */
const EMPTY_IN_A_ROW = 5;

export async function* watch(
  send: Send,
  resource: Resource,
  { namespace, labelSelector, fieldSelector, resourceVersion, signal }: WatchOptions,
): AsyncGenerator<WatchEvent> {
  let from = resourceVersion;
  let empty = 0;
  for (;;) {
    if (signal?.aborted === true) return;
    const path = collectionPath(resource, namespace, {
      labelSelector,
      fieldSelector,
      resourceVersion: from,
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(LONGEST),
    });
    const began = performance.now();
    for await (const { type, object } of eventsOver(send, path, signal)) {
      from = object.metadata.resourceVersion ?? from;
      empty = 0;
      if (type !== 'BOOKMARK') yield { type, object };
    }
    // A server that closes at once must not be asked in a tight loop.
    if (performance.now() - began < 1_000 && ++empty >= EMPTY_IN_A_ROW) throw endsAtOnce(path);
  }
}

type Told = Omit<WatchEvent, 'type'> & { readonly type: WatchEvent['type'] | 'BOOKMARK' };

const TYPES: readonly Json[] = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'];

async function* eventsOver(send: Send, path: string, signal: AbortSignal | undefined): AsyncGenerator<Told> {
  try {
    const request = {
      method: 'GET',
      path,
      patience: SILENCE,
      endless: true,
      ...(signal && { signal }),
    } as const;
    yield* eventsIn(await send(request, async (response) => response), path);
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** A connection that is lost ends them, as the server's own end does: the next request goes on from there. */
async function* eventsIn({ body }: ApiResponse, path: string): AsyncGenerator<Told> {
  try {
    for await (const line of linesOf(body)) {
      if (line.trim() !== '') yield eventIn(line, path);
    }
  } catch (error) {
    const lost = error instanceof KubetlsError && LOST.has(error.code as KubeCode);
    if (!lost) throw error;
  }
}

const LOST: ReadonlySet<KubeCode> = new Set(['kube/unreachable', 'kube/timeout']);

function eventIn(line: string, path: string): Told {
  const event = jsonOf(line, path);
  const { type, object } = isObject(event) ? event : {};
  if (type === 'ERROR') throw refusalInEvent(object, path);
  if (type === undefined || !TYPES.includes(type)) throw malformed(path);
  return { type: type as Told['type'], object: objectIn(object, path) };
}

function endsAtOnce(path: string): KubeError {
  const message = `watching ${path.split('?', 1)[0]}: the server ends it at once, ${EMPTY_IN_A_ROW} times in a row`;
  return failed('kube/server', message);
}
