/** The machines that `kubetls.yaml` says how to reach. */
import { expectedFailure, type Failure } from '../../base/index.ts';
import { type Cluster, type ComponentName, parseHostAddress, type StatePath } from '../../cluster/index.ts';
import { type Host, hostRestarter, openHost, putBackManifests, type Restarter } from '../../hosts/index.ts';
import type { FileChange, Inventory } from '../../inventory/index.ts';
import { onDisk, type Owed } from '../../rollout/index.ts';

export interface Machine {
  readonly host: Host;
  /** undefined: nobody restarts that there from here. */
  readonly restarterOf: (component: ComponentName) => Restarter | undefined;
}

/** By node; those without a `host` are missing. */
export type Machines = ReadonlyMap<string, Machine>;

export function openMachines({ spec }: Cluster): Machines {
  const machines = new Map<string, Machine>();
  for (const { name, host: text, become } of spec.nodes) {
    if (text === undefined) continue;
    const host = openHost(text, { sudo: become === 'sudo' });
    const restarter = hostRestarter(host, spec.services);
    const restarts = runsCommands(text);
    machines.set(name, {
      host,
      restarterOf: (component) =>
        restarts && spec.services[component].kind !== 'none' ? restarter : undefined,
    });
  }
  return machines;
}

/** On a directory nothing runs, unless it is this machine's own root. */
function runsCommands(host: string): boolean {
  const address = parseHostAddress(host);
  return address !== undefined && (address.kind === 'ssh' || address.path === '/');
}

/** What a restart that was cut off has left aside stands again: others wait for it to be well. */
export async function putBack(machines: Machines, { spec }: Cluster, owed: readonly Owed[]): Promise<void> {
  for (const { node, component, stage } of owed) {
    const machine = machines.get(node);
    const isPod = spec.services[component].kind === 'static-pod';
    if (stage === 'restart' && isPod && machine?.restarterOf(component)) await putBackManifests(machine.host);
  }
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
