/** The nodes' files as their programs would read them now: the public ones, and when each was changed. */
import { expectedFailure } from '../../base/index.ts';
import type { StatePath } from '../../cluster/index.ts';
import type { FileTimes, Host } from '../../hosts/index.ts';
import type { FileChange, FoundFile, Inventory } from '../../inventory/index.ts';
import { comparedFiles, type Holding, type Sights } from '../../trust/index.ts';

/** Of a machine; nothing is written there, and no key is read. `run` asks those who answer on their own node alone. */
export type Disk = Pick<Host, 'read' | 'times'> & Partial<Pick<Host, 'run'>>;

export type DiskSights = Pick<Sights, 'files' | 'times' | 'unseenDisks'>;

export interface DiskInput {
  /** By node; those of others are not in sight. */
  readonly disks: ReadonlyMap<string, Disk>;
  readonly inventory: Inventory;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** Connections at a time, as `renew` makes them. */
export const AT_ONCE = 16;

const NO_DISK = 'the disk of its node is not in sight: kubetls.yaml does not say how it is reached (host)';

export async function lookAtDisks(
  holdings: ReadonlyMap<string, readonly Holding[]>,
  { disks, inventory, signal, onProgress }: DiskInput,
): Promise<DiskSights> {
  const changes: FileChange[] = [];
  const times = new Map<StatePath, FileTimes>();
  const unseenDisks = new Map<string, string>();
  const left = holdings.entries();
  let done = 0;
  const worker = async (): Promise<void> => {
    for (const [node, held] of left) {
      if (signal?.aborted === true) return;
      const disk = disks.get(node);
      if (disk === undefined) unseenDisks.set(node, NO_DISK);
      else {
        const seen = await lookAt(node, disk, held);
        if ('why' in seen) unseenDisks.set(node, seen.why);
        else {
          changes.push(...seen.changes);
          for (const one of seen.times) times.set(one.path, one);
        }
      }
      onProgress?.(++done, holdings.size);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { files: inventory.withFiles(changes), times, unseenDisks };
}

interface Looked {
  readonly changes: readonly FileChange[];
  readonly times: readonly FileTimes[];
}

async function lookAt(
  node: string,
  disk: Disk,
  holdings: readonly Holding[],
): Promise<Looked | { readonly why: string }> {
  const root = `nodes/${node}/`;
  const onDisk = (path: StatePath): string => path.slice(root.length);
  const inState = <T extends FileTimes | FoundFile>(found: T): T => ({ ...found, path: root + found.path });
  const dated = [...new Set(holdings.flatMap(({ files }) => files))];
  const compared = [...new Set(holdings.flatMap(comparedFiles))];
  try {
    const times = (await disk.times(dated.map(onDisk))).map(inState);
    const found = (await disk.read(compared.map(onDisk))).map(inState);
    const there = new Set(found.map(({ path }) => path));
    const gone = compared.filter((path) => !there.has(path));
    return { times, changes: [...found, ...gone.map((path) => ({ path, remove: true as const }))] };
  } catch (error) {
    return { why: `the disk of its node is not in sight: ${expectedFailure(error).message}` };
  }
}
