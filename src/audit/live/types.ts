import type { Instant } from '../../base/index.ts';

/** What a running cluster says of itself, beside the objects that hold certificates (those are files of the inventory). */
export interface LiveCluster {
  readonly nodes: readonly LiveNode[];
  readonly requests: readonly LiveRequest[];
  /** Kinds that could not be listed, and why. */
  readonly unseen: readonly { readonly what: string; readonly why: string }[];
}

export interface LiveNode {
  readonly name: string;
  readonly addresses: readonly LiveAddress[];
}

export interface LiveAddress {
  /** `InternalIP`, `Hostname`, … (k8s.io/api/core/v1, NodeAddressType). */
  readonly type: string;
  readonly address: string;
}

/** A CertificateSigningRequest. */
export interface LiveRequest {
  readonly name: string;
  readonly signer: string;
  /** Who asks. */
  readonly user: string;
  readonly created: Instant | undefined;
  readonly state: 'waiting' | 'approved' | 'issued' | 'denied' | 'failed';
  /** Of the condition that ended it. */
  readonly message: string | undefined;
}
