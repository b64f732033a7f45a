/**
 * An API server in memory, for tests of whatever speaks through the client: objects of any kind, pages,
 * watches, merge patches, and refusals in the words of the real one. No admission, no defaults, no schema.
 */
import { utf8 } from '../base/index.ts';
import { collectionPath } from './paths.ts';
import { isObject } from './status.ts';
import type {
  ApiRequest,
  ApiResponse,
  Exchange,
  Json,
  JsonObject,
  KubeObject,
  Resource,
  WatchEvent,
} from './types.ts';

export interface FakeApi {
  readonly exchange: Exchange;
  /** Adds it, or puts it in the place of the one of its name; watchers are told. Gives it as it is kept. */
  put(resource: Resource, object: JsonObject): KubeObject;
  remove(resource: Resource, name: string, namespace?: string): void;
  /** Forgets what happened before: whoever watches from there is gone. */
  compact(): void;
  /** Every request that came, in their order. */
  readonly requests: readonly ApiRequest[];
}

interface Happened {
  readonly revision: number;
  readonly collection: string;
  readonly event: WatchEvent;
}

interface Kept {
  readonly collection: string;
  readonly object: KubeObject;
}

/** Milliseconds that a watch waits for more, in place of minutes. */
const WATCH_ENDS_AFTER = 40;

