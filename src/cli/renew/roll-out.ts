/** Carries a roll-out over the machines of the file, and says where it stopped. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRecorder, systemKeys, systemRandom } from '../../apply/index.ts';
import { SECOND } from '../../base/index.ts';
import { type Carried, carryRollout, lookWith, owedIn, type OwedStore } from '../../carry/index.ts';
import type { Cluster, StatePath } from '../../cluster/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { Delivery, Owed, Place, RestartStep, Rollout, RolloutInput, Step } from '../../rollout/index.ts';
import { goRules } from '../../verify/index.ts';
import type { CommandOptions } from '../command.ts';
import { connections, vantageHere } from '../commands/prove.ts';
import { type Context, usage } from '../context.ts';
import { Exit, exitFor } from '../exit.ts';
import type { Session } from '../session.ts';
import { plural, printable } from '../text.ts';
import { restartCommand } from './by-hand.ts';
import { type Gathered, type Machines, putBack } from './machines.ts';
import { stepLine } from './view.ts';

export interface RolloutWorld {
  readonly session: Pick<Session, 'cluster' | 'store'>;
  readonly gathered: Gathered;
  readonly owed: readonly Owed[];
  readonly rollout: Rollout;
  readonly deliveries: readonly Delivery[];
}

/**
 * What a roll-out is planned from, as far as renewals and rescues do it alike. Of a node that is not reached nobody
 * knows what it has: what the plan has made anew is what it lacks.
 */
export function rolloutInput(
  deliveries: readonly Delivery[],
  { actions }: Pick<Plan, 'actions'>,
  { reached }: Pick<Gathered, 'reached'>,
): Pick<RolloutInput, 'changed' | 'hostOf' | 'restartOf'> {
  const changed = new Map<string, StatePath[]>();
  const add = (node: string, files: readonly StatePath[]) =>
    changed.set(node, [...(changed.get(node) ?? []), ...files]);
  for (const { node, files } of deliveries) add(node, files);
  for (const { verb, node, path, item } of actions)
    if (verb !== 'keep' && item?.owner?.kind === 'node' && !reached.has(node)) add(node, [path]);
  return {
    changed,
    hostOf: (node) => reached.get(node)?.host.name,
    restartOf: ({ node, component }) => reached.get(node)?.restarterOf(component)?.describe(component),
  };
}

/** `--restarted kubelet@w1`: what nobody restarts from here, a person has; it has still to be seen again. */
export async function doneByHand(
  store: Pick<OwedStore, 'read'>,
  options: CommandOptions,
): Promise<readonly Owed[]> {
  const owed = await store.read();
  const known = new Set(owed.map(placeOf));
  const unknown = restartedIn(options).find((place) => !known.has(place));
  if (unknown !== undefined)
    throw usage(
      `--restarted ${unknown}: it owes no restart`,
      `those that do: ${[...known].join(', ') || 'none'}`,
    );
  return marked(owed, options);
}

/** Not before somebody has allowed it, and not while another run goes on: whoever only looks writes nothing. */
async function writeDown(store: OwedStore, options: CommandOptions): Promise<void> {
  if (restartedIn(options).length > 0) await store.write(marked(await store.read(), options));
}

function marked(owed: readonly Owed[], options: CommandOptions): Owed[] {
  const done = new Set(restartedIn(options));
  return owed.map((one) =>
    one.stage === 'restart' && done.has(placeOf(one)) ? { ...one, stage: 'restarted' } : one,
  );
}

function restartedIn(options: CommandOptions): readonly string[] {
  return (options['restarted'] as readonly string[] | undefined) ?? [];
}

const placeOf = ({ component, node }: Place): string => `${component}@${node}`;

