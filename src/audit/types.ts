import type { Instant, Where } from '../base/index.ts';

export type Severity = 'error' | 'warning' | 'info';

/** The result of one named check. */
export interface Finding {
  /** Stable: it may be searched for, and counted. */
  readonly id: string;
  readonly severity: Severity;
  readonly where: Where;
  /** One sentence, no trailing full stop; never holds key material. */
  readonly message: string;
  /** What can be done: a sentence or a command. */
  readonly remedy: string;
}

/** What a check says about its subject; the row gives the rest. */
export interface Trouble {
  readonly message: string;
  /** The field that it is about; the subject as a whole when absent. */
  readonly field?: string;
  /** In place of the row's own. */
  readonly severity?: Severity;
  readonly remedy?: string;
}

/** A row of a table: one question about one kind of subject. */
export interface Check<Subject> {
  readonly id: string;
  readonly severity: Severity;
  readonly remedy: string;
  readonly find: (subject: Subject, world: World) => readonly Trouble[];
}

/** What lies outside of a kubeconfig, as far as it can be seen. */
export interface World {
  readonly at: Instant;
  /** Content of a file; undefined when it cannot be read. */
  readonly read: (path: string) => Uint8Array | undefined;
  /** Mode bits of a file; undefined when there is none, or where modes mean nothing. */
  readonly mode: (path: string) => number | undefined;
  /** Whether a command, a path or a name for PATH, can be run. */
  readonly runs: (command: string) => boolean;
  /** What the server of a context showed; undefined when nobody asked it. */
  readonly seen: (context: string) => ServerSeen | undefined;
}

export interface ServerSeen {
  /** Leaf first, DER; empty when the server showed none. */
  readonly presented: readonly Uint8Array[];
  /** Why it showed none, or did not take the client's certificate; in the words of a Go client. */
  readonly unseen?: string;
  readonly refused?: string;
}
