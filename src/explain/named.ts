import type { StatePath } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { withClusterPaths, withUserPaths } from '../kubeconfig/index.ts';
import { inState, machineOf } from '../trust/index.ts';

export interface Named {
  /** The certificate first. */
  readonly pair: readonly StatePath[];
  readonly anchors: readonly StatePath[];
}

/** Files that the current context of a kubeconfig names instead of holding what is in them. */
export function namedIn(inventory: Inventory, file: StatePath): Named {
  const content = inventory.get(file)?.content;
  if (content?.kind !== 'kubeconfig') return { pair: [], anchors: [] };
  const { clusters, users, contexts, currentContext } = content.config;
  const context = contexts.find(({ name }) => name === currentContext)?.context;
  const machine = machineOf(file);
  const placed = (path: string | undefined) => (path && inState(path, machine)) || [];
  // What stands in the kubeconfig itself wins (clientcmd, getUserIdentificationPartialConfig).
  return {
    pair: users.flatMap(({ name, user }) => {
      if (name !== context?.user) return [];
      const { clientCertificate, clientKey } = withUserPaths(user, machine.directory);
      return [
        ...(user.clientCertificateData ? [] : [placed(clientCertificate)].flat()),
        ...(user.clientKeyData ? [] : [placed(clientKey)].flat()),
      ];
    }),
    anchors: clusters.flatMap(({ name, cluster }) =>
      name === context?.cluster && !cluster.certificateAuthorityData
        ? placed(withClusterPaths(cluster, machine.directory).certificateAuthority)
        : [],
    ),
  };
}
