import type { EvidenceKind } from './types.ts';

/** What one kind of evidence says of a holding. */
export type Finding =
  | { readonly state: 'stale'; readonly by: EvidenceKind; readonly text: string }
  | {
      readonly state: 'fresh';
      readonly by: EvidenceKind;
      readonly text: string;
      /** Nothing in the file could be otherwise and not be seen. */
      readonly whole: boolean;
    };

/** What cannot be told, and why. */
export interface Untold {
  readonly state: 'unknown';
  readonly text: string;
  /** When it has read the file again by itself; milliseconds after its change. */
  readonly within?: number;
  /** A restart would settle it. */
  readonly restart?: true;
}
