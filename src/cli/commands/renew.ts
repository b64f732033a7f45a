import { setTimeout as sleep } from 'node:timers/promises';
import { type Applied, systemKeys, systemRandom } from '../../apply/index.ts';
import { type Carried, carryRollout, lookWith, owedIn, type OwedStore } from '../../carry/index.ts';
import { type Failure, SECOND } from '../../base/index.ts';
import type { StatePath } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { makeRenewal, type Plan, planView, type RenewalChoice } from '../../plan/index.ts';
import {
  deliveriesOf,
  type Delivery,
  type Owed,
  planRollout,
  refuseBrokenRollout,
  refuseForeign,
  rehearseRollout,
  type Rollout,
  type Step,
} from '../../rollout/index.ts';
import { goRules } from '../../verify/index.ts';
import type { CommandOptions } from '../command.ts';
import { type Context, usage } from '../context.ts';
import { Exit, exitFor } from '../exit.ts';
import { printPlan } from '../plan-view.ts';
import { chosen } from '../renew/choose.ts';
import { restartCommand } from '../renew/by-hand.ts';
import {
  closeMachines,
  gather,
  type Gathered,
  type Machines,
  openMachines,
  putBack,
} from '../renew/machines.ts';
import { printByHand, printDoubtful, printRollout, rolloutJson, stepLine } from '../renew/view.ts';
import { openForWriting, rehearse, type Session } from '../session.ts';
import { plural, printable, shownPath } from '../text.ts';
import { carryOutPlan, confirm } from './apply.ts';
import { connections, vantageHere } from './prove.ts';

export async function run(
  context: Context,
  names: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const session = await openForWriting(context);
  const choice = chosen(session.cluster, names, options);
  const machines = openMachines(session.cluster);
  try {
    return await renew(context, session, choice, machines, options);
  } finally {
    await closeMachines(machines);
  }
}

async function renew(
  context: Context,
  session: Session,
  choice: RenewalChoice,
  machines: Machines,
  options: CommandOptions,
): Promise<number> {
  const { console, clock, state } = context;
  const { cluster, inventory, written } = session;
  const plan = makeRenewal({ cluster, inventory, at: clock.now(), written }, choice);
  const pending = plan.summary.replace > 0;
  const rehearsal = pending ? rehearse(context, session, plan, clock.now()) : undefined;
  const gathered = await gather(machines, cluster, inventory);
  const owed = await doneByHand(owedIn(state), options);
  const world: World = { session, choice, gathered, owed, renewed: plan };
  const expected = rolloutOf(world, rehearsal?.after ?? inventory);
  refuseForeign(expected.deliveries, new Set(options['overwrite'] as readonly string[]));
  const only = options['plan'] === true;
  if (!console.json) {
    for (const warning of plan.warnings) console.warn(warning);
    for (const [node, { message }] of gathered.unreached)
      console.warn(`${node} is left out, since it does not answer: ${message}`);
    printPlan(console, plan, rehearsal);
    printRollout(console, expected.rollout);
    if (only) printByHand(console, expected.rollout.byHand, cluster, state, false);
  }
  if (only) {
    if (console.json) printJson(context, plan, undefined, expected.rollout, undefined, cluster);
    return Exit.ok;
  }
  if (pending || expected.rollout.steps.length > 0) await confirm(context);
  const applied = await carryOutPlan(context, session, plan, options, rehearsal);
  const { rollout, deliveries } = rolloutOf(world, applied.inventory);
  refuseBrokenRollout(
    rehearseRollout(rollout.steps, cluster, gathered.found, applied.inventory, clock.now()),
    new Set(options['acceptBreak'] as readonly string[]),
  );
  const carried = await carry(context, world, rollout, deliveries, options);
  if (console.json) printJson(context, plan, applied, rollout, carried, cluster);
  else report(context, world, applied, rollout, carried);
  return exitOf(rollout, carried, machines);
}

/** `--restarted kubelet@w1`: what nobody restarts from here, a person has; it has still to be seen again. */
async function doneByHand(store: OwedStore, options: CommandOptions): Promise<readonly Owed[]> {
  const done = new Set(options['restarted'] as readonly string[] | undefined);
  const owed = await store.read();
  if (done.size === 0) return owed;
  const now = owed.map((one): Owed => {
    const isDone = done.delete(`${one.component}@${one.node}`);
    return isDone && one.stage === 'restart' ? { ...one, stage: 'restarted' } : one;
  });
  const [unknown] = done;
  if (unknown !== undefined) {
    const owing = owed.map(({ component, node }) => `${component}@${node}`).join(', ');
    throw usage(`--restarted ${unknown}: it owes no restart`, `those that do: ${owing || 'none'}`);
  }
  await store.write(now);
  return now;
}

