/** The steps that every roll-out is made of, one component of one node at a time. */
import { grouped, MINUTE, SECOND } from '../base/index.ts';
import type { Cluster, ComponentName, Edge, Endpoint, StatePath } from '../cluster/index.ts';
import { type Need, START_ORDER } from './needs.ts';
import type { DeliverStep, GateStep, HandWork, Owed, Place, Step } from './types.ts';
import { at, beforeText, deliverText, gateText, reloadText, restartText } from './words.ts';

export interface RolloutInput {
  readonly cluster: Cluster;
  /** Files of the state that nodes are to be given, by node. */
  readonly changed: ReadonlyMap<string, readonly StatePath[]>;
  /** What earlier runs left undone. */
  readonly owed: readonly Owed[];
  /** Where a node's files go, for people; undefined: nobody brings them from here. */
  readonly hostOf: (node: string) => string | undefined;
  /** How a component is restarted, for people; undefined: nobody does from here. */
  readonly restartOf: (place: Place) => string | undefined;
}

/** fsnotify takes milliseconds; its check every minute is the longest that it can take. */
const AFTER_RELOAD = MINUTE + 15 * SECOND;
/**
 * Measured: kube-apiserver up to 62 s to end with watches open and 7 s to begin, etcd 15 s, the controllers 15 s
 * until the lease of the one that went has run out, a kubelet 3 s.
 */
export const AFTER_RESTART = 3 * MINUTE;
const BEFORE = MINUTE;

export function deliverStep(
  node: string,
  files: readonly StatePath[],
  needs: readonly Need[],
  { hostOf }: Pick<RolloutInput, 'hostOf'>,
): DeliverStep {
  return {
    kind: 'deliver',
    id: `deliver ${node}`,
    node,
    files,
    owes: needs.map(({ component, restart, reloads }) => ({
      node,
      component,
      stage: restart === undefined ? 'gate' : 'restart',
      because: restart ?? reloads[0]?.path ?? '',
    })),
    text: deliverText(files, hostOf(node) ?? node),
  };
}

export function stepsFor(
  node: string,
  { component, restart, reloads }: Need,
  gated: ReadonlySet<ComponentName>,
  { cluster, restartOf }: RolloutInput,
  later: readonly Need[] = [],
): Step[] {
  const place: Place = { node, component };
  const steps: Step[] = [];
  if (reloads.length > 0) {
    steps.push({
      kind: 'reload',
      id: `reload ${at(place)}`,
      ...place,
      files: reloads.map(({ path }) => path),
      within: Math.max(...reloads.map(({ within }) => within)),
      text: reloadText(reloads),
    });
  }
  if (restart !== undefined) {
    const how = restartOf(place) ?? `restart ${component} by hand`;
    steps.push(...gateBefore(place, gated, cluster), {
      kind: 'restart',
      id: `restart ${at(place)}`,
      ...place,
      because: restart,
      text: restartText(restart, how, isAlone(place, cluster)),
    });
  }
  const within = restart === undefined ? AFTER_RELOAD : AFTER_RESTART;
  const gate = gateAfter(place, within, cluster, undefined, (edge) => !waits(edge, node, later));
  return gate ? [...steps, gate] : steps;
}

/**
 * Until it is restarted, whoever reads what it serves with at its start only shows what its file no longer holds: that
 * edge is for the gate behind the restart.
 */
function waits({ endpoint }: Edge, node: string, later: readonly Need[]): boolean {
  const { serves } = endpoint;
  if (endpoint.node !== node || serves === 'self-signed') return false;
  return later.some(
    ({ component, restart, reloads }) =>
      component === endpoint.component &&
      restart !== undefined &&
      !reloads.some(({ path }) => path === serves.certificate),
  );
}

