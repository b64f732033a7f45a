/**
 * Recorded answers of Go 1.26's crypto/x509 to 2,115 chains: x509-limbo, and Kubernetes-shaped chains that
 * were damaged on purpose. They are large and not ours, so they stand beside the repository, in
 * `../shared/vectors`, where there is one.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Usage } from '../../src/verify/index.ts';

export interface Case {
  readonly id: string;
  /** PEM. */
  readonly leaf: string;
  readonly intermediates: readonly string[];
  readonly roots: readonly string[];
  readonly at: string;
  readonly usage: Usage;
  readonly name: string;
  readonly go: {
    readonly ok: boolean;
    readonly error: string;
    readonly stage: string;
    readonly chains: number;
    readonly chain_lengths: readonly number[];
    readonly skipped_roots: number;
  };
}

/** Files, and how many chains each has. */
export const files = [
  ['limbo-rfc5280', 115],
  ['go-mutations', 2_000],
] as const;

const vectors = resolve(import.meta.dirname, '../../../shared/vectors');

export const hasVectors = existsSync(vectors);

export function casesOf(file: string): readonly Case[] {
  const { cases } = JSON.parse(readFileSync(join(vectors, `${file}.json`), 'utf8')) as {
    readonly cases: readonly Case[];
  };
  return cases;
}