/** Nobody else writes to the state meanwhile. */
export async function carryTo(
  context: Context,
  { session: { cluster, store }, gathered: { found, reached }, owed, rollout, deliveries }: RolloutWorld,
  command: 'renew' | 'rescue',
  options: CommandOptions,
): Promise<Carried | undefined> {
  if (rollout.steps.length + restartedIn(options).length === 0) return undefined;
  const { console, clock, signal, state } = context;
  const run = `${command}-${new Date(clock.now()).toISOString().replace(/[-:.]/g, '')}`;
  const connect = connections(options['connect'] as readonly string[], cluster.endpoints);
  const progress = console.progress('rolling out');
  const record = createRecorder(store, clock);
  let done = 0;
  await store.begin(run);
  try {
    await writeDown(owedIn(state), options);
    if (rollout.steps.length === 0) return undefined;
    await putBack(reached, cluster, owed);
    return await carryRollout({
      rollout,
      deliveries,
      found,
      hostOf: (node) => reached.get(node)?.host,
      restarterOf: ({ node, component }) => reached.get(node)?.restarterOf(component),
      look: lookWith({
        cluster,
        vantage: vantageHere(cluster),
        addressOf: (endpoint) => connect.get(endpoint.id) ?? endpoint.address,
        rules: goRules(cluster.spec.kubernetes.minor),
        clock,
        random: systemRandom(),
        keys: systemKeys(),
        timeout: 5 * SECOND,
        concurrency: 32,
        signal,
      }),
      owed: owedIn(state),
      // The run is what the nodes' backups of it are called by.
      record: (deed) => record({ ...deed, run }),
      run,
      clock,
      sleep: (milliseconds, told) =>
        sleep(milliseconds, undefined, told ? { signal: told } : {}).catch(() => undefined),
      signal,
      // What is dead loses nothing when nobody sees it come back: that it has is then not known.
      acceptUnseen: command === 'rescue' || options['acceptUnseen'] === true,
      onStep: (step, now) => {
        if (now !== 'done') return;
        progress(++done, rollout.steps.length);
        if (step.kind === 'restart' || step.kind === 'deliver' || console.verbose)
          console.say(`${console.symbols.ok} ${printable(step.node)}  ${stepLine(step)}`);
      },
    });
  } finally {
    await store.finish(run);
  }
}

export function printStop(
  { console, again }: Context,
  { steps }: Rollout,
  { done, stopped }: Carried,
  cluster: Cluster,
  { reached }: Gathered,
  command: 'renew' | 'rescue',
): void {
  if (!stopped) return;
  const { step, failure } = stopped;
  const go = (words: string): string => again(`${command} ${words}`);
  const next =
    failure.code === 'carry/no-restarter' && step.kind === 'restart'
      ? restartHint(restartsFrom(step, steps, reached), cluster, go)
      : `look with ${again('prove')}, go on with ${go('').trim()}`;
  console.fail({
    ...failure,
    message: `${step.id}: ${failure.message}`,
    hint: `${done.length} of ${plural(steps.length, 'step')} done, nothing after it was begun; ${next}`,
  });
}

/** Up to the next gate those that are left to a person: they may be done in one go. */
function restartsFrom(step: RestartStep, steps: readonly Step[], reached: Machines): readonly RestartStep[] {
  const left = steps.slice(steps.indexOf(step));
  const end = left.findIndex(({ kind }) => kind !== 'restart');
  return left
    .slice(0, end < 0 ? undefined : end)
    .filter((one) => one.kind === 'restart')
    .filter(({ node, component }) => !reached.get(node)?.restarterOf(component));
}

function restartHint(steps: readonly RestartStep[], cluster: Cluster, go: (words: string) => string): string {
  const [first, ...more] = steps;
  const words = steps.map(({ component, node }) => `--restarted ${component}@${node}`).join(' ');
  if (more.length > 0 || !first)
    return `restart ${steps.map(({ component, node }) => `${component}@${node}`).join(', ')} there; then go on with ${go(words)}`;
  const command = restartCommand(first.component, cluster);
  return `restart it there${command === undefined ? '' : ` (${command})`}; then go on with ${go(words)}`;
}

/** With no host in the file only the state was asked for. */
export function exitOf({ byHand }: Rollout, carried: Carried | undefined, machines: Machines): number {
  if (carried?.stopped) {
    const { why, failure } = carried.stopped;
    if (why === 'interrupted') return Exit.interrupted;
    if (why === 'unseen') return Exit.unknown;
    return failure.code === 'carry/gate' ? Exit.no : exitFor(failure.code);
  }
  const doubts = carried?.doubtful ?? [];
  if (doubts.some(({ state }) => state === 'failed')) return Exit.no;
  return doubts.length > 0 || (machines.size > 0 && byHand.length > 0) ? Exit.unknown : Exit.ok;
}
