export { anchorsFrom, clientAnchors } from './anchors.ts';
export { aggregate, proxyRefusal, userRefusal, verifyingFailed } from './authentication.ts';
export { clientSide } from './client-side.ts';
export { credentialOf, type Material } from './credential.ts';
export { dependencies, type EdgeIndex, edgeIndex } from './dependencies.ts';
export { evaluate, evaluateAll, type EvaluateOptions, nodeAddresses } from './evaluate.ts';
export {
  type EdgeChange,
  forecast,
  type Forecast,
  type ForecastEvent,
  type ForecastInput,
  type Passing,
} from './forecast.ts';
export { frontProxyUser } from './identity.ts';
export { clientDirection, serverDirection } from './handshake.ts';
export { type Loader, loadBundle, serverLoader } from './loaders.ts';
export { comparedFiles, holdingsOf } from './in-memory/holdings.ts';
export { judgeHeld } from './in-memory/judge-held.ts';
export type {
  EvidenceKind,
  Held,
  HeldState,
  Holding,
  Leader,
  ProcessSight,
  Remedy,
  Sight,
  Sights,
  SocketSight,
  Times,
  Trial,
} from './in-memory/types.ts';
export { judge } from './judge.ts';
export { type Chain, chainOf, loadPair, loadPairFiles } from './pair.ts';
export { asSeen, inState, machineOf } from './places.ts';
export type { Quorum } from './quorum.ts';
export { isStranger, judgeRefusal, predictRefusals, type Stranger, strangersOf } from './refusals.ts';
export { logLines, type LogLine } from './log-lines.ts';
export type * from './types.ts';
export { edgeWords, type EdgeWords } from './words.ts';
