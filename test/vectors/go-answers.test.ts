/** Nothing differs from Go's recorded answers; what Go refuses to parse we refuse too. */
import { describe, expect, it } from 'vitest';
import { KubetlsError } from '../../src/base/index.ts';
import { verifyChain } from '../../src/verify/index.ts';
import { type Certificate, parseCertificate, readPem } from '../../src/x509/index.ts';
import { type Case, casesOf, files, hasVectors } from './cases.ts';

type Answer = Pick<Case['go'], 'ok' | 'error' | 'chain_lengths'> | { readonly stage: string };

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

describe.skipIf(!hasVectors)("Go's recorded answers (needs the shared vectors)", () => {
  it.each(files)('%s: %i chains, verdict, text and lengths of chains', (file, count) => {
    const cases = casesOf(file);
    expect(cases.length).toBe(count);
    const differing = cases.flatMap((each) => {
      const [expected, actual] = [gos(each.go), ours(each)];
      return JSON.stringify(expected) === JSON.stringify(actual) ? [] : [{ id: each.id, expected, actual }];
    });
    expect(differing).toEqual([]);
  });
});
