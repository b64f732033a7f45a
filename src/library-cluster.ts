/** Of the library: a cluster as values, wanted and found, and what is concluded of it. Nothing here does I/O. */

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
