import type { FoundFile } from '../inventory/index.ts';

export type AdoptCode =
  /** Nothing in the trees looks like a cluster's PKI. */
  | 'adopt/nothing'
  /** A layout whose files kubetls does not make. */
  | 'adopt/no-profile'
  /** A node that nothing tells the address of. */
  | 'adopt/no-address'
  | 'adopt/same-node'
  | 'adopt/no-authority'
  | 'adopt/no-etcd';

export interface AdoptInput {
  /** What the cluster is called when no kubeconfig says so. */
  readonly name: string;
  /** Addresses by node, as the person gave them: they win. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Trees whose name is that of their node because the person said so. */
  readonly named: ReadonlySet<string>;
}

export interface Adopted {
  /** The `kubetls.yaml`. */
  readonly text: string;
  /** What stands where in the state, byte for byte as it was found. */
  readonly files: readonly FoundFile[];
  readonly nodes: readonly AdoptedNode[];
  /** What could not be said by the file, or was guessed. */
  readonly notes: readonly string[];
}

export interface AdoptedNode {
  readonly name: string;
  readonly root: string;
  readonly layout: string;
  /** What of a node's paths the tree begins below: `etc/kubernetes/pki`; empty at the root of a node. */
  readonly base: string;
}
