/** The rules of older releases that today's Go still has behind GODEBUG: it is asked with the setting of then. */
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { goRules, newestRules } from '../../src/verify/index.ts';
import { type Draft, keyOf, leafDraft, nameOf, NOW, rootDraft } from '../judges/mint.ts';
import { casesFrom } from './case-families.ts';
import { answer, type Case, caseOf, differences, goAnswers } from './differential.ts';

const tools = await realTools();
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);

const small = rootDraft('KUBERNETES-CA', keyOf('small', 'rsa-512'));

function caseBelow(authority: Draft, reshape?: Draft['reshape']): Case {
  const leaf = leafDraft(nameOf('kube-apiserver'), keyOf('leaf'), authority, ['kubernetes']);
  if (reshape) leaf.reshape = reshape;
  const rest = { at: NOW, usage: 'server', name: 'kubernetes' } as const;
  return caseOf({ id: 'small', leaf, sent: [], trusted: [authority], ...rest });
}

/** The serial number of the house's certificates begins with 1: -127 instead. */
function negative(tbs: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(tbs);
  const at = Buffer.from(changed).indexOf('020401', 0, 'hex');
  changed[at + 2] = 0x81;
  return changed;
}

describe.skipIf('missing' in tools)(`older Go, by GODEBUG (needs Go; KUBETLS_SEED=${seed})`, () => {
  const oracle = 'missing' in tools ? '' : tools.oracle;

  it('rsa1024min=0: short RSA keys, as up to Kubernetes 1.32', async () => {
    const rules = { ...newestRules, refusesShortRsaKeys: false };
    const releases = [31, 32, 33, 34, 35, 36, 37].map((minor) => goRules(minor).refusesShortRsaKeys);
    expect(releases).toEqual([false, false, true, true, true, true, true]);
    const cases = [caseBelow(small), ...casesFrom(seed, 0, 400, ['kubernetes', 'algorithms'])];
    const [then, now] = [await goAnswers(oracle, cases, 'rsa1024min=0'), await goAnswers(oracle, cases)];
    expect([then[0]?.ok, now[0]?.ok]).toEqual([true, false]);
    expect(differences(cases, then, (each) => answer(each, rules))).toEqual([]);
  }, 120_000);

  it('x509negativeserial=1: the difference of the parser that we do not follow', async () => {
    const odd = caseBelow(rootDraft('KUBERNETES-CA', keyOf('root')), negative);
    const [then] = await goAnswers(oracle, [odd], 'x509negativeserial=1');
    const [now] = await goAnswers(oracle, [odd]);
    expect([then?.ok, now?.stage]).toEqual([true, 'parse-leaf']);
    expect(answer(odd)).toEqual(now);
  });
});
