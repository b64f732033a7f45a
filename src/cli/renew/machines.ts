/** The machines that a command reaches. */
import type { CarryHost, CarryRestarter } from '../../carry/index.ts';
import type { Cluster, StatePath } from '../../cluster/index.ts';
import type { FileChange, Inventory } from '../../inventory/index.ts';
import { onDisk } from '../../rollout/index.ts';

export interface Machine {
  /** For people: the directory, or where ssh goes. */
  readonly name: string;
  readonly host: CarryHost;
  readonly restarter: CarryRestarter;
}

/** By node; those that are not reached are missing. */
export type Machines = ReadonlyMap<string, Machine>;

/**
 * What stands on the disks of the nodes that are reached, under the state's paths; of all others the state's own
 * files, which is what they are taken to have.
 */
export async function foundOn(machines: Machines, { items }: Cluster, state: Inventory): Promise<Inventory> {
  const changes: FileChange[] = [];
  for (const [node, { host }] of machines) {
    const paths = pathsOn(node, items);
    const found = new Map(
      (await host.read(paths.map((path) => onDisk(node, path)))).map((file) => [file.path, file]),
    );
    for (const path of paths) {
      const file = found.get(onDisk(node, path));
      changes.push(file ? { ...file, path } : { path, remove: true });
    }
  }
  return state.withFiles(changes);
}

function pathsOn(node: string, items: Cluster['items']): StatePath[] {
  return items
    .filter(({ owner }) => owner?.kind === 'node' && owner.name === node)
    .flatMap((item) => {
      if (item.kind === 'pair' || item.kind === 'authority') return [item.certificate.path, item.key.path];
      return item.kind === 'key-pair' ? [item.privateKey.path, item.publicKey.path] : [item.file.path];
    });
}
