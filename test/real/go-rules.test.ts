/** The rules of older releases that today's Go still has behind GODEBUG: it is asked with the setting of then. */
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { type GoRules, goRules, newestRules } from '../../src/verify/index.ts';
import type { GeneralName } from '../../src/x509/index.ts';
import { type Draft, keyOf, leafDraft, nameOf, NOW, rootDraft } from '../judges/mint.ts';
import { casesFrom } from './case-families.ts';
import { type Answer, answer, type Case, caseOf, differences, goAnswers } from './differential.ts';

const tools = await realTools();
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);

const small = rootDraft('KUBERNETES-CA', keyOf('small', 'rsa-512'));

const RELEASES = [31, 32, 33, 34, 35, 36, 37];

const uri = (value: string): GeneralName => ({ kind: 'uri', value });
const COLONS = ['http://::1/', 'http://a:b:80/', 'https://10.0.0.1:1:2'];

function caseBelow(authority: Draft, reshape?: Draft['reshape'], named?: string): Case {
  const leaf = leafDraft(nameOf('kube-apiserver'), keyOf('leaf'), authority, ['kubernetes']);
  if (reshape) leaf.reshape = reshape;
  if (named !== undefined) leaf.names = [...(leaf.names ?? []), uri(named)];
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

describe.skipIf('missing' in tools)(
  `older Go, by GODEBUG (needs Go; KUBETLS_SEED=${seed})`,
  { timeout: 120_000 },
  () => {
    const oracle = 'missing' in tools ? '' : tools.oracle;

    /** Answers of Go with this setting; ours are the same. */
    async function compare(cases: readonly Case[], godebug: string, rules: GoRules): Promise<Answer[]> {
      const go = await goAnswers(oracle, cases, godebug);
      expect(differences(cases, go, (each) => answer(each, rules))).toEqual([]);
      return go;
    }

    it('rsa1024min=0: short RSA keys, as up to Kubernetes 1.32', async () => {
      const rules = { ...newestRules, refusesShortRsaKeys: false };
      const releases = RELEASES.map((minor) => goRules(minor).refusesShortRsaKeys);
      expect(releases).toEqual([false, false, true, true, true, true, true]);
      const cases = [caseBelow(small), ...casesFrom(seed, 0, 400, ['kubernetes', 'algorithms'])];
      const then = await compare(cases, 'rsa1024min=0', rules);
      const [now] = await goAnswers(oracle, cases.slice(0, 1));
      expect([then[0]?.ok, now?.ok]).toEqual([true, false]);
    });

    it('x509negativeserial=1: negative serial numbers, as in Kubernetes 1.31', async () => {
      const releases = RELEASES.map((minor) => goRules(minor).refusesNegativeSerials);
      expect(releases).toEqual([false, true, true, true, true, true, true]);
      const authority = rootDraft('KUBERNETES-CA', keyOf('root'));
      const odd = [caseBelow(authority, negative), caseBelow({ ...authority, reshape: negative })];
      const cases = [...odd, ...casesFrom(seed, 0, 400, ['kubernetes', 'damage'])];
      await compare(cases, 'x509negativeserial=1', { ...newestRules, refusesNegativeSerials: false });
      expect((await goAnswers(oracle, odd)).map(({ stage }) => stage)).toEqual(['parse-leaf', 'parse-root']);
    });

    it('urlstrictcolons=0: hosts of URIs with colons, as up to Kubernetes 1.35', async () => {
      const releases = RELEASES.map((minor) => goRules(minor).refusesColonsInHosts);
      expect(releases).toEqual([false, false, false, false, false, true, true]);
      const authority = rootDraft('KUBERNETES-CA', keyOf('root'));
      const constrained = {
        ...authority,
        nameConstraints: { critical: true, permitted: [uri('a')], excluded: [] },
      };
      const odd = [authority, constrained].flatMap((above) =>
        COLONS.map((name) => caseBelow(above, undefined, name)),
      );
      const cases = [...odd, ...casesFrom(seed, 0, 600, ['constraints', 'hosts'])];
      const then = await compare(cases, 'urlstrictcolons=0', { ...newestRules, refusesColonsInHosts: false });
      expect(then.slice(0, 3).map(({ ok }) => ok)).toEqual([true, true, true]);
      expect((await goAnswers(oracle, odd)).every(({ stage }) => stage === 'parse-leaf')).toBe(true);
    });
  },
);
