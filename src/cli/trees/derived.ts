/** Who dials whom in trees without a kubetls.yaml: what adoption would write, kept in memory. */
import { adopt } from '../../adopt/index.ts';
import type { TreeInput } from '../../audit/index.ts';
import { expectedFailure, type Failure, type Instant } from '../../base/index.ts';
import { type Cluster, describeCluster, parseSpec, type StatePath } from '../../cluster/index.ts';
import { type Inventory, readInventory } from '../../inventory/index.ts';
import type { Survey } from '../../survey/index.ts';
import { dependencies } from '../../trust/index.ts';
import type { NamedRoot } from './roots.ts';

interface Found {
  readonly inventory: Inventory;
  /** Where what a password opened stands. */
  readonly origins: ReadonlyMap<Uint8Array, StatePath>;
  /** Files, and directories. */
  readonly unread: readonly { readonly path: StatePath }[];
}

/** The cluster, or why there is none: trees of an unknown layout, of one whose files nobody here makes. */
export function derivedFrom(
  survey: Survey,
  { inventory, origins: opened, unread }: Found,
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
      unseen: unseenEdges(cluster, standing, nodes, unread),
      origin,
    };
  } catch (error) {
    return expectedFailure(error);
  }
}

type AdoptedNode = ReturnType<typeof adopt>['nodes'][number];

/**
 * Whoever names the PKI's directory alone says nothing of what stands beside it, and what could not be read may be
 * anything: neither is missing.
 */
function unseenEdges(
  { edges }: Cluster,
  inventory: Inventory,
  nodes: readonly AdoptedNode[],
  unread: Found['unread'],
): ReadonlySet<string> {
  const bases = new Map(nodes.map(({ name, base }) => [name, base]));
  const shut = new Set(nodes.flatMap((node) => unread.flatMap(({ path }) => placeOf(path, node))));
  const isUnseen = (path: StatePath) => {
    if (inventory.get(path)) return false;
    const [, node = '', below = ''] = /^nodes\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const base = bases.get(node) ?? '';
    if (base !== '' && !below.startsWith(`${base}/`)) return true;
    return shut.size > 0 && [path, ...directoriesOf(path)].some((one) => shut.has(one));
  };
  return new Set(edges.flatMap((edge) => (dependencies(edge, inventory).some(isUnseen) ? [edge.id] : [])));
}

/** Where a file of a tree would stand as one of the node's. */
function placeOf(path: StatePath, { name, root, base }: AdoptedNode): StatePath[] {
  const prefix = `nodes/${root}/`;
  const below = base === '' ? '' : `${base}/`;
  return path.startsWith(prefix) ? [`nodes/${name}/${below}${path.slice(prefix.length)}`] : [];
}

function directoriesOf(path: StatePath): StatePath[] {
  const names = path.split('/');
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'));
}
