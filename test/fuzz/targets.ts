/** Every parser of the project, with what is read afterwards. One line here and a folder of corpus/ make one more. */
import type { Target } from './target.ts';
import { apiTargets } from './targets/api.ts';
import { auditTargets } from './targets/audit.ts';
import { batchTargets } from './targets/batch.ts';
import { chainTargets } from './targets/chain.ts';
import { clusterTargets } from './targets/cluster.ts';
import { hostTargets } from './targets/hosts.ts';
import { keyTargets } from './targets/keys.ts';
import { networkTargets } from './targets/network.ts';
import { stateTargets } from './targets/state.ts';
import { loadTargets } from './targets/load.ts';
import { x509Targets } from './targets/x509.ts';

export const targets: Readonly<Record<string, Target>> = {
  ...x509Targets,
  ...keyTargets,
  ...chainTargets,
  ...loadTargets,
  ...batchTargets,
  ...clusterTargets,
  ...auditTargets,
  ...stateTargets,
  ...networkTargets,
  ...hostTargets,
  ...apiTargets,
};
