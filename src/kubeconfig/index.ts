export {
  buildKubeconfig,
  type Credentials,
  type KeyMaterial,
  type KubeconfigSpec,
  type Material,
} from './build.ts';
export type { KubeconfigCode } from './errors.ts';
export { Opaque } from './json.ts';
export { parseKubeconfig } from './parse.ts';
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
