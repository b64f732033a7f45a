import type { Endpoint } from '../cluster/index.ts';
import type { ProbeCredential, ProbeRequest, ProbeTask } from '../probe/index.ts';
import { outOfSight, sourceFor, type Vantage } from './vantage.ts';

/** From where and how patiently endpoints are dialled. */
export interface Dialling {
  /** Where to dial an endpoint; undefined: it cannot be dialled from here, so its edges are unknown. */
  readonly addressOf: (endpoint: Endpoint) => { readonly host: string; readonly port: number } | undefined;
  /** From where that is; absent: everything is within reach, as a twin is. */
  readonly vantage?: Vantage;
  /** Milliseconds for one handshake with its request. */
  readonly timeout: number;
}

export interface Dial {
  readonly endpoint: Endpoint;
  readonly serverName: string;
  readonly request: ProbeRequest;
  readonly credential: ProbeCredential | undefined;
  readonly wanted: 'all' | 'result';
  /** The address to dial from, where that matters. */
  readonly from?: string | undefined;
}

/** A handshake to make, or why there is none to make. */
export type Task =
  | { readonly task: ProbeTask; readonly unknown: undefined }
  | { readonly task: undefined; readonly unknown: string };

export function taskFor(
  { endpoint, serverName, request, credential, wanted, from }: Dial,
  { addressOf, timeout, vantage }: Dialling,
): Task {
  const address = addressOf(endpoint);
  if (!address) return { task: undefined, unknown: 'there is no address to dial it at' };
  const hidden = vantage && outOfSight(endpoint, address, vantage);
  if (hidden !== undefined) return { task: undefined, unknown: hidden };
  const localAddress = vantage && sourceFor(endpoint, address, from, vantage);
  const target = {
    ...address,
    ...(localAddress !== undefined && { localAddress }),
    serverName,
    request,
  };
  const options = { timeout, resultOnly: wanted === 'result' };
  return { task: { target, credential, options }, unknown: undefined };
}
