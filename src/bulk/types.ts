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

/** Who signs, and where. */
export interface BulkSetting {
  readonly authority: BulkAuthority;
  /**
   * How many processes issue, the caller's own among them; 1, the default, is that alone. Starting one costs
   * what some thousand certificates cost.
   */
  readonly processes?: number;
  /** Another place of the other processes' program, for those who put this library into a bundle. */
  readonly program?: string | URL;
}

/** Of one list of orders. */
export interface BulkTerms {
  readonly now: Instant;
  /** Drawn from in the order of the orders: for each the number of its ECDSA key, then its serial number. */
  readonly random: Random;
  /** After each chunk, with the certificates that were issued so far. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

export type BulkOptions = BulkSetting & BulkTerms;

/** Processes that are kept. One that died fails whatever it is given. */
export interface BulkIssuer {
  /** As `issueMany`. */
  issue(orders: Iterable<BulkOrder>, terms: BulkTerms): AsyncGenerator<BulkIssued, void>;
  /** Resolves when the processes have ended. */
  close(): Promise<void>;
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
}

/** An order with all the randomness that it takes, drawn in the order in which the single path draws. */
export interface Draft extends Pick<BulkOrder, 'template' | 'key'> {
  /** The number of its ECDSA key; undefined where OpenSSL draws, or the order has its own key. */
  readonly scalar: Uint8Array | undefined;
  readonly serial: Uint8Array;
}

/** A chunk of them, and by which the caller knows each. */
export interface Chunk {
  readonly drafts: readonly Draft[];
  readonly ids: readonly string[];
  readonly now: Instant;
}

/** What becomes of a draft. */
export interface Made {
  readonly certificate: Certificate;
  readonly key: PrivateKey | undefined;
}

/** Byte strings in one, and where each ends: what goes between processes costs by the object. */
export interface Packed {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** Drafts on their way to another process: JSON, and the bytes that it cannot hold. */
export interface Question {
  readonly now: Instant;
  readonly json: string;
  readonly packed: Packed;
}

export type Answer = { readonly packed: Packed } | { readonly refused: Failure };
