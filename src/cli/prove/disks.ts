/** The disks of the nodes, as far as `prove` may look at them. */
import { join } from 'node:path';
import type { Cluster } from '../../cluster/index.ts';
import { directoryHost, type Host, openHost } from '../../hosts/index.ts';
import type { Disk } from '../../prove/index.ts';

/** Reads and never writes; one that cannot be reached says so when it is asked. */
export interface Disks {
  readonly disks: ReadonlyMap<string, Disk>;
  close(): Promise<void>;
}

/** Those that `kubetls.yaml` says how to reach. */
export function disksOfNodes({ spec }: Cluster): Disks {
  return disksFrom(
    spec.nodes.flatMap(({ name, host }) => (host === undefined ? [] : [[name, openHost(host)] as const])),
  );
}

/** A twin reads the state itself. */
export function disksOfTwin({ spec }: Cluster, state: string): Disks {
  return disksFrom(spec.nodes.map(({ name }) => [name, directoryHost(join(state, 'nodes', name))] as const));
}

function disksFrom(hosts: readonly (readonly [string, Host])[]): Disks {
  return {
    disks: new Map(hosts),
    close: async () => void (await Promise.all(hosts.map(([, host]) => host.close()))),
  };
}
