import type { RealCluster } from '../real-cluster.ts';

/** One fault of a running cluster. */
export interface LiveFault {
  readonly fault: string;
  /** Returns when it is there, with what mends it. */
  readonly plant: (cluster: RealCluster) => Promise<() => Promise<unknown>>;
  /** All that `check --live` finds then and not before: `error expired at Secret default/web, data.tls.crt`. */
  readonly finds: readonly string[];
}
