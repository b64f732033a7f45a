/** One direction of an edge, judged. `error` is Go's text, as the side that refuses would print it. */
export interface Outcome {
  readonly ok: boolean;
  readonly error: string | undefined;
}

/**
 * What evaluation or a handshake says of an edge. `server`: does the client accept what the endpoint
 * presents; `client`: does the endpoint accept what the client presents. `ok` is both.
 */
export interface Verdict extends Outcome {
  readonly server: Outcome;
  readonly client: Outcome;
  /** When the first certificate that this verdict rests on ends; undefined when none was found. */
  readonly expires: number | undefined;
  /** Short sentences for people: what was not verified, what the socket shows that the disk does not. */
  readonly notes: readonly string[];
}

/** What a handshake showed, judged. */
export interface Observed extends Verdict {
  /** The endpoint presents another certificate, or accepts other authorities, than its files: it has not read them yet. */
  readonly stale: boolean;
}

/** What a real handshake showed; the probe fills this in and judges nothing. */
export interface Observation {
  /** Certificates that the endpoint presented, leaf first, DER; empty when it presented none. */
  readonly presented: readonly Uint8Array[];
  readonly protocol: string | undefined;
  /** Subjects of the authorities that the endpoint says it accepts, DER; undefined when it did not ask. */
  readonly acceptableAuthorities: readonly Uint8Array[] | undefined;
  /** Groups beside `identity`, when the answer names them (SelfSubjectReview). */
  readonly groups?: readonly string[];
  readonly result:
    | {
        readonly kind: 'accepted';
        readonly status: number | undefined;
        readonly identity: string | undefined;
      }
    /** TLS alert, or a connection that closed right after our certificate. */
    | { readonly kind: 'refused'; readonly how: 'alert' | 'closed'; readonly text: string }
    /** Neither let in nor refused: a status that the request's table does not know, such as 503. */
    | { readonly kind: 'unclear'; readonly status: number; readonly text: string }
    /** HTTP status 401 or 403. */
    | { readonly kind: 'denied'; readonly status: number; readonly text: string }
    | { readonly kind: 'unreachable'; readonly text: string };
}

/** A negative test that goes with an edge: what the endpoint must refuse. */
export type Refusal =
  | 'no-certificate'
  /** An authority that only calls itself what the trusted one does. */
  | 'wrong-authority'
  /** A good certificate of an authority of this cluster that is none of this endpoint's. */
  | 'other-authority';

export interface RefusalResult {
  readonly refusal: Refusal;
  /** What the endpoint's policy says will happen. */
  readonly predicted: Outcome;
  /** ok: it was refused, as it must be. undefined: could not be seen. */
  readonly observed: Outcome | undefined;
}
