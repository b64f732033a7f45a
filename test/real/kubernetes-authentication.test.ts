/**
 * What kube-apiserver's own authenticators for client certificates say of chains, and what we predict: for
 * the log lines, and for the twin. Each run has a seed of its own; KUBETLS_SEED repeats one.
 */
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { asBuffer, KubetlsError } from '../../src/base/index.ts';
import { authenticationError } from '../../src/trust/authentication.ts';
import { authenticate } from '../../src/twin/identity.ts';
import { createPool, newestRules } from '../../src/verify/index.ts';
import { type Certificate, makeName, type Name, parseCertificate } from '../../src/x509/index.ts';
import { keyOf, nameOf, rootDraft } from '../judges/mint.ts';
import { type Chance, chanceOf } from './chance.ts';
import type { Scene } from './chain-faults.ts';
import { type Case, caseOf, shapeOf } from './differential.ts';
import { kubernetesScene } from './kubernetes-chains.ts';
import { type AuthenticateQuestion, goAuthenticate } from './oracle.ts';

const tools = await realTools();
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);

const uid = (...values: readonly string[]) => values.map((value) => ({ type: 'UID', value }));
const SUBJECTS: readonly Name[] = [
  nameOf('front-proxy-client'),
  makeName([{ type: 'O', value: 'system:masters' }]),
  makeName([{ type: 'CN', value: 'jane' }, ...uid('1')]),
  makeName([{ type: 'CN', value: 'jane' }, ...uid('1', '2')]),
  makeName([...uid('1', '2')]),
  makeName([
    { type: 'CN', value: 'a' },
    { type: 'CN', value: 'b "c"' },
  ]),
];

/** A chain, the client authority that it is held against, and a front proxy's or none. */
interface Trial extends Case {
  readonly frontProxy:
    | { readonly roots: readonly Uint8Array[]; readonly allowed: readonly string[] }
    | undefined;
}

function trialOf(chance: Chance): Trial {
  const scene: Scene & { readonly id: string } = kubernetesScene(chance);
  if (chance.oneIn(2)) scene.leaf.subject = chance.pick(SUBJECTS);
  if (chance.oneIn(2)) scene.leaf.extendedKeyUsage = ['clientAuth'];
  const trial = caseOf(scene);
  const stranger = caseOf({ ...scene, trusted: [rootDraft('front-proxy-ca', keyOf('proxy'))] });
  const roots = chance.pick([trial.roots, stranger.roots, [], [...trial.roots, ...stranger.roots]]);
  const allowed = chance.pick([[], ['front-proxy-client'], ['kube-admin', 'b "c"']]);
  // Where the client's own authority does not know it, the front proxy's may.
  const own = chance.oneIn(4) ? stranger.roots : trial.roots;
  return { ...trial, roots: own, frontProxy: chance.oneIn(4) ? undefined : { roots, allowed } };
}

function read(der: Uint8Array): Certificate[] {
  try {
    return [parseCertificate(der)];
  } catch (error) {
    if (error instanceof KubetlsError) return [];
    throw error;
  }
}

const base64 = (der: Uint8Array) => asBuffer(der).toString('base64');

function questionOf({ leaf, intermediates, roots, at, frontProxy }: Trial): AuthenticateQuestion {
  return {
    leaf: base64(leaf),
    intermediates: intermediates.map(base64),
    roots: roots.map(base64),
    at: new Date(at).toISOString(),
    authenticate: frontProxy
      ? { frontProxy: { roots: frontProxy.roots.map(base64), allowed: frontProxy.allowed } }
      : {},
  };
}

interface Opinions {
  readonly lines: string;
  readonly twin: string;
}

/** Undefined: what is not a chain of certificates does not reach an authenticator. */
function ours({ frontProxy, ...trial }: Trial): Opinions | undefined {
  const presented = [trial.leaf, ...trial.intermediates].flatMap(read);
  const [leaf, ...intermediates] = presented;
  if (!leaf || intermediates.length < trial.intermediates.length) return undefined;
  const poolOf = (roots: readonly Uint8Array[]) => createPool(roots.flatMap(read));
  const [roots, at] = [poolOf(trial.roots), trial.at];
  const proxy = frontProxy && { roots: poolOf(frontProxy.roots), allowedNames: frontProxy.allowed };
  const error = authenticationError(
    { leaf, intermediates, unreadable: undefined },
    { roots, frontProxy: proxy },
    { at },
  );
  const anchors = (pool: typeof roots) => ({ pool, certificates: pool.certificates });
  const attempt = authenticate({
    presented,
    headers: {},
    anchors: anchors(roots),
    frontProxy: proxy && { anchors: anchors(proxy.roots), allowedNames: proxy.allowedNames },
    at,
    rules: newestRules,
  });
  const twin = attempt.kind === 'error' ? attempt.error : attempt.kind === 'user' ? attempt.user.name : '';
  return { lines: error ?? '', twin };
}

describe.skipIf('missing' in tools)(
  `kube-apiserver's authenticators (needs Go; KUBETLS_SEED=${seed})`,
  () => {
    const oracle = 'missing' in tools ? '' : tools.oracle;

    it('say of 900 chains what the log lines and the twin say', async () => {
      // The second lot is always the same: rare texts are known to be among it.
      const lots = [seed, 101].flatMap((lot, n) =>
        Array.from({ length: n === 0 ? 300 : 600 }, (_, i) => lot * 1_000 + i),
      );
      const trials = lots.map((each) => trialOf(chanceOf(each)));
      const asked = trials.flatMap((trial) => {
        const opinions = ours(trial);
        return opinions ? [{ trial, opinions }] : [];
      });
      expect(asked.length).toBeGreaterThan(750);
      const go = await goAuthenticate(
        oracle,
        asked.map(({ trial }) => questionOf(trial)),
      );
      const differing = asked.flatMap(({ trial, opinions }, i) => {
        const { ok, error, user } = go[i]!;
        const expected = { lines: error, twin: ok ? user : error };
        return opinions.lines === expected.lines && opinions.twin === expected.twin
          ? []
          : [{ id: trial.id, ours: opinions, go: expected, question: questionOf(trial) }];
      });
      expect(differing).toEqual([]);
      expect(go.some(({ ok }) => ok)).toBe(true);
      const texts = new Set(go.map(({ error }) => shapeOf(error)));
      expect(texts.size).toBeGreaterThan(25);
      for (const kind of [
        /^\[x509: .*, verifying certificate SN=/,
        /^verifying certificate SN=/,
        /in the allowed/,
        /^expected # UID/,
      ])
        expect([...texts].filter((text) => kind.test(text)).length, String(kind)).toBeGreaterThan(0);
      expect(go.some(({ ok, error }) => !ok && error === '')).toBe(true);
    }, 120_000);
  },
);
