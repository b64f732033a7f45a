/**
 * The library: what the command line is made of, for programs. Functions and values, then the types that
 * their signatures need. Bytes are `Uint8Array`, instants milliseconds since the epoch, failures `KubetlsError`.
 *
 *   spec text -> parseSpec -> describeCluster -> makePlan(inventory) -> applyPlan(store) -> prove(addresses)
 *   makeRenewal, makeRescue -> applyPlan -> deliveriesOf(disks) -> planRollout, planRescue -> carryRollout(hosts)
 *   trees of others -> readTrees -> Surveyor -> recogniseLayouts, or adopt -> spec text and the state to go with it
 */

// Failures, secrets, time
export { KubetlsError, renderFailure, Secret } from './base/index.ts';
export type { Clock, Failure, Instant, Random, Where } from './base/index.ts';

// Certificates, requests, CRLs, keys: bytes to values and back
export {
  checkSignature,
  commonName,
  fingerprint,
  generalNameText,
  KEY_ALGORITHMS,
  nameText,
  organizations,
  parseCertificate,
  parseRequest,
  parseRevocationList,
  publicKeyFromSpki,
  readCertificates,
  readPem,
  readPrivateKey,
  readPublicKey,
  revocationReason,
  sameKey,
  serialDecimal,
  serialHex,
  writeEncryptedPrivateKey,
  writePem,
  writePrivateKey,
  writePublicKey,
} from './x509/index.ts';
export type {
  BasicConstraints,
  Bundle,
  Certificate,
  CertificateRequest,
  ExtendedKeyUsage,
  Extension,
  GeneralName,
  KeyAlgorithm,
  KeyCode,
  KeyUsage,
  Name,
  NameAttribute,
  NameConstraints,
  PemBlock,
  PrivateKey,
  PublicKey,
  RevocationList,
  RevokedCertificate,
  SignatureCheck,
  X509Code,
} from './x509/index.ts';

// Chains, by the rules and in the words of Go's crypto/x509
export { createPool, goRules, verifyChain } from './verify/index.ts';
export type {
  Chain,
  GoRules,
  Pool,
  SignatureOracle,
  Usage,
  Verification,
  VerifyCode,
  VerifyFailure,
  VerifyRequest,
} from './verify/index.ts';

// Kubeconfigs, by client-go's rules
export {
  buildKubeconfig,
  mergeKubeconfigs,
  parseKubeconfig,
  resolveKubeconfig,
  writeKubeconfig,
} from './kubeconfig/index.ts';
export type {
  Authentication,
  Cluster as KubeconfigCluster,
  Context as KubeconfigContext,
  Credentials as KubeconfigCredentials,
  Kubeconfig,
  KubeconfigCode,
  KubeconfigFile,
  KubeconfigSpec,
  KeyMaterial,
  Material,
  NamedCluster,
  NamedContext,
  NamedExtension,
  NamedUser,
  ReadFile,
  ResolvedClient,
  ResolveOptions,
  Server,
  Transport,
  User as KubeconfigUser,
} from './kubeconfig/index.ts';

// Issuing
export {
  createRequest,
  issueAuthority,
  issueCertificate,
  issueCertificates,
  issueForRequest,
  issueForRequests,
  signerFor,
} from './issue/index.ts';
export type {
  Authority,
  AuthorityOrder,
  CertificateTemplate,
  CertificateTerms,
  IssueCode,
  KeySource,
  LeafOrder,
  RequestedLeafOrder,
  RequestOrder,
  Signer,
  SubjectAttribute,
} from './issue/index.ts';

// Issuing by the thousand, over several processes
export { issueMany, openBulk } from './bulk/index.ts';
export type {
  BulkAuthority,
  BulkCode,
  BulkIssued,
  BulkIssuer,
  BulkOptions,
  BulkOrder,
  BulkSetting,
  BulkTerms,
} from './bulk/index.ts';

// The desired cluster
export { defaultSpecText, describeCluster, parseSpec, SpecError } from './cluster/index.ts';
export type {
  AnchorsItem,
  AuthorityId,
  AuthorityItem,
  CertificateProfile,
  ClientPolicy,
  Cluster,
  ClusterSpec,
  ComponentName,
  CopyItem,
  Credential,
  DesiredFile,
  Edge,
  Endpoint,
  Item,
  KeyPairItem,
  KubeconfigItem,
  NodeSpec,
  PairItem,
  Role,
  ServerTrust,
  Service,
  SpecCode,
  StatePath,
  UserSpec,
} from './cluster/index.ts';

// What was found
export { readInventory } from './inventory/index.ts';
export type { Content, Entry, FileChange, FoundFile, Inventory, InventoryCode } from './inventory/index.ts';

// Trees that others made: what is in them, whose layout it is, and the cluster that they are
export { readMaterial, Surveyor } from './survey/index.ts';
export type {
  FileFlag,
  FileReference,
  FoundKey,
  Material as SurveyedMaterial,
  Placed,
  Setting,
  Survey,
  SurveyCode,
  SurveyedCertificate,
  SurveyedFile,
  SurveyedKey,
  SurveyPlace,
  TreeFile,
} from './survey/index.ts';
export { LAYOUTS, recogniseLayouts } from './layouts/index.ts';
export type { FileRole, Layout, LayoutRow, Recognised, RecognisedFile } from './layouts/index.ts';
export { adopt } from './adopt/index.ts';
export type { AdoptCode, Adopted, AdoptedNode, AdoptInput } from './adopt/index.ts';

// What each edge will say, now and later
export { evaluate, evaluateAll, forecast } from './trust/index.ts';
export type {
  EdgeChange,
  EdgeWords,
  EvaluateOptions,
  Forecast,
  ForecastEvent,
  ForecastInput,
  Observation,
  Outcome,
  Passing,
  Quorum,
  Refusal,
  Verdict,
} from './trust/index.ts';

// What is wrong, what a line of a log says of it, and a picture of it all
export { applyExceptions, auditTree, checkTable, parseExceptions } from './audit/index.ts';
export type {
  CheckRow,
  Excepted,
  Exception,
  ExceptionsCode,
  LiveCluster,
  Severity,
  TreeChoice,
  TreeFinding,
  TreeInput,
} from './audit/index.ts';
export { createExplainer, explainAll, readLine } from './explain/index.ts';
export type {
  CauseOfLines,
  Explained,
  Explainer,
  Likelihood,
  Reading,
  World as ExplainWorld,
} from './explain/index.ts';
export {
  DRAWING,
  drawingOf,
  graphDot,
  graphJson,
  graphMermaid,
  graphSvg,
  trustGraph,
} from './graph/index.ts';
export type { Drawing, DrawingOptions, GraphInput, TrustGraph } from './graph/index.ts';

// The difference, and its rehearsal
export { makePlan, makeRenewal, makeRescue, planView, simulate } from './plan/index.ts';
export type {
  Action,
  Break,
  Plan,
  PlanInput,
  PlanView,
  Reason,
  Rehearsal,
  RenewalChoice,
  RescueCode,
  RescueInput,
  Verb,
} from './plan/index.ts';

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
export { applyPlan, systemKeys, systemRandom } from './apply/index.ts';
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
