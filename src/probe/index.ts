export { contextFor } from './contexts.ts';
export { failureText, hostPort } from './go-words.ts';
export { type ProbeManyOptions, probeMany, type ProbeTask } from './many.ts';
export { probeAlpn } from './alpn.ts';
export { probe } from './probe.ts';
export { requestFor, type Speaker } from './requests.ts';
export type {
  ProbeCredential,
  ProbeOptions,
  ProbeProtocol,
  ProbeRequest,
  ProbeResult,
  ProbeTarget,
} from './types.ts';
