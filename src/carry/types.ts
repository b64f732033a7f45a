import type { ComponentName } from '../cluster/index.ts';
import type { Failure } from '../base/index.ts';
import type { Host } from '../hosts/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { Owed, Step } from '../rollout/index.ts';

/** A node's disk: no commands run on it from here. */
export type CarryHost = Pick<Host, 'read' | 'write'>;

/** Where it is written down what is begun and not ended. */
export interface OwedStore {
  read(): Promise<readonly Owed[]>;
  /** Durable when it returns. */
  write(owed: readonly Owed[]): Promise<void>;
}

/** What is done to a node, for the record. */
export type Deed =
  | {
      readonly event: 'deliver';
      readonly node: string;
      /** On the node, without the slash before. */
      readonly files: readonly string[];
    }
  | {
      readonly event: 'restart';
      readonly node: string;
      readonly component: ComponentName;
      /** A file that it has not read. */
      readonly because: string;
    };

/** What one look at an endpoint or an edge showed. */
export interface Sight {
  readonly id: string;
  /**
   * `unseen`: it gave no answer that says anything. `hidden`: it cannot be seen from here, however long one waits.
   */
  readonly state: 'ok' | 'failed' | 'unseen' | 'hidden';
  /** Why, where it is not ok. */
  readonly why: string;
}

/** Looks once. `world` is what stands on the nodes' disks at that moment. */
export type Look = (
  wanted: { readonly healthy: readonly string[]; readonly edges: readonly string[] },
  world: Inventory,
) => Promise<readonly Sight[]>;

export type StepState = 'begun' | 'waiting' | 'done';

export interface Carried {
  readonly done: readonly Step[];
  /** Where it stopped; nothing after it was begun. */
  readonly stopped:
    | { readonly step: Step; readonly why: 'failed' | 'unseen' | 'interrupted'; readonly failure: Failure }
    | undefined;
  /** What was not seen to hold and stopped nobody. */
  readonly doubtful: readonly Sight[];
  /** What stands on the nodes' disks now. */
  readonly world: Inventory;
}

export type CarryCode =
  | 'carry/gate'
  | 'carry/unseen'
  | 'carry/no-restarter'
  | 'carry/interrupted'
  | 'carry/owed-unreadable';
