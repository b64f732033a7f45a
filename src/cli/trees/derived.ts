/** Who dials whom in trees without a kubetls.yaml: what adoption would write, kept in memory. */
import { adopt } from '../../adopt/index.ts';
import type { TreeInput } from '../../audit/index.ts';
import { expectedFailure, type Failure, type Instant } from '../../base/index.ts';
import { type Cluster, describeCluster, parseSpec, type StatePath } from '../../cluster/index.ts';
import { type Inventory, readInventory } from '../../inventory/index.ts';
import type { Survey } from '../../survey/index.ts';
import { dependencies } from '../../trust/index.ts';
import type { NamedRoot } from './roots.ts';

/** The cluster, or why there is none: trees of an unknown layout, of one whose files nobody here makes. */
export function derivedFrom(
  survey: Survey,
  {
    inventory,
    origins: opened,
  }: Readonly<{ inventory: Inventory; origins: ReadonlyMap<Uint8Array, StatePath> }>,
  roots: readonly NamedRoot[],
  at: Instant,
): NonNullable<TreeInput['derived']> | Failure {
  const named = new Set(roots.filter((one) => one.named).map(({ name }) => name));
  try {
    const { text, files, nodes } = adopt(survey, { name: 'kubernetes', addresses: new Map(), named }, at);
    const origins = new Map(files.map(({ path, bytes }) => [path, bytes] as const));
    const found = new Map(
      survey.files.flatMap(({ root, path, bytes }) =>
        bytes ? [[bytes, opened.get(bytes) ?? `nodes/${root}/${path}`] as const] : [],
      ),
    );
    const origin = (path: string) => {
      const bytes = origins.get(path);
      return bytes && found.get(bytes);
    };
    // What was parsed, and verified, where it was found need not be so where it stands for its edges.
    const placed = files.map((file) => {
      const content = inventory.get(origin(file.path) ?? '')?.content;
      return content?.kind === 'unreadable' || !content ? file : { ...file, content };
    });
    const cluster = describeCluster(parseSpec(text, 'kubetls.yaml'));
    const standing = readInventory([]).withFiles(placed);
    return {
      cluster,
      inventory: standing,
      unseen: unseenEdges(cluster, standing, new Map(nodes.map(({ name, base }) => [name, base]))),
      origin,
    };
  } catch (error) {
    return expectedFailure(error);
  }
}

/** Whoever names the PKI's directory alone says nothing of what stands beside it: that is not there, and not missing. */
function unseenEdges(
  { edges }: Cluster,
  inventory: Inventory,
  bases: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const isOutside = (path: StatePath) => {
    const [, node = '', below = ''] = /^nodes\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const base = bases.get(node) ?? '';
    return base !== '' && !below.startsWith(`${base}/`) && !inventory.get(path);
  };
  return new Set(edges.flatMap((edge) => (dependencies(edge, inventory).some(isOutside) ? [edge.id] : [])));
}
