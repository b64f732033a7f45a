import type { Instant } from '../base/index.ts';
import type { Chain, Usage } from '../verify/index.ts';
import type { Certificate } from '../x509/index.ts';

/** Programs that check chains alike; each by the version that docs/decisions/0010-families.md names. */
export const FAMILIES = ['go', 'openssl', 'curl', 'node', 'python', 'python-strict', 'java'] as const;

export type Family = (typeof FAMILIES)[number];

export interface JudgeRequest {
  readonly leaf: Certificate;
  /** What the peer sent after its leaf, in wire order. */
  readonly intermediates: readonly Certificate[];
  /** The CA file that the program was given, in its order. */
  readonly roots: readonly Certificate[];
  readonly at: Instant;
  /** `server`: a client of the family dials; `client`: a server of the family is dialled. */
  readonly usage: Usage;
  /** DNS name or IP address that was dialled; absent or empty: none is checked. */
  readonly name?: string | undefined;
}

export type Judgement =
  /** Leaf first. Go tells every chain, the others the one that they found. */
  | { readonly ok: true; readonly chains: readonly Chain[] }
  /** `code` is the family's own name for it, `error` what the program prints. */
  | { readonly ok: false; readonly code: string; readonly error: string }
  /** Unknown: the verdict hangs on something that we do not re-create. */
  | { readonly ok: undefined; readonly reason: string };

export type Refusal = Extract<Judgement, { readonly ok: false }>;
