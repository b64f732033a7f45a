/**
 * Recorded answers of Go 1.26's crypto/x509 to 2,115 chains: x509-limbo, and Kubernetes-shaped chains that
 * were damaged on purpose. They are large and not ours, so they stand beside the repository, in
 * `../shared/vectors`, where there is one. Nothing differs; what Go refuses to parse we refuse too.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KubetlsError } from '../../src/base/index.ts';
import { type Usage, verifyChain } from '../../src/verify/index.ts';
import { type Certificate, parseCertificate, readPem } from '../../src/x509/index.ts';

interface Case {
  readonly id: string;
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
    readonly chain_lengths: readonly number[];
  };
}

type Answer = Pick<Case['go'], 'ok' | 'error' | 'chain_lengths'> | { readonly stage: string };

const vectors = resolve(import.meta.dirname, '../../../shared/vectors');

function casesOf(file: string): readonly Case[] {
  const { cases } = JSON.parse(readFileSync(join(vectors, `${file}.json`), 'utf8')) as {
    readonly cases: readonly Case[];
  };
  return cases;
}

function parsed(text: string): Certificate | undefined {
  const der = text.includes('-----BEGIN') ? readPem(text)[0]?.bytes : Buffer.from(text, 'base64');
  try {
    return parseCertificate(new Uint8Array(der ?? []));
  } catch (error) {
    if (error instanceof KubetlsError) return undefined;
    throw error;
  }
}

const present = (certificate: Certificate | undefined) => certificate !== undefined;

function ours({ at, usage, name, ...texts }: Case): Answer {
  const leaf = parsed(texts.leaf);
  if (!leaf) return { stage: 'parse-leaf' };
  const intermediates = texts.intermediates.map(parsed).filter(present);
  if (intermediates.length < texts.intermediates.length) return { stage: 'parse-intermediate' };
  const roots = texts.roots.map(parsed).filter(present);
  const answer = verifyChain({ leaf, intermediates, roots, at: Date.parse(at), usage, name });
  if (!answer.ok) return { ok: false, error: answer.error, chain_lengths: [] };
  return { ok: true, error: '', chain_lengths: answer.chains.map(({ length }) => length) };
}

function gos({ ok, error, stage, chain_lengths }: Case['go']): Answer {
  return stage === 'parse-leaf' || stage === 'parse-intermediate' ? { stage } : { ok, error, chain_lengths };
}

describe.skipIf(!existsSync(vectors))("Go's recorded answers (needs the shared vectors)", () => {
  it.each([
    ['limbo-rfc5280', 115],
    ['go-mutations', 2_000],
  ])('%s: %i chains, verdict, text and lengths of chains', (file, count) => {
    const cases = casesOf(file);
    expect(cases.length).toBe(count);
    const differing = cases.flatMap((each) => {
      const [expected, actual] = [gos(each.go), ours(each)];
      return JSON.stringify(expected) === JSON.stringify(actual) ? [] : [{ id: each.id, expected, actual }];
    });
    expect(differing).toEqual([]);
  });
});
