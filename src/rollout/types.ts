import type { ComponentName, StatePath } from '../cluster/index.ts';
import type { FileChange } from '../inventory/index.ts';

/** One component on one node. */
export interface Place {
  readonly node: string;
  readonly component: ComponentName;
}

/**
 * What an earlier run still owes a component: it was given a file and not yet restarted, or not yet proven.
 * Written down before a file is delivered: from the disk alone nobody can tell whether a process has read it.
 */
export interface Owed extends Place {
  readonly stage: 'restart' | 'restarted' | 'gate';
  /** The file, for people. */
  readonly because: StatePath;
  /** It was dead when it was given its files: nobody can be asked to be well before it is restarted. */
  readonly down?: true;
}

/** One item's files, for the node that they belong to; a set is written whole or not at all. */
export interface Delivery {
  readonly item: string;
  readonly node: string;
  /** Of the state, in order. */
  readonly files: readonly StatePath[];
  /** Relative to the node's root, in the order in which they must reach its disk. */
  readonly changes: readonly FileChange[];
  /** SHA-256 of what stands there, by path relative to the root. */
  readonly seen: ReadonlyMap<string, string>;
  /** Why it is not delivered without leave: what stands there is not what the state knows. */
  readonly refusal: string | undefined;
}

/** Steps in order: each is carried out when all before it are done. */
export type Step = DeliverStep | ReloadStep | RestartStep | GateStep;

interface StepBase {
  /** `restart kube-scheduler@cp1` */
  readonly id: string;
  readonly node: string;
  /** One sentence. */
  readonly text: string;
}

export interface DeliverStep extends StepBase {
  readonly kind: 'deliver';
  readonly files: readonly StatePath[];
  /** What the components of the node owe from here on. */
  readonly owes: readonly Owed[];
}

/** Nothing is done: the component takes the files up by itself. */
export interface ReloadStep extends StepBase, Place {
  readonly kind: 'reload';
  readonly files: readonly StatePath[];
  /** Milliseconds. */
  readonly within: number;
}

export interface RestartStep extends StepBase, Place {
  readonly kind: 'restart';
  readonly because: StatePath;
}

/** Nothing goes on before this holds. */
export interface GateStep extends StepBase, Place {
  readonly kind: 'gate';
  /** `before`: others must hold before this one is taken away. `after`: this one works with its new files. */
  readonly when: 'before' | 'after';
  /** Ids of endpoints that must say that they are well. */
  readonly healthy: readonly string[];
  /** Ids of edges into it, which must be observed to hold. */
  readonly proven: readonly string[];
  /** Ids of edges from it to others: what held before must hold; another that is down stops nobody. */
  readonly dialled: readonly string[];
  /** Milliseconds until it counts as failed. */
  readonly within: number;
}

/** What is to be done on a node by a person. */
export interface HandWork {
  readonly node: string;
  readonly files: readonly StatePath[];
  readonly restarts: readonly { readonly component: ComponentName; readonly because: StatePath }[];
  readonly reloads: readonly ComponentName[];
}

export interface Rollout {
  readonly steps: readonly Step[];
  readonly byHand: readonly HandWork[];
}
