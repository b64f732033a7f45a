/** The machines that `kubetls.yaml` says how to reach. */
import { expectedFailure, type Failure } from '../../base/index.ts';
import type { Cluster, StatePath } from '../../cluster/index.ts';
import { type Host, openHost, type Restarter } from '../../hosts/index.ts';
import type { FileChange, Inventory } from '../../inventory/index.ts';
import { onDisk } from '../../rollout/index.ts';

export interface Machine {
  readonly host: Host;
  /** undefined: nobody restarts anything there from here. */
  readonly restarter: Restarter | undefined;
}

/** By node; those without a `host` are missing. */
export type Machines = ReadonlyMap<string, Machine>;

export function openMachines({ spec }: Cluster): Machines {
  const machines = new Map<string, Machine>();
  for (const { name, host } of spec.nodes)
    if (host !== undefined) machines.set(name, { host: openHost(host), restarter: undefined });
  return machines;
}

export async function closeMachines(machines: Machines): Promise<void> {
  await Promise.all([...machines.values()].map(({ host }) => host.close()));
}

export interface Gathered {
  /**
   * What stands on the disks of the nodes that were reached, under the state's paths; of all others the state's own
   * files, which is what they are taken to have.
   */
  readonly found: Inventory;
  readonly reached: Machines;
  readonly unreached: ReadonlyMap<string, Failure>;
}

/** Connections at a time. */
const AT_ONCE = 16;

/** A node that does not answer keeps nobody from the others. */
export async function gather(machines: Machines, cluster: Cluster, state: Inventory): Promise<Gathered> {
  const changes: FileChange[] = [];
  const reached = new Map<string, Machine>();
  const unreached = new Map<string, Failure>();
  const left = machines.entries();
  const worker = async (): Promise<void> => {
    for (const [node, machine] of left) {
      try {
        changes.push(...(await standingOn(node, machine.host, cluster)));
        reached.set(node, machine);
      } catch (error) {
        unreached.set(node, expectedFailure(error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { found: state.withFiles(changes), reached, unreached };
}

async function standingOn(node: string, host: Host, { items }: Cluster): Promise<FileChange[]> {
  const paths = pathsOn(node, items);
  const files = await host.read(paths.map((path) => onDisk(node, path)));
  const found = new Map(files.map((file) => [file.path, file]));
  return paths.map((path) => {
    const file = found.get(onDisk(node, path));
    return file ? { ...file, path } : { path, remove: true };
  });
}

function pathsOn(node: string, items: Cluster['items']): StatePath[] {
  return items
    .filter(({ owner }) => owner?.kind === 'node' && owner.name === node)
    .flatMap((item) => {
      if (item.kind === 'pair' || item.kind === 'authority') return [item.certificate.path, item.key.path];
      return item.kind === 'key-pair' ? [item.privateKey.path, item.publicKey.path] : [item.file.path];
    });
}
