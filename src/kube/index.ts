export { kubeClient } from './client.ts';
export { type ExchangeOptions, httpsExchange } from './exchange.ts';
export { fakeApi, type FakeApi } from './fake.ts';
export { RESOURCES } from './resources.ts';
export type { ClientOptions } from './send.ts';
export type {
  ApiRequest,
  ApiResponse,
  CallOptions,
  Exchange,
  Json,
  JsonObject,
  KubeClient,
  KubeCode,
  KubeError,
  KubeObject,
  Listing,
  ListOptions,
  ObjectMeta,
  ObjectName,
  PatchKind,
  PatchOptions,
  Resource,
  SelectOptions,
  WatchEvent,
  WatchOptions,
} from './types.ts';
