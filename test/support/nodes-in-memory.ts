/** Nodes whose disks, restarts and notes are in memory, for tests that kill at any of their operations. */
import { type Carried, type CarryHost, carryRollout, type OwedStore } from '../../src/carry/index.ts';
import type { FoundFile, Inventory } from '../../src/inventory/index.ts';
import type { Delivery, Owed, Rollout } from '../../src/rollout/index.ts';

/** What a kill looks like from inside. */
export class Killed extends Error {}

/** Nodes in memory. At the operation numbered `killAt` the program is killed: before it, or after it was done. */
export class NodesInMemory {
  readonly disks: Map<string, FoundFile>;
  readonly log: string[] = [];
  /** What was put on record, in the words of `log`. */
  readonly recorded: string[] = [];
  owedNow: readonly Owed[] = [];
  operations = 0;
  killAt = Number.POSITIVE_INFINITY;
  killed: 'before' | 'after' = 'before';

  constructor(disks: ReadonlyMap<string, FoundFile>) {
    this.disks = new Map(disks);
  }

  async #operation(work: () => void): Promise<void> {
    const isLast = ++this.operations === this.killAt;
    await Promise.resolve();
    if (isLast && this.killed === 'before') throw new Killed();
    work();
    if (isLast) throw new Killed();
  }

  readonly owed: OwedStore = {
    read: () => Promise.resolve(this.owedNow),
    write: (owed) => this.#operation(() => (this.owedNow = owed)),
  };

  hostOf(node: string): CarryHost {
    return {
      read: () => Promise.resolve([]),
      write: (sets) =>
        this.#operation(() => {
          for (const change of sets.flatMap(({ changes }) => changes)) {
            const path = `nodes/${node}/${change.path}`;
            if ('remove' in change) this.disks.delete(path);
            else this.disks.set(path, { path, mode: change.mode, bytes: change.bytes });
          }
          this.log.push(`write ${node}`);
        }),
    };
  }

  restarterOf(node: string) {
    return {
      describe: (component: string) => component,
      restart: (component: string) => this.#operation(() => this.log.push(`restart ${component}@${node}`)),
    };
  }

  /** Carries it to them at once; whatever is looked at is well. */
  carried(rollout: Rollout, deliveries: readonly Delivery[], found: Inventory, at: number): Promise<Carried> {
    return carryRollout({
      rollout,
      deliveries,
      found,
      hostOf: (node) => this.hostOf(node),
      restarterOf: ({ node }) => this.restarterOf(node),
      look: ({ healthy, edges }) =>
        Promise.resolve([...healthy, ...edges].map((id) => ({ id, state: 'ok', why: '' }))),
      owed: this.owed,
      record: (deed) =>
        this.#operation(() =>
          this.recorded.push(
            deed.event === 'deliver' ? `write ${deed.node}` : `restart ${deed.component}@${deed.node}`,
          ),
        ),
      run: 'test',
      clock: { now: () => at },
      sleep: () => Promise.resolve(),
    });
  }
}
