import type { Instant } from '../base/index.ts';
import type { Item, StatePath } from '../cluster/index.ts';

export type Verb = 'create' | 'replace' | 'rewrite' | 'remove' | 'keep';

/**
 * Why an action is in the plan. Reasons explain and never decide: the check that found it decided.
 * `code` is stable: missing, renewal-window, expired, wrong-name, wrong-subject, wrong-usage,
 * wrong-issuer, issuer-replaced, weak-key, wrong-key, key-mismatch, unreadable, wrong-mode,
 * stale-content, not-yet-valid, too-long, no-identity, needs-rotation, signed-elsewhere, not-wanted, asked-for,
 * in-order.
 */
export interface Reason {
  readonly code: string;
  readonly text: string;
}

/**
 * One step. `replace` issues anew; `rewrite` writes the same material again (another mode, another
 * server line, another bundle); `keep` is listed so that a plan accounts for every item.
 */
export interface Action {
  readonly id: string;
  readonly verb: Verb;
  /** Node or user, or `-` for the authorities' own. */
  readonly node: string;
  /** Main file of the item. */
  readonly path: StatePath;
  readonly paths: readonly StatePath[];
  readonly reason: Reason;
  /** undefined only for a removal. */
  readonly item: Item | undefined;
  /** `keep`: the key that stands there stays, only the certificate is written: no reader can see a torn pair. */
  readonly key: 'new' | 'keep';
  /** Files here that kubetls did not write as they stand; carried out only when accepted by name. */
  readonly foreign: readonly StatePath[];
}

export interface Plan {
  readonly at: Instant;
  readonly cluster: string;
  /** SHA-256 over the spec and over every found file that the plan rests on: has the world moved? */
  readonly world: string;
  readonly actions: readonly Action[];
  readonly summary: Readonly<Record<Verb, number>>;
  readonly warnings: readonly string[];
}

/** An edge that was whole and would not be after this action. */
export interface Break {
  readonly after: string;
  readonly edge: string;
  readonly error: string;
}
