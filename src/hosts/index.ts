export { directoryHost, type DirectoryHostOptions } from './directory/index.ts';
export { memoryHost, type MemoryHostOptions } from './memory.ts';
export { openHost } from './open.ts';
export { hostRestarter, type RestarterOptions } from './restart/index.ts';
export { putBackManifests, type StaticPodPlaces } from './restart/static-pod.ts';
export { sshHost, type SshHostOptions } from './ssh/index.ts';
export type { FileTimes, Host, HostCode, HostRunOptions, HostWriteOptions, Ran, Restarter } from './types.ts';