/** Who must be well before this one may go away. */
function gateBefore(place: Place, gated: ReadonlySet<ComponentName>, cluster: Cluster): GateStep[] {
  const { node, component } = place;
  const others = (): readonly Endpoint[] => {
    // All the others, so that a quorum is left: of three members two, of five four.
    if (component === 'etcd' || component === 'kube-apiserver')
      return sockets(cluster, component).filter((endpoint) => endpoint.node !== node);
    const isController = component === 'kube-controller-manager' || component === 'kube-scheduler';
    if (!isController || gated.has('kube-apiserver')) return [];
    return sockets(cluster, 'kube-apiserver').filter((endpoint) => endpoint.node === node);
  };
  const healthy = others().map(({ id }) => id);
  if (healthy.length === 0) return [];
  return [
    {
      kind: 'gate',
      when: 'before',
      id: `before ${at(place)}`,
      ...place,
      healthy,
      proven: [],
      dialled: [],
      within: BEFORE,
      text: beforeText(healthy),
    },
  ];
}

/** While it restarts nobody stands in for it: two members of etcd have no quorum without one of them. */
function isAlone({ component }: Place, cluster: Cluster): boolean {
  if (component === 'etcd') return sockets(cluster, component).length < 3;
  return component === 'kube-apiserver' && sockets(cluster, component).length < 2;
}

/** This one, and every edge that it is an end of. Of those into it only such as `counts`. */
export function gateAfter(
  place: Place,
  within: number,
  cluster: Cluster,
  counts: (edge: Edge) => boolean = () => true,
  asks: (edge: Edge) => boolean = () => true,
): GateStep | undefined {
  const ends = endsOf(cluster);
  const key = at(place);
  const healthy = (ends.sockets.get(key) ?? []).map(({ id }) => id);
  const into = (ends.into.get(key) ?? []).filter(counts);
  const from = ends.from.get(key) ?? [];
  const ids = (some: readonly Edge[]): string[] => some.map(({ id }) => id);
  const [proven, dialled] = [ids(into), ids(from.filter((edge) => !into.includes(edge) && asks(edge)))];
  if (healthy.length + proven.length + dialled.length === 0) return undefined;
  const text = gateText(healthy.length, proven.length + dialled.length);
  return {
    kind: 'gate',
    when: 'after',
    id: `gate ${at(place)}`,
    ...place,
    healthy,
    proven,
    dialled,
    within,
    text,
  };
}

/** By place. */
interface Ends {
  readonly sockets: ReadonlyMap<string, readonly Endpoint[]>;
  readonly into: ReadonlyMap<string, readonly Edge[]>;
  readonly from: ReadonlyMap<string, readonly Edge[]>;
}

/** Of thousands of nodes each has a gate: the edges are gone through once. */
const ENDS = new WeakMap<Cluster, Ends>();

function endsOf(cluster: Cluster): Ends {
  const known = ENDS.get(cluster);
  if (known) return known;
  const { edges, endpoints } = cluster;
  const found: Ends = {
    sockets: grouped(
      endpoints.filter(({ port }) => port !== 'peer'),
      at,
    ),
    into: grouped(edges, ({ endpoint }) => at(endpoint)),
    from: grouped(
      edges,
      ({ client: { component, node = '' } }) =>
        `${component === 'front-proxy' ? 'kube-apiserver' : component}@${node}`,
    ),
  };
  ENDS.set(cluster, found);
  return found;
}

/** etcd's peers have a socket of their own; its clients' says how the member is. */
function sockets({ endpoints }: Cluster, component: ComponentName): readonly Endpoint[] {
  return endpoints.filter((endpoint) => endpoint.component === component && endpoint.port !== 'peer');
}

/** What was begun is ended, also where no file changes any more. */
export function withOwed(needs: readonly Need[], owed: readonly Owed[]): Need[] {
  return START_ORDER.flatMap((component) => {
    const need = needs.find((one) => one.component === component);
    const debts = owed.filter((one) => one.component === component);
    if (debts.length === 0) return need ? [need] : [];
    const restart = need?.restart ?? debts.find(({ stage }) => stage === 'restart')?.because;
    return [{ component, restart, reloads: need?.reloads ?? [] }];
  });
}

export function handWork(node: string, files: readonly StatePath[], needs: readonly Need[]): HandWork {
  return {
    node,
    files,
    restarts: needs.flatMap(({ component, restart }) =>
      restart === undefined ? [] : [{ component, because: restart }],
    ),
    reloads: needs.filter(({ restart }) => restart === undefined).map(({ component }) => component),
  };
}
