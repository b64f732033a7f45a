export {
  buildKubeconfig,
  type Credentials,
  type KeyMaterial,
  type KubeconfigSpec,
  type Material,
} from './build.ts';
export {
  type ContextFields,
  deleteEntry,
  type EntryKind,
  type KubeconfigEdit,
  renameContext,
  setContext,
  useContext,
} from './edit.ts';
export type { KubeconfigCode } from './errors.ts';
export { type Conflict, gatherKubeconfigs, type NamedFile } from './gather.ts';
export { Opaque } from './json.ts';
export {
  kubeconfigList,
  type KubeconfigSource,
  type LoadedKubeconfig,
  loadKubeconfigs,
  targetOf,
} from './load.ts';
export { extractMaterial, fileName, materialPaths, relativePaths } from './material.ts';
export { type KubeconfigFile, mergeKubeconfigs } from './merge.ts';
export { type LocatedKubeconfig, locateKubeconfig, parseKubeconfig } from './parse.ts';
export { withClusterPaths, withUserPaths } from './paths.ts';
export { clusterProblems, contextProblems, type Problem, userProblems } from './problems.ts';
export {
  type Impersonation,
  type ResolvedClient,
  type ResolveOptions,
  resolveKubeconfig,
} from './resolve.ts';
export { parseServer, type Server } from './server-url.ts';
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
export { flattenKubeconfig, knownFields, minifyKubeconfig, redactKubeconfig } from './view.ts';
export { writeKubeconfig, writeKubeconfigJson } from './write.ts';
