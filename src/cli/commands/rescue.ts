import { setTimeout as sleep } from 'node:timers/promises';
import { KubetlsError, renderFailure, SECOND, toRfc3339 } from '../../base/index.ts';
import { owedIn } from '../../carry/index.ts';
import { type Cluster, rotatedItems } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { makeRescue, type RescueCode } from '../../plan/index.ts';
import { type ProofReport, reportState } from '../../prove/index.ts';
import { deadIn, refuseBrokenRollout, refuseForeign, rehearseRollout } from '../../rollout/index.ts';
import type { CommandOptions } from '../command.ts';
import type { Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { printPlan } from '../plan-view.ts';
import { closeMachines, gather, type Gathered, type Machines, openMachines } from '../renew/machines.ts';
import { carryTo, doneByHand, exitOf } from '../renew/roll-out.ts';
import { wrongClocks } from '../rescue/clocks.ts';
import { printJson, report, reportNothing } from '../rescue/report.ts';
import { printDead, printOrder, printRescueByHand } from '../rescue/view.ts';
import { rolloutOf, type World } from '../rescue/world.ts';
import { openForWriting, openSession, rehearse, type Session } from '../session.ts';
import { carryOutPlan, confirm } from './apply.ts';
import { connections, exitOf as exitOfProof, proveNow, vantageHere } from './prove.ts';

export async function run(
  context: Context,
  _words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const session = await (options['plan'] === true
    ? openSession(context, { finisher: 'rescue' })
    : openForWriting(context));
  const machines = openMachines(session.cluster);
  try {
    return await rescue(context, session, machines, options);
  } finally {
    await closeMachines(machines);
  }
}

function wrongHere(now: number): KubetlsError<RescueCode> {
  return new KubetlsError<RescueCode>({
    code: 'plan/clock',
    message: `the clock of this machine says ${toRfc3339(now)}, and most nodes say otherwise`,
    hint: 'nothing was written; set the clock that is wrong, here or there: timedatectl set-ntp true',
  });
}

async function rescue(
  context: Context,
  session: Session,
  machines: Machines,
  options: CommandOptions,
): Promise<number> {
  const { console, clock, state } = context;
  const { inventory, written } = session;
  const cluster = { ...session.cluster, items: [...session.cluster.items, ...rotatedItems(session.cluster)] };
  const gathered = await gather(machines, cluster, inventory);
  for (const [node, failure] of gathered.unreached)
    console.warn(`${node} is left out, since it was not read: ${renderFailure(failure)}`);
  const owed = await doneByHand(owedIn(state), options);
  const clocks = await wrongClocks(gathered.reached, clock);
  for (const clockText of clocks.texts) console.warn(clockText);
  if (clocks.mostDiffer && options['plan'] !== true) throw wrongHere(clock.now());
  const now = clock.now();
  const dead = deadIn(cluster, gathered.found, now);
  if (dead.files.length === 0 && owed.length === 0) return reportNothing(context, cluster, dead, gathered);
  const plan = makeRescue({ cluster: session.cluster, inventory, found: gathered.found, at: now, written });
  const world: World = { session, cluster, gathered, owed, dead, plan, now };
  const rehearsal =
    plan.summary.keep < plan.actions.length ? rehearse(context, session, plan, now) : undefined;
  const expected = rolloutOf(world, rehearsal?.after ?? inventory);
  refuseForeign(expected.deliveries, new Set(options['overwrite'] as readonly string[]));
  const only = options['plan'] === true;
  if (!console.json) {
    for (const warning of plan.warnings) console.warn(warning);
    printDead(console, dead, cluster, now);
    printPlan(console, plan, rehearsal);
    printOrder(console, expected.rollout);
    if (only) printRescueByHand(console, expected.rollout.byHand, cluster, state);
  }
  if (only) {
    if (console.json) printJson(context, world, undefined, expected.rollout, undefined, undefined);
    return Exit.ok;
  }
  await confirm(context);
  const applied = await carryOutPlan(context, session, plan, options, rehearsal);
  const { rollout, deliveries, found } = rolloutOf(world, applied.inventory);
  refuseBrokenRollout(
    rehearseRollout(rollout.steps, cluster, found, applied.inventory, clock.now()),
    new Set(options['acceptBreak'] as readonly string[]),
  );
  const there: Gathered = { ...gathered, found };
  const carried = await carryTo(
    context,
    { session, gathered: there, owed, rollout, deliveries },
    'rescue',
    options,
  );
  const proof =
    carried && !carried.stopped ? await proven(context, cluster, carried.world, options) : undefined;
  if (console.json) printJson(context, world, applied, rollout, carried, proof);
  else report(context, world, applied, rollout, carried, proof);
  const exit = exitOf(rollout, carried && { ...carried, doubtful: [] }, machines);
  return proof && exit === Exit.ok ? exitOfProof(proof) : exit;
}

/** Who shows a new certificate ends its old connections, and what is under way in them fails once more. */
const TO_SETTLE = 30 * SECOND;

async function proven(
  context: Context,
  cluster: Cluster,
  inventory: Inventory,
  options: CommandOptions,
): Promise<ProofReport> {
  const { clock, signal } = context;
  const connect = connections(options['connect'] as readonly string[], cluster.endpoints);
  const until = clock.now() + TO_SETTLE;
  for (;;) {
    const proof = await proveNow(context, {
      cluster,
      edges: cluster.edges,
      inventory,
      vantage: vantageHere(cluster),
      addressOf: (endpoint) => connect.get(endpoint.id) ?? endpoint.address,
      strangers: false,
    });
    if (reportState(proof) !== 'failed' || clock.now() >= until || signal.aborted) return proof;
    await sleep(SECOND, undefined, { signal }).catch(() => undefined);
  }
}
