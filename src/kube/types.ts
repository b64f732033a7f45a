import type { KubetlsError } from '../base/index.ts';

/** Values of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** An object as the server sent it, with every field that we have no name for. */
export interface KubeObject extends JsonObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

export interface ObjectMeta extends JsonObject {
  readonly name: string;
  /** Absent in objects that are in no namespace. */
  readonly namespace?: string;
  /** Opaque: compared for equality only. */
  readonly resourceVersion?: string;
  readonly uid?: string;
}

/** A kind of object by its path in the API, such as `{ group: 'apps', version: 'v1', resource: 'deployments' }`. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespaced: boolean;
}

export interface ObjectName {
  readonly name: string;
  /** Needed where the resource is namespaced. */
  readonly namespace?: string;
}

/** Of one object, such as `status`. */
export type Subresource = string;

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface SelectOptions extends CallOptions {
  /** All namespaces when absent. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListOptions extends SelectOptions {
  /** Objects in a page; default 500, as kubectl's `--chunk-size`. */
  readonly pageSize?: number;
}

export interface WatchOptions extends SelectOptions {
  /** Of a list or an object: what came later is told. Without it the server begins with all that there is. */
  readonly resourceVersion?: string;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/** How the body of a patch is meant (apimachinery pkg/types/patch.go). */
export type PatchKind = 'json' | 'merge' | 'strategic' | 'apply';

export interface PatchOptions extends CallOptions {
  readonly kind: PatchKind;
  readonly subresource?: Subresource;
  /** Who owns the fields; needed with `apply`. */
  readonly fieldManager?: string;
  /** With `apply`: takes over fields that others own. */
  readonly force?: boolean;
  /** The server answers as if, and keeps nothing. */
  readonly dryRun?: boolean;
}

/** A page after the other, each object once. `resourceVersion` is known when the last was taken. */
export interface Listing extends AsyncIterable<KubeObject> {
  readonly resourceVersion: string | undefined;
}

export interface KubeClient {
  get(resource: Resource, name: ObjectName, options?: CallOptions): Promise<KubeObject>;
  list(resource: Resource, options?: ListOptions): Listing;
  /**
   * What happens from now on, over as many requests as it takes; it ends when `signal` is given, and throws
   * `kube/gone` when the server no longer knows where we stopped: list again.
   */
  watch(resource: Resource, options?: WatchOptions): AsyncIterable<WatchEvent>;
  patch(resource: Resource, name: ObjectName, patch: Json, options: PatchOptions): Promise<KubeObject>;
  create(
    resource: Resource,
    object: JsonObject,
    options?: CallOptions & { namespace?: string },
  ): Promise<KubeObject>;
  /** Any other path, such as `/version`. */
  getPath(path: string, options?: CallOptions): Promise<Json>;
  /** Closes idle connections. */
  close(): void;
}

export type KubeCode =
  | 'kube/authentication'
  | 'kube/unreachable'
  | 'kube/tls'
  | 'kube/timeout'
  | 'kube/interrupted'
  | 'kube/malformed'
  | 'kube/too-large'
  | 'kube/unauthorized'
  | 'kube/forbidden'
  | 'kube/not-found'
  | 'kube/conflict'
  | 'kube/gone'
  | 'kube/invalid'
  | 'kube/throttled'
  | 'kube/server'
  | 'kube/refused';

export type KubeError = KubetlsError<KubeCode>;

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte after which it counts as lost. */
  readonly patience: number;
  /** A watch: it does not keep others waiting for its end. */
  readonly endless?: boolean;
}

export interface ApiResponse {
  readonly status: number;
  /** Seconds, of the header Retry-After. */
  readonly retryAfter: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Under the client: one request to one response, over a socket or to a fake.
 *
 * @throws KubeError `kube/unreachable`, `kube/tls`, `kube/timeout`, `kube/interrupted`; so does its body
 */
export interface Exchange {
  (request: ApiRequest): Promise<ApiResponse>;
  close(): void;
}
