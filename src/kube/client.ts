import { jsonOf, objectIn, textOf } from './body.ts';
import { list } from './list.ts';
import { collectionPath, objectPath } from './paths.ts';
import { type ClientOptions, PATIENCE, sender } from './send.ts';
import type { ApiRequest, Exchange, Json, KubeClient, KubeObject, PatchKind } from './types.ts';
import { watch } from './watch.ts';

/** The few requests that kubetls makes of an API server, over whatever carries them. */
export function kubeClient(exchange: Exchange, options: ClientOptions = {}): KubeClient {
  const send = sender(exchange, options);
  const json = async (request: Asked): Promise<Json> => {
    const text = await send({ patience: PATIENCE, ...request }, ({ body }) => textOf(body));
    return jsonOf(text, request.path);
  };
  const object = async (request: Asked): Promise<KubeObject> => objectIn(await json(request), request.path);
  return {
    get: (resource, name, { signal } = {}) =>
      object({ method: 'GET', path: objectPath(resource, name), ...given(signal) }),
    list: (resource, asked = {}) => list(send, resource, asked),
    watch: (resource, asked = {}) => watch(send, resource, asked),
    patch: (resource, name, patch, { kind, subresource, fieldManager, force, dryRun, signal }) =>
      object({
        method: 'PATCH',
        path: objectPath(resource, name, subresource, {
          fieldManager,
          force: force === true ? 'true' : undefined,
          dryRun: dryRun === true ? 'All' : undefined,
        }),
        contentType: PATCH_TYPES[kind],
        body: JSON.stringify(patch),
        ...given(signal),
      }),
    create: (resource, made, { namespace, signal } = {}) =>
      object({
        method: 'POST',
        path: collectionPath(resource, namespace),
        contentType: 'application/json',
        body: JSON.stringify(made),
        ...given(signal),
      }),
    getPath: (path, { signal } = {}) => json({ method: 'GET', path, ...given(signal) }),
    close: () => exchange.close(),
  };
}

type Asked = Omit<ApiRequest, 'patience'>;

const given = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

/** apimachinery pkg/types/patch.go; JSON is YAML, which is what an applied configuration is read as. */
const PATCH_TYPES: Readonly<Record<PatchKind, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};
