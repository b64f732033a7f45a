/** What is drawn, in whatever form. Nothing is escaped yet. */
import type { DialLink, LinkKind, NodeState, TrustNode } from './types.ts';

export interface Drawing {
  readonly title: string;
  /** One sentence: how much there is, and how it stands. */
  readonly summary: string;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly refusals: readonly Refusal[];
}

export interface Box {
  /** `n1`, `n2`, …: safe in every form. */
  readonly id: string;
  readonly kind: TrustNode['kind'];
  readonly state: NodeState;
  /** Of how many nodes. */
  readonly count: number;
  readonly title: string;
  readonly texts: readonly string[];
}

export interface Line {
  readonly from: string;
  readonly to: string;
  /** `presents` goes from the certificate to who presents it, `trusts` from the authority to who trusts it. */
  readonly kind: LinkKind;
  readonly state: DialLink['state'];
  /** Of how many links. */
  readonly count: number;
  /** One of the two sides does not look, or shows nothing. */
  readonly unverified: boolean;
  /** Number of its reason, from 1. */
  readonly refusal: number | undefined;
  readonly error: string | undefined;
}

/** Why edges do not hold. `count`: of how many. `who`: the first of them, `kubelet@worker-7 → kube-apiserver@master`. */
export interface Refusal {
  readonly number: number;
  readonly count: number;
  readonly who: string;
  readonly error: string;
}
