import type { Failure } from '../base/index.ts';
import type { StatePath } from '../cluster/index.ts';
import type { Kubeconfig } from '../kubeconfig/index.ts';
import type { Certificate, PrivateKey, PublicKey } from '../x509/index.ts';

/** A file as a store hands it over. */
export interface FoundFile {
  readonly path: StatePath;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

/** What a file turned out to hold. Private keys stay inside `Secret`. */
export type Content =
  | {
      readonly kind: 'certificates';
      readonly certificates: readonly Certificate[];
      /** What was passed over beside them. */
      readonly problems: readonly Failure[];
    }
  | { readonly kind: 'private-key'; readonly key: PrivateKey }
  | { readonly kind: 'public-key'; readonly key: PublicKey }
  | { readonly kind: 'kubeconfig'; readonly config: Kubeconfig }
  | { readonly kind: 'unreadable'; readonly failure: Failure };

/** One file, read. `sha256` is of its bytes, lower-case hex. */
export interface Entry {
  readonly path: StatePath;
  readonly mode: number;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  readonly content: Content;
}

/** All that was found, by path. A value: `withFiles` gives a changed copy and leaves this one as it is. */
export interface Inventory {
  readonly entries: ReadonlyMap<StatePath, Entry>;
  get(path: StatePath): Entry | undefined;
  withFiles(changes: readonly FileChange[]): Inventory;
}

/**
 * A file to be, or its removal. `bytes` may be made when they are first asked for. Who made the bytes knows what they hold: `content` saves the reader the
 * parse, and lets a rehearsal stand in material that was never signed.
 */
export type FileChange =
  | {
      readonly path: StatePath;
      readonly mode: number;
      readonly bytes: Uint8Array;
      readonly content?: Content;
    }
  | { readonly path: StatePath; readonly remove: true };
