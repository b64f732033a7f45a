/** Which certificates are meant. */
import type { Cluster } from '../../cluster/index.ts';
import { isLeaf, type LeafItem, type RenewalChoice } from '../../plan/index.ts';
import type { CommandOptions } from '../command.ts';
import { usage } from '../context.ts';

/** A name is an id as `plan -o json` shows it, the end of one (`apiserver`), or a file of the state. */
export function chosen(cluster: Cluster, names: readonly string[], options: CommandOptions): RenewalChoice {
  const { all, due } = options;
  if (all === true && due === true) throw usage('--all and --due exclude each other');
  const nodes = new Set(options['node'] as readonly string[] | undefined);
  const leaves = cluster.items.filter(isLeaf);
  for (const node of nodes) requireNode(node, cluster);
  for (const name of names) requireLeaf(name, leaves);
  return {
    which: due !== true && (all === true || names.length > 0) ? 'all' : 'due',
    includes: (item) =>
      (nodes.size === 0 || (item.owner?.kind === 'node' && nodes.has(item.owner.name))) &&
      (names.length === 0 || names.some((name) => isNamed(item, name))),
  };
}

function isNamed(item: LeafItem, name: string): boolean {
  const files = item.kind === 'pair' ? [item.certificate.path, item.key.path] : [item.file.path];
  return item.id === name || item.id.endsWith(`/${name}`) || files.some((path) => name.endsWith(path));
}

function requireLeaf(name: string, leaves: readonly LeafItem[]): void {
  if (leaves.some((item) => isNamed(item, name))) return;
  const near = leaves.filter(({ id }) => id.includes(name)).slice(0, 3);
  throw usage(
    `there is no certificate ${name} in the file`,
    near.length > 0
      ? `did you mean ${near.map(({ id }) => id).join(' or ')}?`
      : 'list them with: kubetls openssl',
  );
}

function requireNode(name: string, { spec }: Cluster): void {
  if (spec.nodes.some((node) => node.name === name)) return;
  const known = spec.nodes.slice(0, 5).map((node) => node.name);
  throw usage(`--node ${name}: there is no such node`, `nodes: ${known.join(', ')}`);
}
