import { setTimeout as sleep } from 'node:timers/promises';
import { type Applied, systemKeys, systemRandom } from '../../apply/index.ts';
import { type Carried, carryRollout, lookWith, owedIn } from '../../carry/index.ts';
import { SECOND } from '../../base/index.ts';
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
} from '../../rollout/index.ts';
import { goRules } from '../../verify/index.ts';
import type { CommandOptions } from '../command.ts';
import type { Context } from '../context.ts';
import { Exit, exitFor } from '../exit.ts';
import { printPlan } from '../plan-view.ts';
import { chosen } from '../renew/choose.ts';
import { foundOn, type Machines } from '../renew/machines.ts';
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
  const { console, clock } = context;
  const session = await openForWriting(context);
  const { cluster, inventory, written } = session;
  const choice = chosen(cluster, names, options);
  const plan = makeRenewal({ cluster, inventory, at: clock.now(), written }, choice);
  const pending = plan.summary.replace > 0;
  const rehearsal = pending ? rehearse(context, session, plan, clock.now()) : undefined;
  const machines: Machines = new Map();
  const world: World = {
    session,
    choice,
    machines,
    found: await foundOn(machines, cluster, inventory),
    owed: await owedIn(context.state).read(),
    renewed: plan,
  };
  const expected = rolloutOf(world, rehearsal?.after ?? inventory);
  refuseForeign(expected.deliveries, new Set(options['overwrite'] as readonly string[]));
  const only = options['plan'] === true;
  if (!console.json) {
    for (const warning of plan.warnings) console.warn(warning);
    printPlan(console, plan, rehearsal);
    printRollout(console, expected.rollout);
    if (only) printByHand(console, expected.rollout.byHand, cluster, context.state, false);
  }
  if (only) {
    if (console.json) printJson(context, plan, undefined, expected.rollout, undefined, cluster);
    return Exit.ok;
  }
  if (pending || expected.rollout.steps.length > 0) await confirm(context);
  const applied = await carryOutPlan(context, session, plan, options, rehearsal);
  const { rollout, deliveries } = rolloutOf(world, applied.inventory);
  refuseBrokenRollout(
    rehearseRollout(rollout.steps, cluster, world.found, applied.inventory, clock.now()),
    new Set(options['acceptBreak'] as readonly string[]),
  );
  const carried = await carry(context, world, rollout, deliveries, options);
  if (console.json) printJson(context, plan, applied, rollout, carried, cluster);
  else report(context, world, applied, rollout, carried);
  return exitOf(rollout, carried, machines);
}

interface World {
  readonly session: Session;
  readonly choice: RenewalChoice;
  readonly machines: Machines;
  readonly found: Inventory;
  readonly owed: readonly Owed[];
  readonly renewed: Plan;
}

function rolloutOf(
  { session: { cluster }, choice, machines, found, owed, renewed }: World,
  state: Inventory,
): { rollout: Rollout; deliveries: readonly Delivery[] } {
  const deliveries = deliveriesOf(cluster, state, found, new Set(machines.keys()), choice.includes);
  const changed = new Map<string, StatePath[]>();
  const add = (node: string, files: readonly StatePath[]) =>
    changed.set(node, [...(changed.get(node) ?? []), ...files]);
  for (const { node, files } of deliveries) add(node, files);
  // Of a node that is not reached nobody knows what it has: what was renewed now is what it lacks.
  for (const { verb, node, path, item } of renewed.actions)
    if (verb === 'replace' && item?.owner?.kind === 'node' && !machines.has(node)) add(node, [path]);
  const rollout = planRollout({
    cluster,
    changed,
    owed,
    hostOf: (node) => machines.get(node)?.name,
    restartOf: ({ node, component }) => machines.get(node)?.restarter.describe(component),
  });
  return { rollout, deliveries };
}

/** Nobody else writes to the state meanwhile. */
async function carry(
  context: Context,
  { session: { cluster, store }, machines, found }: World,
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
    return await carryRollout({
      rollout,
      deliveries,
      found,
      hostOf: (node) => machines.get(node)?.host,
      restarterOf: (node) => machines.get(node)?.restarter,
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
  { session: { cluster }, renewed, machines }: World,
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
    hint: `${carried.done.length} of ${plural(rollout.steps.length, 'step')} done, ${machines.size > 0 ? 'nothing after it was begun' : ''}; look with ${again('prove')}, go on with ${again('renew')}`,
  });
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
