import type { FileChange } from '../../../src/inventory/index.ts';
import type { TreeInput } from '../../../src/audit/index.ts';
import type { AuditedTree } from '../audited-tree.ts';

/** One fault in an otherwise clean tree, and the id that it must have. */
export interface TreePlant {
  readonly id: string;
  readonly profile?: 'flat' | 'kubeadm';
  readonly plant: (tree: AuditedTree) => readonly FileChange[];
  /** What cannot be without it. */
  readonly more?: readonly string[];
  /** What a reader has said beside the files. */
  readonly told?: Pick<TreeInput, 'unread' | 'owners' | 'live'>;
  /** Judged at this instant. */
  readonly at?: number;
  /** Without kubetls.yaml: else it would be told that the file asks for something else. */
  readonly alone?: true;
}

/** The directory of a control plane's certificates, and of a worker's. */
export const PKI = 'nodes/cp1/etc/kubernetes/pki';
export const CP2 = 'nodes/cp2/etc/kubernetes/pki';
export const WORKER = 'nodes/worker-1/etc/kubernetes/pki';
