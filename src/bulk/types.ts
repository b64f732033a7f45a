import type { Failure, Instant, Random } from '../base/index.ts';
import type { CertificateTemplate } from '../issue/index.ts';
import type { Certificate, KeyAlgorithm, PrivateKey, PublicKey } from '../x509/index.ts';

/** One certificate that is wanted, and nothing that has to be asked for later. */
export interface BulkOrder {
  /** By which the caller knows it again, also in an error. */
  readonly id: string;
  readonly template: CertificateTemplate;
  /** The key to certify, or the algorithm of one to be made for it. */
  readonly key: PublicKey | KeyAlgorithm;
}

/** An authority whose key is in memory, so that other processes can be given it. */
export interface BulkAuthority {
  readonly certificate: Certificate;
  readonly key: PrivateKey;
}

export interface BulkOptions {
  readonly authority: BulkAuthority;
  readonly now: Instant;
  /** Drawn from in the order of the orders: for each the number of its ECDSA key, then its serial number. */
  readonly random: Random;
  /**
   * How many processes issue, the caller's own among them; 1, the default, is that alone. Starting one costs
   * what a thousand certificates cost.
   */
  readonly processes?: number;
  /** Another place of the other processes' program, for those who put this library into a bundle. */
  readonly program?: string | URL;
  /** After each chunk, with the certificates that were issued so far. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

export interface BulkIssued {
  readonly id: string;
  readonly certificate: Certificate;
  /** The key that was made for it; undefined where the order had its own. */
  readonly key: PrivateKey | undefined;
}

export type BulkCode = 'bulk/interrupted' | 'bulk/process-ended';

/** What another process is told first. */
export interface Introduction {
  readonly certificate: Uint8Array;
  readonly pkcs8: Uint8Array;
  readonly now: Instant;
}

/** An order on its way to where it is made: with all the randomness that it takes. */
export interface Draft {
  readonly template: CertificateTemplate;
  readonly key: PublicKey | KeyAlgorithm;
  readonly drawn: readonly Uint8Array[];
}

/** What is answered to a chunk of drafts. */
export type Answer = { readonly made: readonly Made[] } | { readonly refused: Failure };

/** A certificate on its way back. */
export interface Made {
  readonly certificate: Uint8Array;
  readonly key: { readonly publicKey: PublicKey; readonly pkcs8: Uint8Array } | undefined;
}
