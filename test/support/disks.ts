/** Nodes whose disks are directories, and a twin that runs from them: something to roll out to, for tests. */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemKeys, systemRandom } from '../../src/apply/index.ts';
import type { CarryHost, LookInput } from '../../src/carry/index.ts';
import { type Clock, KubetlsError } from '../../src/base/index.ts';
import type { Cluster, ComponentName } from '../../src/cluster/index.ts';
import type { Restarter } from '../../src/hosts/index.ts';
import type { FoundFile, Inventory } from '../../src/inventory/index.ts';
import { directoryStore } from '../../src/stores/index.ts';
import { startTwin, type Twin } from '../../src/twin/index.ts';
import { applied, NOW, type World } from './small-cluster.ts';

export interface Disks {
  readonly world: World;
  readonly state: string;
  readonly twin: Twin;
  /** What was done to the nodes, in order. */
  readonly log: string[];
  readonly hostOf: (node: string) => CarryHost;
  readonly restarterOf: (place: { readonly node: string }) => Restarter;
  /** What stands on the nodes, under the state's paths; of other files what the state holds. */
  found(): Inventory;
  look(more?: Partial<LookInput>): LookInput;
  file(statePath: string): string;
  end(): Promise<void>;
}

/** Applied at `at`, and brought to every node; the twin runs at the clock's time. */
export async function disksOf(cluster: Cluster, clock: Clock, at = NOW): Promise<Disks> {
  const directory = mkdtempSync(path.join(tmpdir(), 'kubetls-disks-'));
  const state = path.join(directory, 'kubetls-state');
  const world = await applied(cluster, at, directoryStore(state));
  const disks = path.join(directory, 'disks');
  cpSync(path.join(state, 'nodes'), path.join(disks, 'nodes'), { recursive: true });
  cpSync(path.join(state, 'users'), path.join(disks, 'users'), { recursive: true });
  const twin = await startTwin(cluster, disks, { clock, keys: systemKeys() });
  const log: string[] = [];
  const file = (statePath: string): string => path.join(disks, statePath);
  return {
    world,
    state,
    twin,
    log,
    file,
    hostOf: (node) => hostAt(node, path.join(disks, 'nodes', node), log),
    restarterOf: ({ node }) => ({
      describe: (component) => `restart ${component}`,
      restart: async (component) => {
        log.push(`restart ${component}@${node}`);
        for (const id of socketsOf(cluster, node, component)) await twin.restart(id);
      },
    }),
    found: () => {
      const paths = [...world.inventory.entries.keys()].filter((name) => name.startsWith('nodes/'));
      return world.inventory.withFiles(
        paths.map((name) => ({ path: name, mode: 0o600, bytes: readFileSync(file(name)) })),
      );
    },
    look: (more) => ({
      cluster,
      addressOf: ({ id }) => twin.address(id),
      clock,
      random: systemRandom(),
      keys: systemKeys(),
      timeout: 5_000,
      concurrency: 8,
      ...more,
    }),
    end: async () => {
      await twin.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function socketsOf({ endpoints }: Cluster, node: string, component: ComponentName): string[] {
  return endpoints.filter((one) => one.node === node && one.component === component).map(({ id }) => id);
}

function hostAt(node: string, root: string, log: string[]): CarryHost {
  return {
    read: (paths) => Promise.resolve(paths.flatMap((name) => foundAt(root, name))),
    write: (sets) => {
      log.push(`write ${node}: ${sets.map(({ id }) => id).join(' ')}`);
      for (const change of sets.flatMap(({ changes }) => changes)) {
        const place = path.join(root, change.path);
        if ('remove' in change) rmSync(place, { force: true });
        else {
          mkdirSync(path.dirname(place), { recursive: true });
          writeFileSync(`${place}.new`, change.bytes, { mode: change.mode });
          chmodSync(`${place}.new`, change.mode);
          renameSync(`${place}.new`, place);
        }
      }
      return Promise.resolve();
    },
  };
}

function foundAt(root: string, name: string): FoundFile[] {
  const place = path.join(root, name);
  const mode = statSync(place, { throwIfNoEntry: false })?.mode;
  return mode === undefined ? [] : [{ path: name, mode: mode & 0o777, bytes: readFileSync(place) }];
}

/** A failure as a host or a restarter throws it. */
export function killed(where: string): KubetlsError {
  return new KubetlsError({ code: 'test/killed', message: `killed at ${where}` });
}
