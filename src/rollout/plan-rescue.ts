/**
 * The order in which a dead cluster comes back. Old files are worth nothing, so all nodes are given the new ones
 * first; then each kind of program, with those that it needs before it. Who is dead is restarted whatever it reads by
 * itself, and at once with the others of its kind: nothing is lost by that, and members of etcd can only be well
 * together. Who still works is treated as a renewal treats it: alone, when the others are well.
 */
import { grouped } from '../base/index.ts';
import type { Cluster, ComponentName, StatePath } from '../cluster/index.ts';
import type { DeadPlace } from './dead.ts';
import { type Need, needsIn, START_ORDER } from './needs.ts';
import {
  AFTER_RESTART,
  deliverStep,
  gateAfter,
  handWork,
  type RolloutInput,
  stepsFor,
  withOwed,
} from './steps.ts';
import type { DeliverStep, GateStep, HandWork, Owed, Place, RestartStep, Rollout, Step } from './types.ts';
import { at, reviveText } from './words.ts';

export interface RescueRolloutInput extends RolloutInput {
  readonly dead: readonly DeadPlace[];
  /** Ids of the edges that hold by their files once all is delivered: no other is waited for. */
  readonly whole: ReadonlySet<string>;
}

/** What one component of one node needs. */
interface Work extends Need {
  readonly node: string;
  readonly down: boolean;
  readonly waitsFor: ComponentName | undefined;
}

export function planRescue(input: RescueRolloutInput): Rollout {
  const { cluster, changed, owed, hostOf } = input;
  const works = worksIn(input);
  const reached = works.filter(({ node }) => hostOf(node) !== undefined);
  const lost = works.filter(({ component, down }) => component === 'etcd' && down).length;
  const steps: Step[] = [...deliveries(reached, input), ...podsFirst(reached, input)];
  const byComponent = grouped(reached, ({ component }) => component);
  for (const component of START_ORDER)
    steps.push(...revived(byComponent.get(component) ?? [], lost, input, steps));
  const known = steps.map(
    (step): Step =>
      step.kind === 'gate' ? { ...step, proven: step.proven.filter((id) => input.whole.has(id)) } : step,
  );
  const byNode = grouped(works, ({ node }) => node);
  const byHand: HandWork[] = cluster.spec.nodes
    .filter(({ name }) => hostOf(name) === undefined)
    .filter(({ name }) => changed.has(name) || owed.some(({ node }) => node === name))
    .map(({ name }) => handWork(name, changed.get(name) ?? [], byNode.get(name) ?? []));
  return { steps: known, byHand };
}

function worksIn({ cluster, changed, owed, dead }: RescueRolloutInput): Work[] {
  const needsOf = needsIn(cluster);
  const owedOn = grouped(owed, ({ node }) => node);
  const deadOn = grouped(dead, ({ node }) => node);
  return cluster.spec.nodes.flatMap(({ name: node }) => {
    const mine = owedOn.get(node) ?? [];
    const needs = withOwed(needsOf(node, changed.get(node) ?? []), mine);
    return START_ORDER.flatMap((component): Work[] => {
      const here = (one: Place) => one.component === component;
      const need = needs.find((one) => one.component === component);
      const lost = deadOn.get(node)?.find(here);
      if (!need && !lost) return [];
      return [
        {
          node,
          component,
          restart: need?.restart ?? lost?.path,
          reloads: need?.reloads ?? [],
          down: lost !== undefined || mine.some((one) => here(one) && one.down === true),
          waitsFor: lost?.waitsFor,
        },
      ];
    });
  });
}

/** Whoever waits on a node that is given nothing is noted with the first. */
function deliveries(works: readonly Work[], input: RescueRolloutInput): DeliverStep[] {
  const { cluster, changed, hostOf } = input;
  const byNode = grouped(works, ({ node }) => node);
  const owes = (node: string): Owed[] =>
    (byNode.get(node) ?? []).map(({ component, restart, reloads, down }) => ({
      node,
      component,
      stage: restart === undefined ? 'gate' : 'restart',
      because: restart ?? reloads[0]?.path ?? '',
      ...(down && { down }),
    }));
  const nodes = cluster.spec.nodes.map(({ name }) => name).filter((name) => hostOf(name) !== undefined);
  const files = (node: string): readonly StatePath[] => changed.get(node) ?? [];
  const given = nodes.filter((node) => files(node).length > 0);
  const others = nodes.filter((node) => files(node).length === 0).flatMap(owes);
  return given.map((node, i) => ({
    ...deliverStep(node, files(node), [], input),
    owes: i === 0 ? [...owes(node), ...others] : owes(node),
  }));
}

/** A kubelet that is dead starts no static pod: it comes before them, and is proven after them. */
function podsFirst(works: readonly Work[], input: RescueRolloutInput): RestartStep[] {
  return works
    .filter(({ node, component, down }) => component === 'kubelet' && down && runsPods(node, input.cluster))
    .flatMap((work) => restart(work, input));
}

/** Whether the control plane of this node are pods of its kubelet. */
export function runsPods(node: string, { endpoints, spec }: Cluster): boolean {
  return endpoints.some(
    (one) =>
      one.node === node && one.component !== 'kubelet' && spec.services[one.component].kind === 'static-pod',
  );
}

/** `lost`: dead members of etcd, those that are not reached too. */
function revived(
  works: readonly Work[],
  lost: number,
  input: RescueRolloutInput,
  before: readonly Step[],
): Step[] {
  const dead = works.filter(({ down }) => down);
  const done = new Set(before.map(({ id }) => id));
  const restarts = (work: Work): Step[] => restart(work, input).filter(({ id }) => !done.has(id));
  const gates = (work: Work): Step[] => gate(work, input);
  const together = [...dead.flatMap(restarts), ...dead.flatMap(gates)];
  const oneByOne = dead.flatMap((work) => [...restarts(work), ...gates(work)]);
  const alive = works.filter(({ down }) => !down);
  const gated = new Set(before.flatMap((step) => (step.kind === 'gate' ? [at(step)] : [])));
  return [
    ...(dead[0]?.component === 'etcd' && hasQuorum(lost, input.cluster) ? oneByOne : together),
    ...alive.flatMap((work) => {
      const here = START_ORDER.filter((component) => gated.has(at({ node: work.node, component })));
      return stepsFor(work.node, work, new Set(here), input);
    }),
  ];
}

/** Without so many members; then those that are left are to keep it. */
function hasQuorum(lost: number, { endpoints }: Cluster): boolean {
  const members = endpoints.filter(({ component, port }) => component === 'etcd' && port !== 'peer').length;
  return members - lost > members / 2;
}

function restart(work: Work, { restartOf }: RescueRolloutInput): RestartStep[] {
  const { node, component, restart: because, waitsFor } = work;
  if (because === undefined) return [];
  const how = restartOf(work) ?? `restart ${component} by hand`;
  const text = reviveText(because, how, waitsFor);
  return [{ kind: 'restart', id: `restart ${at(work)}`, node, component, because, text }];
}

/** What it dials itself is proven when all is done: much of that is still to come back. */
function gate(work: Work, { cluster, whole }: RescueRolloutInput): GateStep[] {
  const found = gateAfter(work, AFTER_RESTART, cluster, ({ id }) => whole.has(id));
  return found ? [{ ...found, dialled: [] }] : [];
}
