import type { FileChange } from '../../../../src/inventory/index.ts';
import type { AuditedTree } from '../../../judges/audited-tree.ts';
import type { RealCluster } from '../real-cluster.ts';

/** One fault of a running cluster: what is planted, how it comes to show, and what is to be said of it. */
export interface Row {
  readonly fault: string;
  /** The file that is at fault first. Written to the node's disk and to the state alike. */
  readonly plant: (tree: AuditedTree) => readonly FileChange[];
  /** Started anew on the planted files, where it reads them at its start only. */
  readonly restarts?: string;
  /** What a person does then, and all that he is told. Asked again until it shows. */
  readonly asks?: (cluster: RealCluster) => Promise<string>;
  /** Where it shows, `said` or the log of a component, and the part of the text that proves that it has. */
  readonly shows: readonly (readonly [where: string, text: RegExp])[];
  /** What `explain` says first of each of them. */
  readonly cause: string;
  /** What the same fault is to the other side, of which a whole log tells, too. */
  readonly otherwise?: string;
  /** A finding of `check` on the same files. */
  readonly check: string;
}
