/**
 * Carries a roll-out to the machines. It decides nothing: the steps are in order, and it stops at the first that
 * fails. Killed between any two of them, the next run goes on: what the disks still lack is planned anew, and what
 * was given and not yet restarted or proven is written down before it is given.
 */
import { type Clock, expectedFailure, type Failure, KubetlsError, SECOND } from '../base/index.ts';
import type { Restarter } from '../hosts/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type {
  Delivery,
  DeliverStep,
  GateStep,
  Owed,
  Place,
  RestartStep,
  Rollout,
  Step,
} from '../rollout/index.ts';
import { judgeGate } from './judge-gate.ts';
import { isAt, merged, without } from './owed.ts';
import type { Carried, CarryCode, CarryHost, Deed, Look, OwedStore, Sight, StepState } from './types.ts';

export interface CarryInput {
  readonly rollout: Rollout;
  readonly deliveries: readonly Delivery[];
  /** What stands on the nodes' disks, under the state's paths. */
  readonly found: Inventory;
  readonly hostOf: (node: string) => CarryHost | undefined;
  /** undefined: nobody restarts it from here. */
  readonly restarterOf: (place: Place) => Restarter | undefined;
  readonly look: Look;
  readonly owed: OwedStore;
  /** Called before it is done; durable when it returns. */
  readonly record: (deed: Deed) => Promise<void>;
  /** Names temporaries and backups on the nodes. */
  readonly run: string;
  readonly clock: Clock;
  /** Ends early, and quietly, when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly signal?: AbortSignal;
  /** Restart also what cannot be seen again from here. */
  readonly acceptUnseen?: boolean;
  readonly onStep?: (step: Step, state: StepState, why?: string) => void;
}

/** Where a node keeps what stood there before, by run. */
const BACKUP = 'var/lib/kubetls/backups';
/** Between the first two looks at a gate: what reloads takes milliseconds, a controller a second. It doubles. */
const FIRST_PAUSE = SECOND / 10;
const PAUSE = SECOND;

class Stop extends Error {
  readonly why: 'failed' | 'unseen' | 'interrupted';
  readonly failure: Failure;

  constructor(why: Stop['why'], failure: Failure) {
    super(failure.message);
    this.why = why;
    this.failure = failure;
  }
}

export async function carryRollout(input: CarryInput): Promise<Carried> {
  const { steps } = input.rollout;
  const run = new Run(input, await heldBefore(input));
  const done: Step[] = [];
  for (const step of steps) {
    try {
      if (input.signal?.aborted) throw interrupted();
      input.onStep?.(step, 'begun');
      await run.take(step);
    } catch (error) {
      const { why, failure } = error instanceof Stop ? error : failedAt(error);
      return { done, stopped: { step, why, failure }, doubtful: run.doubtful, world: run.world };
    }
    input.onStep?.(step, 'done');
    done.push(step);
  }
  return { done, stopped: undefined, doubtful: run.doubtful, world: run.world };
}

/** Edges that hold before anything is done: what is broken already breaks nothing. */
async function heldBefore({ rollout, look, found }: CarryInput): Promise<ReadonlySet<string>> {
  const edges = [...new Set(rollout.steps.flatMap((step) => (step.kind === 'gate' ? step.dialled : [])))];
  if (edges.length === 0) return new Set();
  const sights = await look({ healthy: [], edges }, found);
  return new Set(sights.filter(({ state }) => state === 'ok').map(({ id }) => id));
}

class Run {
  readonly #input: CarryInput;
  readonly #heldBefore: ReadonlySet<string>;
  readonly #doubtful = new Map<string, Sight>();
  world: Inventory;

  constructor(input: CarryInput, heldBefore: ReadonlySet<string>) {
    this.#input = input;
    this.#heldBefore = heldBefore;
    this.world = input.found;
  }

  get doubtful(): readonly Sight[] {
    return [...this.#doubtful.values()];
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'deliver':
        return this.#deliver(step);
      case 'restart':
        return this.#restart(step);
      case 'gate':
        return this.#gate(step);
      case 'reload':
        // Whether it has is for the gate behind it to see.
        return undefined;
    }
  }

  async #deliver({ node, owes }: DeliverStep): Promise<void> {
    const { owed, record, run, hostOf } = this.#input;
    const deliveries = this.#input.deliveries.filter((delivery) => delivery.node === node);
    const changes = deliveries.flatMap((delivery) => delivery.changes);
    await owed.write(merged(await owed.read(), owes));
    await record({ event: 'deliver', node, files: changes.map(({ path }) => path) });
    const sets = deliveries.map(({ item, changes: files, seen }) => ({ id: item, changes: files, seen }));
    await hostOf(node)?.write(sets, { run, backup: `${BACKUP}/${run}` });
    this.world = this.world.withFiles(
      changes.map((change) => ({ ...change, path: `nodes/${node}/${change.path}` })),
    );
  }

  async #restart({ node, component, because }: RestartStep): Promise<void> {
    const { owed, record, restarterOf } = this.#input;
    const restarter = restarterOf({ node, component });
    if (!restarter) throw new Stop('unseen', noRestarter({ node, component }));
    await record({ event: 'restart', node, component, because });
    await restarter.restart(component);
    const all = await owed.read();
    const down = all.find((one) => isAt(one, { node, component }))?.down;
    const now: Owed = { node, component, stage: 'restarted', because, ...(down && { down }) };
    await owed.write([...without(all, now), now]);
  }

  async #gate(step: GateStep): Promise<void> {
    const { owed, clock, sleep, signal, acceptUnseen = false, onStep } = this.#input;
    const wasAway = (await owed.read()).some((one) => isAt(one, step) && one.stage === 'restarted');
    const mustSee = (step.when === 'before' || wasAway) && !acceptUnseen;
    const wanted = { healthy: step.healthy, edges: [...step.proven, ...step.dialled] };
    const until = clock.now() + step.within;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, PAUSE)) {
      const sights = await this.#input.look(wanted, this.world);
      if (signal?.aborted) throw interrupted();
      const judged = judgeGate(step, sights, this.#heldBefore, mustSee);
      const [hidden] = judged.blind;
      if (hidden) throw new Stop('unseen', unseen(hidden));
      const [shut] = judged.shut;
      if (!shut) {
        for (const sight of judged.doubtful) this.#doubtful.set(sight.id, sight);
        break;
      }
      if (clock.now() >= until) throw new Stop('failed', gateFailure(step, judged.shut));
      onStep?.(step, 'waiting', `${shut.id}: ${shut.why}`);
      await sleep(pause, signal);
    }
    if (step.when === 'after') await owed.write(without(await owed.read(), step));
  }
}

function failedAt(error: unknown): Stop {
  return new Stop('failed', expectedFailure(error));
}

function interrupted(): Stop {
  return new Stop(
    'interrupted',
    coded('carry/interrupted', 'interrupted between two steps; what is done is whole'),
  );
}

function gateFailure({ within }: GateStep, shut: readonly Sight[]): Failure {
  const [first] = shut;
  const more = shut.length > 1 ? `; ${shut.length - 1} more` : '';
  const text = `${first?.id ?? ''} does not hold after ${Math.round(within / SECOND)} s: ${first?.why ?? ''}${more}`;
  return coded('carry/gate', text);
}

function unseen({ id, why }: Sight): Failure {
  return coded('carry/unseen', `${id} could not be seen again: ${why}`);
}

function noRestarter({ node, component }: Place): Failure {
  return coded('carry/no-restarter', `nobody restarts ${component} on ${node} from here`);
}

function coded(code: CarryCode, message: string): Failure {
  return new KubetlsError<CarryCode>({ code, message });
}
