/** Chains of the seeded generator, as the families are asked of them. */
import { KubetlsError } from '../../../src/base/index.ts';
import type { JudgeRequest } from '../../../src/families/index.ts';
import { parseCertificate, type PrivateKey } from '../../../src/x509/index.ts';
import { chanceOf } from '../chance.ts';
import { caseOf } from '../differential.ts';
import { kubernetesScene } from '../kubernetes-chains.ts';

export interface Question extends JudgeRequest {
  readonly id: string;
  readonly name: string;
  /** What a peer needs to present the leaf. */
  readonly leafKey: PrivateKey;
}

/**
 * About `count`: those that do not parse are none. The same seed asks the same, keys aside. All dates are
 * `later` by so many milliseconds: programs go by the clock of the machine.
 */
export function questions(count: number, seed: number, later = 0): Question[] {
  const chance = chanceOf(seed);
  const scenes = chance.repeat(count, () => kubernetesScene(chance));
  return scenes.flatMap((scene) => {
    for (const draft of new Set([scene.leaf, ...scene.authorities, ...scene.sent, ...scene.trusted])) {
      draft.notBefore += later;
      draft.notAfter += later;
    }
    const { id, leaf, intermediates, roots, at, usage, name } = caseOf(scene);
    try {
      return [
        {
          id,
          leaf: parseCertificate(leaf),
          intermediates: intermediates.map(parseCertificate),
          roots: roots.map(parseCertificate),
          at,
          usage,
          name,
          leafKey: scene.leaf.key,
        },
      ];
    } catch (error) {
      if (error instanceof KubetlsError) return [];
      throw error;
    }
  });
}
