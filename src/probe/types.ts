import type { Secret } from '../base/index.ts';
import type { Observation } from '../trust/index.ts';

/** One HTTP/1.1 request; `Host`, `Connection` and `Content-Length` are added by the probe. */
export interface ProbeRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Statuses that say that the client was let in; every other than 401 and 403 is unclear. Undefined: any says so. */
  readonly accepts?: readonly number[];
  /** The answer to this names the user; one that does not is unclear. */
  readonly namesUser?: boolean;
  /** What of an accepted answer's body comes with the result: all of a short one, or lines that begin so. */
  readonly keep?: 'all' | readonly string[];
}

export interface ProbeTarget {
  /** IP address or DNS name to dial. */
  readonly host: string;
  readonly port: number;
  /** Of this machine, to dial from; absent: the system chooses. */
  readonly localAddress?: string;
  /** The name that the client wants; it is sent as SNI when it is a DNS name (RFC 6066, 3). */
  readonly serverName?: string;
  readonly request: ProbeRequest;
}

/** A PEM chain, leaf first, and its key in PEM. Pass the same object again: its context is kept with it. */
export interface ProbeCredential {
  readonly certificate: Uint8Array;
  readonly key: Secret;
}

export type ProbeProtocol = 'TLSv1.2' | 'TLSv1.3';

export interface ProbeOptions {
  /** Milliseconds for all of it: dial, handshake, request, answer. */
  readonly timeout: number;
  /** Default TLSv1.2, as Go's clients. */
  readonly minVersion?: ProbeProtocol;
  readonly maxVersion?: ProbeProtocol;
  /**
   * Only `result` is asked for: the bytes of the handshake are not kept, so that `presented` is empty and
   * `protocol` and `acceptableAuthorities` may be undefined. An end that is no answer and no alert is dialled
   * once more with a closer look.
   */
  readonly resultOnly?: boolean;
  readonly signal?: AbortSignal;
}

/** What the handshake and the answer showed. Texts are those that a Go client would print. */
export interface ProbeResult extends Observation {
  /** The address of this machine that it was dialled from; undefined when nothing was reached. */
  readonly localAddress: string | undefined;
  /** RFC name of the cipher suite; undefined when the handshake did not end. */
  readonly cipher: string | undefined;
  /** Of an accepted answer, when it is asked for (`keep`). */
  readonly body?: string;
  /** Groups beside `identity`, when the answer names them (SelfSubjectReview). */
  readonly groups: readonly string[];
}
