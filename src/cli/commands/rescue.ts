import { setTimeout as sleep } from 'node:timers/promises';
import type { Applied } from '../../apply/index.ts';
import { KubetlsError, renderFailure, SECOND, toRfc3339 } from '../../base/index.ts';
import { type Carried, owedIn } from '../../carry/index.ts';
import { type Cluster, rotatedItems } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { makeRescue, type Plan, planView, type RescueCode } from '../../plan/index.ts';
import { type ProofReport, reportState } from '../../prove/index.ts';
import {
  type Dead,
  deadIn,
  type Delivery,
  type Owed,
  planRescue,
  refuseBrokenRollout,
  refuseForeign,
  rehearseRollout,
  rescueDeliveriesOf,
  type Rollout,
} from '../../rollout/index.ts';
import { evaluateAll } from '../../trust/index.ts';
import { goRules } from '../../verify/index.ts';
import type { CommandOptions } from '../command.ts';
import type { Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { printPlan } from '../plan-view.ts';
import { printProof, proofJson } from '../proof-view.ts';
import { closeMachines, gather, type Gathered, type Machines, openMachines } from '../renew/machines.ts';
import { carryTo, doneByHand, exitOf, printStop, rolloutInput } from '../renew/roll-out.ts';
import { rolloutJson } from '../renew/view.ts';
import { wrongClocks } from '../rescue/clocks.ts';
import { printDead, printOrder, printRescueByHand } from '../rescue/view.ts';
import { openForWriting, openSession, rehearse, type Session } from '../session.ts';
import { plural, printable, shownPath } from '../text.ts';
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

/** All that a rescue is decided by. */
interface World {
  readonly session: Session;
  /** With the files that kubelets see to themselves. */
  readonly cluster: Cluster;
  readonly gathered: Gathered;
  readonly owed: readonly Owed[];
  readonly dead: Dead;
  readonly plan: Plan;
  readonly now: number;
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
  if (dead.files.length === 0 && owed.length === 0) return nothing(context, cluster, dead, gathered);
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

function nothing(
  { console, again, state }: Context,
  { edges }: Cluster,
  dead: Dead,
  { reached, unreached }: Gathered,
): number {
  const holding = edges.length - dead.edges.length;
  const where = reached.size > 0 ? `on ${plural(reached.size, 'node')}` : 'in the state';
  if (console.json) console.printJson({ schema: 'kubetls/rescue/v1', dead: deadJson(dead), rollout: null });
  else {
    console.print(
      `Nothing to rescue: no certificate ${where} has ended; ${holding} of ${plural(edges.length, 'edge')} hold (predicted from files).`,
    );
    console.print(
      reached.size + unreached.size > 0
        ? `What is dead all the same runs on something else than its files: ${again('prove')} names it.`
        : `The nodes' own disks are not seen: no node has a host in kubetls.yaml. What each must hold is ${shownPath(state)}/nodes/NODE, a tree for its /; who has read it, ${again('prove')} tells.`,
    );
  }
  return unreached.size > 0 ? Exit.unknown : Exit.ok;
}

function rolloutOf(
  { session, cluster, gathered, owed, dead, plan, now }: World,
  state: Inventory,
): { rollout: Rollout; deliveries: readonly Delivery[]; found: Inventory } {
  const { found, reached } = gathered;
  // Authorities and people have no disk but the state.
  const disks = [...found.entries.values()].filter(({ path }) => path.startsWith('nodes/'));
  const there = state.withFiles(disks);
  const deliveries = rescueDeliveriesOf(cluster, state, there, new Set(reached.keys()), now);
  const after = there.withFiles(
    deliveries.flatMap(({ files }) => files.flatMap((path) => state.get(path) ?? [])),
  );
  const rules = goRules(session.cluster.spec.kubernetes.minor);
  const verdicts = [...evaluateAll(cluster.edges, after, now, { rules })];
  const rollout = planRescue({
    cluster,
    owed,
    ...rolloutInput(deliveries, plan, gathered),
    dead: dead.places,
    whole: new Set(verdicts.filter(([, { ok }]) => ok).map(([id]) => id)),
  });
  return { rollout, deliveries, found: there };
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

function report(
  context: Context,
  { cluster, gathered, plan }: World,
  applied: Applied,
  rollout: Rollout,
  carried: Carried | undefined,
  proof: ProofReport | undefined,
): void {
  const { console, state } = context;
  if (applied.done > 0)
    console.print(
      `Issued anew: ${plural(applied.issued, 'certificate')}; what they replaced is kept in ${shownPath(`${state}/backups`)}.`,
    );
  if (carried && !carried.stopped) {
    const restarts = rollout.steps.filter(({ kind }) => kind === 'restart').length;
    const isWhole = proof !== undefined && reportState(proof) === 'ok' && rollout.byHand.length === 0;
    console.print(
      isWhole
        ? `Rescued: ${plural(restarts, 'restart')}, every gate passed.`
        : `Done here: ${plural(restarts, 'restart')}. The cluster is not known to be whole; see below.`,
    );
  }
  if (proof && reportState(proof) === 'ok' && !console.verbose)
    console.print(
      `${console.symbols.ok} ${plural(proof.edges.length, 'edge')} proven by handshakes (observed).`,
    );
  else if (proof) printProof(console, proof);
  printRescueByHand(console, rollout.byHand, cluster, state);
  const people = plan.actions.filter(({ verb, item }) => verb !== 'keep' && item?.owner?.kind === 'user');
  for (const { path } of people) console.print(`Hand out: ${printable(shownPath(`${state}/${path}`))}`);
  if (renewsAuthorities(plan))
    console.print(
      'Authorities are anew: once the API is back, restart pods that read ca.crt once (client-go before 0.36), and put it into cluster-info: kubectl -n kube-public edit configmap cluster-info',
    );
  if (carried) printStop(context, rollout, carried, cluster, gathered, 'rescue');
}

/** What is in pods' memory, and in the API, no file brings there. */
function renewsAuthorities({ actions }: Plan): boolean {
  return actions.some(({ verb, item }) => verb === 'replace' && item?.kind === 'authority');
}

function deadJson({ files, places, edges }: Dead): object {
  return {
    files: files.map(({ path, since }) => ({ path, since: toRfc3339(since) })),
    places: places.map(({ node, component, path, since, waitsFor }) => ({
      node,
      component,
      path,
      since: toRfc3339(since),
      waitsFor: waitsFor ?? null,
    })),
    edges: edges.map(({ edge, error }) => ({ id: edge.id, error: error ?? null })),
  };
}

function printJson(
  { console, state }: Context,
  { cluster, dead, plan }: World,
  applied: Applied | undefined,
  rollout: Rollout,
  carried: Carried | undefined,
  proof: ProofReport | undefined,
): void {
  const { schema: _, ...view } = planView(plan);
  console.printJson({
    schema: 'kubetls/rescue/v1',
    dead: deadJson(dead),
    ...view,
    done: applied?.done ?? 0,
    issued: applied?.issued ?? 0,
    rollout: rolloutJson(rollout, carried, cluster, state),
    proof: proof ? proofJson(proof) : null,
  });
}
