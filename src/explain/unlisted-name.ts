/** A name that was dialled and that no edge of the cluster has: `kubetls.yaml` does not know it yet. */
import type { Endpoint } from '../cluster/index.ts';
import { nameFailure } from '../verify/index.ts';
import { causeTable } from './causes/table.ts';
import { namesOf } from './causes/chain-looks.ts';
import type { Narrowed } from './narrow.ts';
import { called, sideOf } from './refused.ts';
import type { Explained, Reading, World } from './types.ts';

/** The servers that the line can be about and whose certificate lacks the name; the one that it lists, if it lists one. */
export function unlistedName(
  { cluster, inventory, again }: World,
  { symptom, clues: { name, names } }: Reading,
  { edges, isExact }: Narrowed,
): readonly Explained[] {
  if (symptom.id !== 'name' || name === undefined) return [];
  // No certificate here has the names that the line lists: what was presented is none of these.
  if (names !== undefined && !isExact) return [];
  if (cluster.edges.some((edge) => edge.name.toLowerCase() === name.toLowerCase())) return [];
  const byFile = new Map<string, Explained>();
  for (const edge of edges) {
    const key = sansKey(edge.endpoint);
    const { chain, pairFiles } = sideOf(edge, 'server', inventory);
    const [file = ''] = pairFiles;
    const before = byFile.get(file);
    if (before || !chain || key === undefined || !nameFailure(chain.leaf, name)) continue;
    byFile.set(file, {
      id: 'name-missing',
      likelihood: isExact ? 'certain' : key === 'kube-apiserver' ? 'likely' : 'possible',
      title: causeTable['name-missing'].title,
      edge: edge.id,
      edges: [edge.id],
      evidence: [
        `${file}: ${called(chain.leaf)} is for ${namesOf(chain.leaf)}, and was asked for ${name}, which kubetls.yaml does not have`,
      ],
      files: [file],
      remedy: `add ${name} to sans.${key} in kubetls.yaml; then ${again('apply')}`,
    });
  }
  return [...byFile.values()];
}

function sansKey({
  component,
  port,
}: Endpoint): 'kube-apiserver' | 'etcd' | 'etcd-peer' | 'kubelet' | undefined {
  if (component === 'etcd') return port === 'peer' ? 'etcd-peer' : 'etcd';
  return component === 'kube-apiserver' || component === 'kubelet' ? component : undefined;
}
