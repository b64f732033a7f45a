import type { Clock, Failure } from '../base/index.ts';
import type { Endpoint } from '../cluster/index.ts';
import type { KeySource } from '../issue/index.ts';

export type TwinCode =
  /** Somebody else listens there. */
  | 'twin/port-in-use'
  | 'twin/unknown-endpoint'
  /** A file that a component reads at its start or again is missing or no good; the message is the component's. */
  | 'twin/material';

export interface TwinOptions {
  readonly clock: Clock;
  /** For the certificates that components make themselves. */
  readonly keys: KeySource;
  /** Port of an endpoint on 127.0.0.1; 0, or no function: any free one. */
  readonly ports?: (endpoint: Endpoint) => number;
  /** Called with each line that a component would have logged. */
  readonly log?: (line: TwinLogLine) => void;
  /** Milliseconds; Go's and Kubernetes' own when not given. For tests. */
  readonly patience?: Partial<Patience>;
}

export interface Patience {
  readonly handshake: number;
  /** From the handshake, or the last answer, to the end of the next request's headers and body. */
  readonly request: number;
}

export interface TwinLogLine {
  /** Id of the endpoint. */
  readonly endpoint: string;
  /** As the real component writes it: klog, or JSON for etcd. */
  readonly text: string;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Twin {
  /** @throws KubetlsError `twin/unknown-endpoint` */
  address(endpointId: string): Address;
  /** The latest lines, at most 1,000. */
  readonly log: readonly TwinLogLine[];
  /** Components that would not start with the files they have; nobody listens at their addresses. */
  down(): ReadonlyMap<string, Failure>;
  /** Reads everything anew, as a restarted process does; open connections end. */
  restart(endpointId: string): Promise<void>;
  /** Ends every connection and frees every port. */
  close(): Promise<void>;
}
