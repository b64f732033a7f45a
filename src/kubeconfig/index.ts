export {
  buildKubeconfig,
  type Credentials,
  type KeyMaterial,
  type KubeconfigSpec,
  type Material,
} from './build.ts';
export type { KubeconfigCode } from './errors.ts';
export { Opaque } from './json.ts';
export { type KubeconfigFile, mergeKubeconfigs } from './merge.ts';
export { parseKubeconfig } from './parse.ts';
export { type ResolvedClient, type ResolveOptions, resolveKubeconfig } from './resolve.ts';
export type { Server } from './server-url.ts';
export type { Authentication, ReadFile, Transport } from './transport.ts';
export type {
  Cluster,
  Context,
  Kubeconfig,
  NamedCluster,
  NamedContext,
  NamedExtension,
  NamedUser,
  User,
} from './types.ts';
export { writeKubeconfig } from './write.ts';
