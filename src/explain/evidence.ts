import type { StatePath } from '../cluster/index.ts';

/** Whose certificate a line is about: what the server of an edge presents, or its client. */
export type Direction = 'server' | 'client';

/** What was found behind a line: sentences that say what and where, and the files that they are about. */
export interface Evidence {
  readonly text: readonly string[];
  readonly files: readonly StatePath[];
}
