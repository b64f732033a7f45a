/** Every parser of the project, with what is read afterwards. One line here and a folder of corpus/ make one more. */
import type { Target } from './target.ts';
import { clusterTargets } from './targets/cluster.ts';
import { hostTargets } from './targets/hosts.ts';
import { keyTargets } from './targets/keys.ts';
import { networkTargets } from './targets/network.ts';
import { stateTargets } from './targets/state.ts';
import { verifyTargets } from './targets/verify.ts';
import { x509Targets } from './targets/x509.ts';

export const targets: Readonly<Record<string, Target>> = {
  ...x509Targets,
  ...keyTargets,
  ...verifyTargets,
  ...clusterTargets,
  ...stateTargets,
  ...networkTargets,
  ...hostTargets,
};