export function fakeApi(): FakeApi {
  const objects = new Map<string, Kept>();
  const requests: ApiRequest[] = [];
  let history: Happened[] = [];
  let revision = 1;
  let oldest = 1;

  const changed = (type: WatchEvent['type'], collection: string, object: JsonObject): KubeObject => {
    const metadata = { ...(object['metadata'] as JsonObject), resourceVersion: String(++revision) };
    const kept = { ...object, metadata } as unknown as KubeObject;
    const key = `${collection} ${keyOf(kept)}`;
    if (type === 'DELETED') objects.delete(key);
    else objects.set(key, { collection, object: kept });
    history.push({ revision, collection, event: { type, object: kept } });
    return kept;
  };
  const find = (collection: string, namespace: string | undefined, name: string) =>
    objects.get(`${collection} ${namespace === undefined ? name : `${namespace}/${name}`}`)?.object;
  const put = (collection: string, object: JsonObject): KubeObject => {
    const { name, namespace } = object['metadata'] as KubeObject['metadata'];
    return changed(find(collection, namespace, name) ? 'MODIFIED' : 'ADDED', collection, object);
  };

  const answerTo = (request: ApiRequest): ApiResponse => {
    const url = new URL(request.path, 'https://fake');
    const place = placeOf(url.pathname);
    if (!place) return json(404, status(404, 'NotFound', 'the server could not find the requested resource'));
    const { collection, namespace, name } = place;
    const body = request.body === undefined ? undefined : (JSON.parse(request.body) as JsonObject);
    if (name === undefined) {
      if (request.method === 'POST') return created(collection, namespace, body ?? {});
      return url.searchParams.get('watch') === 'true' ? watched(place, url) : listed(place, url);
    }
    const object = find(collection, namespace, name);
    if (!object) return json(404, status(404, 'NotFound', `${titleOf(collection)} "${name}" not found`));
    if (request.method === 'GET') return json(200, object);
    if (request.method === 'DELETE') {
      changed('DELETED', collection, object);
      return json(200, status(200, '', ''));
    }
    if (request.contentType !== 'application/merge-patch+json')
      return json(415, status(415, 'UnsupportedMediaType', 'the fake takes merge patches only'));
    const patched = merged(object, body) as JsonObject;
    const wanted = isObject(body?.['metadata']) ? body['metadata']['resourceVersion'] : undefined;
    if (wanted !== undefined && wanted !== object.metadata.resourceVersion)
      return json(
        409,
        status(
          409,
          'Conflict',
          `Operation cannot be fulfilled on ${titleOf(collection)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
        ),
      );
    return json(200, url.searchParams.get('dryRun') === 'All' ? patched : put(collection, patched));
  };

  const created = (collection: string, namespace: string | undefined, object: JsonObject): ApiResponse => {
    const metadata: JsonObject = {
      ...(object['metadata'] as JsonObject),
      ...(namespace !== undefined && { namespace }),
    };
    const { name } = metadata as KubeObject['metadata'];
    if (find(collection, namespace, name))
      return json(409, status(409, 'AlreadyExists', `${titleOf(collection)} "${name}" already exists`));
    return json(201, put(collection, { ...object, metadata }));
  };

  const listed = ({ collection, namespace }: Place, { searchParams: query }: URL): ApiResponse => {
    const from = Number(query.get('continue') ?? 0);
    const limit = Number(query.get('limit') ?? Number.POSITIVE_INFINITY);
    const all = Array.from(objects.values(), ({ collection: own, object }) =>
      own === collection ? object : undefined,
    )
      .filter((object) => object !== undefined)
      .filter((object) => namespace === undefined || object.metadata.namespace === namespace)
      .filter((object) => selected(object, query.get('labelSelector')))
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const items = all.slice(from, from + limit).map(({ apiVersion: _a, kind: _k, ...item }) => item);
    const more =
      from + limit < all.length
        ? { continue: String(from + limit), remainingItemCount: all.length - from - limit }
        : {};
    return json(200, {
      kind: `${all[0]?.kind ?? ''}List`,
      apiVersion: all[0]?.apiVersion ?? 'v1',
      metadata: { resourceVersion: String(revision), ...more },
      items: items as unknown as Json,
    });
  };

  const watched = ({ collection, namespace }: Place, { searchParams: query }: URL): ApiResponse => {
    let from = Number(query.get('resourceVersion') ?? revision);
    const gone = `too old resource version: ${from} (${oldest})`;
    async function* lines(): AsyncGenerator<Uint8Array> {
      if (from < oldest) {
        yield line({ type: 'ERROR', object: status(410, 'Expired', gone) });
        return;
      }
      for (const end = Date.now() + WATCH_ENDS_AFTER; Date.now() < end; ) {
        for (const { revision: at, collection: own, event } of history.filter(
          ({ revision: at }) => at > from,
        )) {
          from = at;
          const inside = namespace === undefined || event.object.metadata.namespace === namespace;
          if (own === collection && inside) yield line(event as unknown as Json);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      yield line({ type: 'BOOKMARK', object: { metadata: { name: '', resourceVersion: String(from) } } });
    }
    return { status: 200, retryAfter: undefined, body: lines() };
  };

  const exchange = async (request: ApiRequest): Promise<ApiResponse> => {
    requests.push(request);
    return answerTo(request);
  };
  return {
    exchange: Object.assign(exchange, { close: () => undefined }),
    put: (resource, object) => put(collectionPath(resource, undefined), object),
    remove: (resource, name, namespace) => {
      const collection = collectionPath(resource, undefined);
      const object = find(collection, namespace, name);
      if (object) changed('DELETED', collection, object);
    },
    compact: () => {
      history = [];
      oldest = revision;
    },
    requests,
  };
}

interface Place {
  /** Path of the collection over all namespaces. */
  readonly collection: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

const PATH =
  /^(\/api\/[^/]+|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/[^/]+)?$/;

function placeOf(path: string): Place | undefined {
  const [, root, namespace, resource, name] = PATH.exec(path) ?? [];
  if (root === undefined) return undefined;
  return {
    collection: `${root}/${resource}`,
    namespace: namespace && decodeURIComponent(namespace),
    name: name && decodeURIComponent(name),
  };
}

function keyOf({ metadata: { name, namespace } }: KubeObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** `secrets`, `certificatesigningrequests.certificates.k8s.io`. */
function titleOf(collection: string): string {
  const [, kind, group, , resource] = collection.split('/');
  return kind === 'apis' ? `${resource}.${group}` : (collection.split('/').at(-1) ?? '');
}

/** Equality alone: `a=b,c=d`. */
function selected({ metadata }: KubeObject, selector: string | null): boolean {
  const labels = isObject(metadata['labels']) ? metadata['labels'] : {};
  return (selector ?? '')
    .split(',')
    .filter((term) => term !== '')
    .every((term) => {
      const [key = '', value] = term.split('=');
      return labels[key] === value;
    });
}

/** RFC 7396. */
function merged(target: Json | undefined, patch: Json | undefined): Json | undefined {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json | undefined> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

function status(code: number, reason: string, message: string): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: code < 300 ? 'Success' : 'Failure',
    message,
    reason,
    code,
  };
}

function json(code: number, value: Json): ApiResponse {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield utf8(JSON.stringify(value));
  }
  return { status: code, retryAfter: undefined, body: body() };
}

function line(event: Json): Uint8Array {
  return utf8(`${JSON.stringify(event)}\n`);
}
