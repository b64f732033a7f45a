/** A name that was dialled and that no edge of the cluster has: `kubetls.yaml` does not know it yet. */
import type { Edge, Endpoint, StatePath } from '../cluster/index.ts';
import { nameFailure } from '../verify/index.ts';
import { type Certificate, generalNameText } from '../x509/index.ts';
import { causeTable } from './causes/table.ts';
import { namesOf } from './causes/chain-looks.ts';
import { afterFirst, stepsFor } from './mend.ts';
import type { Narrowed } from './narrow.ts';
import { called, sideOf } from './refused.ts';
import type { Explained, Reading, World } from './types.ts';

/**
 * The servers that the line can be about and whose certificate lacks the name; the one that it lists, if it lists
 * one. A name that kubetls.yaml has and some file covers was presented by something older, or by somebody else.
 */
export function unlistedName(
  world: World,
  { symptom, clues: { name, names } }: Reading,
  { edges, isExact }: Narrowed,
): readonly Explained[] {
  const { cluster, inventory } = world;
  if (symptom.id !== 'name' || name === undefined) return [];
  if (cluster.edges.some((edge) => edge.name.toLowerCase() === name.toLowerCase())) return [];
  const byFile = new Map<string, { explained: Explained; shared: number; edges: Edge[] }>();
  for (const edge of edges) {
    const key = sansKey(edge.endpoint);
    const { chain, pairFiles } = sideOf(edge, 'server', inventory);
    const [file = ''] = pairFiles;
    if (!chain || key === undefined) continue;
    const before = byFile.get(file);
    if (before) before.edges.push(edge);
    else if (nameFailure(chain.leaf, name)) {
      const listed = names !== undefined && !isExact ? names : undefined;
      const explained = explainedOf(world, { edge, key, file, name, leaf: chain.leaf, isExact, listed });
      byFile.set(file, { explained, shared: sharedNames(chain.leaf, names), edges: [edge] });
    } else if (names !== undefined && !isExact) return []; // The file has it: who presents other names holds another.
  }
  const found = [...byFile.values()];
  // Of names that no certificate here has just so: the server with which the line shares most.
  const most = isExact ? 0 : Math.max(0, ...found.map(({ shared }) => shared));
  return found
    .filter(({ shared }) => shared >= most)
    .map(({ explained, edges: own }) => ({ ...explained, steps: stepsFor(world, filesOf(own), own) }));
}

interface Lacking {
  readonly edge: Edge;
  readonly key: NonNullable<ReturnType<typeof sansKey>>;
  readonly file: StatePath;
  readonly name: string;
  readonly leaf: Certificate;
  readonly isExact: boolean;
  /** Names of the line that are of no certificate here. */
  readonly listed: string | undefined;
}

function explainedOf(world: World, lacking: Lacking): Explained {
  const { cluster, again } = world;
  const { edge, key, file, name, leaf, isExact, listed } = lacking;
  const isDeclared = cluster.spec.sans[key]?.includes(name.toLowerCase()) ?? false;
  const declared = isDeclared ? 'which kubetls.yaml has' : 'which kubetls.yaml does not have';
  const other = `no certificate here has just the names of the line (${listed}): what answers is older, or another server`;
  return {
    id: 'name-missing',
    likelihood: isExact ? 'certain' : key === 'kube-apiserver' ? 'likely' : 'possible',
    title: causeTable['name-missing'].title,
    edge: edge.id,
    edges: [edge.id],
    evidence: [
      `${file}: ${called(leaf)} is for ${namesOf(leaf)}, and was asked for ${name}, ${declared}`,
      ...(listed === undefined ? [] : [other]),
    ],
    files: [file],
    remedy: afterFirst(
      world,
      isDeclared ? again('apply') : `add ${name} to sans.${key} in kubetls.yaml; then ${again('apply')}`,
    ),
    steps: [],
  };
}

function sharedNames({ subjectAltNames = [] }: Certificate, names: string | undefined): number {
  const wanted = new Set(names?.split(', '));
  return subjectAltNames.filter((one) => wanted.has(generalNameText(one).replace(/^[A-Za-z ]+:/, ''))).length;
}

function filesOf(edges: readonly Edge[]): StatePath[] {
  const pairs = edges.flatMap(({ endpoint: { serves } }) =>
    serves === 'self-signed' ? [] : [serves.certificate, serves.key],
  );
  return [...new Set(pairs)];
}

function sansKey({
  component,
  port,
}: Endpoint): 'kube-apiserver' | 'etcd' | 'etcd-peer' | 'kubelet' | undefined {
  if (component === 'etcd') return port === 'peer' ? 'etcd-peer' : 'etcd';
  return component === 'kube-apiserver' || component === 'kubelet' ? component : undefined;
}