interface World {
  readonly session: Session;
  readonly choice: RenewalChoice;
  readonly gathered: Gathered;
  readonly owed: readonly Owed[];
  readonly renewed: Plan;
}

function rolloutOf(
  { session: { cluster }, choice, gathered: { found, reached }, owed, renewed }: World,
  state: Inventory,
): { rollout: Rollout; deliveries: readonly Delivery[] } {
  const deliveries = deliveriesOf(cluster, state, found, new Set(reached.keys()), choice.includes);
  const changed = new Map<string, StatePath[]>();
  const add = (node: string, files: readonly StatePath[]) =>
    changed.set(node, [...(changed.get(node) ?? []), ...files]);
  for (const { node, files } of deliveries) add(node, files);
  // Of a node that is not reached nobody knows what it has: what was renewed now is what it lacks.
  for (const { verb, node, path, item } of renewed.actions)
    if (verb === 'replace' && item?.owner?.kind === 'node' && !reached.has(node)) add(node, [path]);
  const rollout = planRollout({
    cluster,
    changed,
    owed,
    hostOf: (node) => reached.get(node)?.host.name,
    restartOf: ({ node, component }) => reached.get(node)?.restarterOf(component)?.describe(component),
  });
  return { rollout, deliveries };
}

/** Nobody else writes to the state meanwhile. */
async function carry(
  context: Context,
  { session: { cluster, store }, gathered: { found, reached }, owed }: World,
  rollout: Rollout,
  deliveries: readonly Delivery[],
  options: CommandOptions,
): Promise<Carried | undefined> {
  if (rollout.steps.length === 0) return undefined;
  const { console, clock, signal, state } = context;
  const run = `renew-${new Date(clock.now()).toISOString().replace(/[-:.]/g, '')}`;
  const connect = connections(options['connect'] as readonly string[], cluster.endpoints);
  const progress = console.progress('rolling out');
  let done = 0;
  await store.begin(run);
  try {
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
      run,
      clock,
      sleep: (milliseconds, told) =>
        sleep(milliseconds, undefined, told ? { signal: told } : {}).catch(() => undefined),
      signal,
      acceptUnseen: options['acceptUnseen'] === true,
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

function report(
  { console, again, state }: Context,
  { session: { cluster }, renewed }: World,
  applied: Applied,
  rollout: Rollout,
  carried: Carried | undefined,
): void {
  if (applied.done > 0)
    console.print(`Renewed: ${plural(applied.issued, 'certificate')}, each for the key that it had.`);
  if (carried && !carried.stopped) {
    const nodes = new Set(rollout.steps.map(({ node }) => node)).size;
    const restarts = rollout.steps.filter(({ kind }) => kind === 'restart').length;
    console.print(`Rolled out: ${plural(nodes, 'node')}, ${plural(restarts, 'restart')}, every gate passed.`);
  }
  if (carried) printDoubtful(console, carried.doubtful);
  printByHand(console, rollout.byHand, cluster, state, true);
  const people = renewed.actions.filter(
    ({ verb, item }) => verb === 'replace' && item?.owner?.kind === 'user',
  );
  for (const { path } of people) console.print(`Hand out: ${printable(shownPath(`${state}/${path}`))}`);
  if (!carried?.stopped) return;
  const { step, failure } = carried.stopped;
  console.fail({
    ...failure,
    message: `${step.id}: ${failure.message}`,
    hint: `${carried.done.length} of ${plural(rollout.steps.length, 'step')} done, nothing after it was begun; ${nextAfter(step, failure, cluster, again)}`,
  });
}

function nextAfter(
  step: Step,
  { code }: Failure,
  cluster: Session['cluster'],
  again: Context['again'],
): string {
  if (code !== 'carry/no-restarter' || step.kind !== 'restart')
    return `look with ${again('prove')}, go on with ${again('renew')}`;
  const { node, component } = step;
  const command = restartCommand(component, cluster);
  return `restart it there${command === undefined ? '' : ` (${command})`}; then go on with ${again(`renew --restarted ${component}@${node}`)}`;
}

function printJson(
  { console, state }: Context,
  plan: Plan,
  applied: Applied | undefined,
  rollout: Rollout,
  carried: Carried | undefined,
  cluster: Session['cluster'],
): void {
  const { schema: _, ...view } = planView(plan);
  console.printJson({
    schema: 'kubetls/renew/v1',
    ...view,
    done: applied?.done ?? 0,
    issued: applied?.issued ?? 0,
    rollout: rolloutJson(rollout, carried, cluster, state),
  });
}

/** With no host in the file only the state was asked for. */
function exitOf({ byHand }: Rollout, carried: Carried | undefined, machines: Machines): number {
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
