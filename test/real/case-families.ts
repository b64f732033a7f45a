/** Everything that is asked of Go and of us, by kind. */
import { type Chance, chanceOf } from './chance.ts';
import type { Case } from './differential.ts';
import { algorithmCase } from './families/algorithms.ts';
import { constraintCase } from './families/constraints.ts';
import { damageCase } from './families/damage.ts';
import { graphCase } from './families/graphs.ts';
import { hostCase, subjectCase } from './families/hosts.ts';
import { kubernetesCase } from './kubernetes-chains.ts';
import { policyCase } from './families/policies.ts';
import { timeCase } from './families/times.ts';

export const FAMILIES: Readonly<Record<string, (chance: Chance) => Case>> = {
  kubernetes: kubernetesCase,
  damage: damageCase,
  constraints: constraintCase,
  hosts: hostCase,
  subjects: subjectCase,
  policies: policyCase,
  graphs: graphCase,
  algorithms: algorithmCase,
  times: timeCase,
};

/** Cases `from` to `from + count` of a seed: each has a seed of its own, told in its id. */
export function casesFrom(seed: number, from: number, count: number, families: readonly string[]): Case[] {
  return Array.from({ length: count }, (_, i) => {
    const name = families[(from + i) % families.length]!;
    const own = (Math.imul(seed, 0x9e3779b1) + from + i) >>> 0;
    const made = FAMILIES[name]!(chanceOf(own));
    return { ...made, id: `${name} ${own}: ${made.id}` };
  });
}
