import { jsonOf, malformed, objectIn, textOf } from './body.ts';
import { collectionPath } from './paths.ts';
import { PATIENCE, type Send } from './send.ts';
import { isObject } from './status.ts';
import type { Json, JsonObject, KubeObject, Listing, ListOptions, Resource } from './types.ts';

/** kubectl's `--chunk-size` (cli-runtime pkg/resource). */
const PAGE = 500;

/**
 * All pages of one moment, each read when the one before it was taken: memory is that of a page. Items have no
 * `apiVersion` and `kind` of their own in a list; they are given those of the list.
 */
export function list(send: Send, resource: Resource, options: ListOptions): Listing {
  let resourceVersion: string | undefined;
  return {
    get resourceVersion() {
      return resourceVersion;
    },
    async *[Symbol.asyncIterator]() {
      let from: string | undefined;
      do {
        const page = await pageFrom(send, resource, options, from);
        // A server that sends us in a circle would be listed for ever.
        if (page.next !== undefined && page.next === from)
          throw malformed(collectionPath(resource, options.namespace));
        yield* page.items;
        ({ resourceVersion, next: from } = page);
      } while (from !== undefined);
    },
  };
}

interface Page {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string | undefined;
  readonly next: string | undefined;
}

async function pageFrom(
  send: Send,
  resource: Resource,
  { namespace, labelSelector, fieldSelector, pageSize = PAGE, signal }: ListOptions,
  from: string | undefined,
): Promise<Page> {
  const limit = String(pageSize);
  const path = collectionPath(resource, namespace, { labelSelector, fieldSelector, limit, continue: from });
  const request = { method: 'GET', path, patience: PATIENCE, ...(signal && { signal }) } as const;
  const text = await send(request, ({ body }) => textOf(body));
  return pageIn(jsonOf(text, path) as JsonObject, path);
}

function pageIn(value: JsonObject, path: string): Page {
  const { apiVersion, kind, metadata, items } = isObject(value) ? value : {};
  if (!isObject(metadata) || !(Array.isArray(items) || items === null)) throw malformed(path);
  const own = { ...text('apiVersion', apiVersion), ...text('kind', kind, /List$/) };
  const { resourceVersion, continue: next } = metadata;
  return {
    items: ((items ?? []) as readonly Json[]).map((item) => ({ ...own, ...objectIn(item, path) })),
    resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : undefined,
    next: typeof next === 'string' && next !== '' ? next : undefined,
  };
}

function text(key: string, value: unknown, without?: RegExp): Record<string, string> {
  return typeof value === 'string' ? { [key]: without ? value.replace(without, '') : value } : {};
}
