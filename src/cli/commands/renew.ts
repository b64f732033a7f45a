import type { Applied } from '../../apply/index.ts';
import { renderFailure } from '../../base/index.ts';
import { type Carried, owedIn } from '../../carry/index.ts';
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
import type { CommandOptions } from '../command.ts';
import type { Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { printPlan } from '../plan-view.ts';
import { chosen } from '../renew/choose.ts';
import { closeMachines, gather, type Gathered, type Machines, openMachines } from '../renew/machines.ts';
import { carryTo, doneByHand, exitOf, printStop, rolloutInput } from '../renew/roll-out.ts';
import { printByHand, printDoubtful, printRollout, rolloutJson } from '../renew/view.ts';
import { openForWriting, openSession, rehearse, type Session } from '../session.ts';
import { plural, printable, shownPath } from '../text.ts';
import { carryOutPlan, confirm } from './apply.ts';

export async function run(
  context: Context,
  names: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const session = await (options['plan'] === true
    ? openSession(context, { finisher: 'renew' })
    : openForWriting(context));
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
    const ended = plan.actions.filter(
      ({ verb, reason }) => verb === 'replace' && reason.code === 'expired',
    ).length;
    if (ended > 0)
      console.warn(
        `${plural(ended, 'certificate')} ended before now: what is dead by that comes back with ${context.again('rescue')}`,
      );
    for (const [node, failure] of gathered.unreached)
      console.warn(`${node} is left out, since it was not read: ${renderFailure(failure)}`);
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
  const carried = await carryTo(context, { ...world, rollout, deliveries }, 'renew', options);
  if (console.json) printJson(context, plan, applied, rollout, carried, cluster);
  else report(context, world, applied, rollout, carried);
  return exitOf(rollout, carried, machines);
}

interface World {
  readonly session: Session;
  readonly choice: RenewalChoice;
  readonly gathered: Gathered;
  readonly owed: readonly Owed[];
  readonly renewed: Plan;
}

function rolloutOf(
  { session: { cluster }, choice, gathered, owed, renewed }: World,
  state: Inventory,
): { rollout: Rollout; deliveries: readonly Delivery[] } {
  const { found, reached } = gathered;
  const deliveries = deliveriesOf(cluster, state, found, new Set(reached.keys()), choice.includes);
  const rollout = planRollout({ cluster, owed, ...rolloutInput(deliveries, renewed, gathered) });
  return { rollout, deliveries };
}

function report(
  context: Context,
  { session: { cluster }, gathered, renewed }: World,
  applied: Applied,
  rollout: Rollout,
  carried: Carried | undefined,
): void {
  const { console, state } = context;
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
  if (carried) printStop(context, rollout, carried, cluster, gathered, 'renew');
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
