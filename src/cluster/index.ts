export type * from './types.ts';
export { firstAddress, isSubnet } from './addresses.ts';
export { describeCluster } from './describe.ts';
export { defaultSpecText } from './spec/default-text.ts';
export { kubernetesVersion, minorOf } from './spec/formats.ts';
export { type Dialling, diallingOf, type Reload, type Reloading, reloadingOf } from './reload.ts';
export { parseSpec } from './spec/parse.ts';
export { type Plain, readYaml } from './spec/yaml.ts';
export { type SpecCode, SpecError } from './spec/problems.ts';
