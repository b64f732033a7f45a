import type { Edge, Endpoint } from '../cluster/index.ts';
import type { EdgeWords, Held, LogLine, Observed, Outcome, Refusal, Verdict } from '../trust/index.ts';

/** One edge: what was computed, and what a handshake showed. */
export interface EdgeProof {
  readonly edge: Edge;
  readonly words: EdgeWords;
  readonly predicted: Verdict;
  readonly observed: Observed | undefined;
  /** Why nothing was observed, when nothing was. */
  readonly unknown: string | undefined;
  /** What to look for in the logs, where it was predicted to fail. */
  readonly logs: readonly LogLine[];
}

/** One thing that an endpoint must refuse. */
export interface RefusalProof {
  /** `etcd@master: no-certificate` */
  readonly id: string;
  readonly endpoint: Endpoint;
  readonly refusal: Refusal;
  readonly predicted: Outcome;
  /** ok: it was refused, as it must be. */
  readonly observed: Outcome | undefined;
  readonly unknown: string | undefined;
}

export interface ProofReport {
  /** The instant for which certificates were judged, and that of the handshakes. */
  readonly at: number;
  readonly handshakesAt: number;
  readonly edges: readonly EdgeProof[];
  readonly refusals: readonly RefusalProof[];
  /** What programs hold of their files; absent: it was not asked. */
  readonly memory?: readonly Held[];
}

/** `ok`: observed whole, as predicted. `failed`: seen to fail, or not as predicted. `unknown`: not seen. */
export type ProofState = 'ok' | 'failed' | 'unknown';
