import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KubetlsError } from '../../src/base/index.ts';
import { verifyChain, type VerifyRequest } from '../../src/verify/index.ts';
import { type Certificate, parseCertificate } from '../../src/x509/index.ts';
import { intermediateDraft, keyOf, leafDraft, mint, nameOf, NOW, rootDraft } from '../judges/mint.ts';
import { chanceOf } from '../real/chance.ts';
import type { Case } from '../real/differential.ts';
import { kubernetesCase } from '../real/kubernetes-chains.ts';

const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);
const chance = chanceOf(seed);
const all = Array.from({ length: 150 }, () => kubernetesCase(chance)).flatMap(readable);
const good = all.filter((question) => verifyChain(question).ok);
const certificates = all.flatMap(({ leaf, intermediates, roots }) => [leaf, ...intermediates, ...roots]);

/** None when a certificate of it is refused. */
function readable({
  leaf,
  intermediates,
  roots,
  ...rest
}: Case): (VerifyRequest & { roots: readonly Certificate[] })[] {
  try {
    const read = { leaf: parseCertificate(leaf), intermediates: intermediates.map(parseCertificate) };
    return [{ ...rest, ...read, roots: roots.map(parseCertificate) }];
  } catch (error) {
    if (error instanceof KubetlsError) return [];
    throw error;
  }
}

const strangers = fc.array(fc.constantFrom(...certificates), { maxLength: 12 });

/**
 * crypto/x509/verify.go collects every chain and needs one that passes as a whole, so what is added to a pool
 * may add a chain and takes none away. The one exception is the budget of 100 signature checks.
 */
describe(`a chain that verifies (KUBETLS_SEED=${seed})`, () => {
  it('still does with more roots and intermediates, whoever they are, in any order', () => {
    expect(good.length).toBeGreaterThan(5);
    fc.assert(
      fc.property(
        fc.constantFrom(...good),
        strangers,
        strangers,
        fc.infiniteStream(fc.boolean()),
        (question, roots, intermediates, sides) => {
          const mixed = <T>(own: readonly T[], more: readonly T[]): T[] => {
            const out = [...own];
            for (const one of more) {
              if (sides.next().value === true) out.push(one);
              else out.unshift(one);
            }
            return out;
          };
          const more = {
            ...question,
            roots: mixed(question.roots, roots),
            intermediates: mixed(question.intermediates, intermediates),
          };
          const found = verifyChain(more);
          expect(found.ok || found.code === 'verify/signature-budget', JSON.stringify(found)).toBe(true);
        },
      ),
      { seed, numRuns: 150 },
    );
  });

  it('fails when namesakes of its authority have spent the budget', () => {
    const root = rootDraft('root', keyOf('root'));
    const authority = intermediateDraft('authority', keyOf('authority'), root);
    const leaf = mint(leafDraft(nameOf('leaf'), keyOf('leaf'), authority, ['a.test']));
    const [own, anchor] = [mint(authority), mint(root)];
    // Their key identifiers fit, so that only their signatures tell them from the right one.
    const namesakes = Array.from({ length: 100 }, (_, i) =>
      mint({ ...authority, key: keyOf(`namesake ${i}`), subjectKeyId: authority.subjectKeyId }),
    );
    const verify = (intermediates: typeof namesakes) =>
      verifyChain({ leaf, intermediates, roots: [anchor], at: NOW, usage: 'server' });
    expect(verify([own, ...namesakes.slice(0, 98)]).ok).toBe(true);
    expect(verify([...namesakes, own])).toMatchObject({ ok: false, code: 'verify/signature-budget' });
    // A chain that was found before counts.
    expect(verify([own, ...namesakes]).ok).toBe(true);
  });
});
