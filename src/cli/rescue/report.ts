/** What a rescue says when it is done, or has nothing to do: as text, as JSON. */
import type { Applied } from '../../apply/index.ts';
import { toRfc3339 } from '../../base/index.ts';
import type { Carried } from '../../carry/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import { type Plan, planView } from '../../plan/index.ts';
import { type ProofReport, reportState } from '../../prove/index.ts';
import type { Dead, Rollout } from '../../rollout/index.ts';
import type { Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { printProof, proofJson } from '../proof-view.ts';
import type { Gathered } from '../renew/machines.ts';
import { printStop } from '../renew/roll-out.ts';
import { rolloutJson } from '../renew/view.ts';
import { plural, printable, shownPath } from '../text.ts';
import { printRescueByHand } from './view.ts';
import type { World } from './world.ts';

export function reportNothing(
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

export function report(
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

export function printJson(
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
