/** Of the library: what touches files, machines, the API and sockets. */

// Where files stand, and the hands that put them there
export { directoryStore, memoryStore, readTrees } from './stores/index.ts';
export type {
  Batch,
  DirectoryOptions,
  FileSet,
  Recovery,
  Store,
  StoreCode,
  TreeRoot,
} from './stores/index.ts';
export { applyPlan, createRecorder, systemKeys, systemRandom } from './apply/index.ts';
export type { Applied, ApplyCode, ApplyInput } from './apply/index.ts';

// The machines of a cluster: their files, and commands on them
export {
  directoryHost,
  hostRestarter,
  memoryHost,
  openHost,
  putBackManifests,
  sshHost,
} from './hosts/index.ts';
export type {
  DirectoryHostOptions,
  Host,
  HostCode,
  HostRunOptions,
  HostWriteOptions,
  MemoryHostOptions,
  Ran,
  Restarter,
  RestarterOptions,
  SshHostOptions,
  StaticPodPlaces,
} from './hosts/index.ts';

// A renewal, or a rescue, on its way to the nodes: steps in order, each with its gate
export {
  deadIn,
  deliveriesOf,
  planRescue,
  planRollout,
  refuseBrokenRollout,
  refuseForeign,
  rehearseRollout,
  rescueDeliveriesOf,
} from './rollout/index.ts';
export type {
  Dead,
  DeadFile,
  DeadPlace,
  Delivery,
  DeliverStep,
  GateStep,
  HandWork,
  Owed,
  Place as RolloutPlace,
  RescueRolloutInput,
  ReloadStep,
  RestartStep,
  Rollout,
  RolloutCode,
  RolloutInput,
  Step as RolloutStep,
} from './rollout/index.ts';
export { carryRollout, lookWith, owedIn } from './carry/index.ts';
export type {
  Carried,
  CarryCode,
  CarryHost,
  CarryInput,
  Deed,
  Look,
  LookInput,
  OwedStore,
  Sight,
  StepState,
} from './carry/index.ts';

// The API server, by its kubeconfig
export { httpsExchange, kubeClient, RESOURCES } from './kube/index.ts';
export type {
  ExchangeOptions,
  KubeClient,
  KubeCode,
  KubeObject,
  ListOptions,
  PatchOptions,
  Resource,
  WatchEvent,
  WatchOptions,
} from './kube/index.ts';

// Handshakes, and the twin to make them with
export { probe } from './probe/index.ts';
export type {
  ProbeCredential,
  ProbeOptions,
  ProbeProtocol,
  ProbeRequest,
  ProbeResult,
  ProbeTarget,
} from './probe/index.ts';
export { proofState, prove, refusalState, reportState } from './prove/index.ts';
export type { EdgeProof, ProofReport, ProofState, ProveInput, RefusalProof } from './prove/index.ts';
export { startTwin } from './twin/index.ts';
export type { Address, Patience, Twin, TwinCode, TwinLogLine, TwinOptions } from './twin/index.ts';
