/** What each component of a node must do about files that change there. */
import {
  type Cluster,
  type ComponentName,
  type FileUse,
  fileUses,
  reloadFact,
  type StatePath,
} from '../cluster/index.ts';

export interface Need {
  readonly component: ComponentName;
  /** A file that it reads at its start only: it must be restarted. */
  readonly restart: StatePath | undefined;
  /** Files that it takes up by itself, each with the milliseconds that it may take. */
  readonly reloads: readonly { readonly path: StatePath; readonly within: number }[];
}

/**
 * The order on a node: who is dialled first. A controller that starts while its kube-apiserver is away may run
 * on without knowing whom to trust (kube-scheduler: "Continuing without authentication configuration").
 */
export const START_ORDER: readonly ComponentName[] = [
  'etcd',
  'kube-apiserver',
  'aggregated-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
];

export type NeedsOf = (node: string, changed: readonly StatePath[]) => Need[];

export function needsIn(cluster: Cluster): NeedsOf {
  const { minor } = cluster.spec.kubernetes;
  const usesByPath = new Map<StatePath, FileUse[]>();
  for (const use of fileUses(cluster)) usesByPath.set(use.path, [...(usesByPath.get(use.path) ?? []), use]);
  return (node, changed) => {
    const uses = changed.flatMap((path) => usesByPath.get(path) ?? []).filter((use) => use.node === node);
    return START_ORDER.flatMap((component) => {
      const mine = uses.filter((use) => use.component === component);
      return mine.length === 0 ? [] : [needOf(component, mine, minor)];
    });
  };
}

function needOf(component: ComponentName, uses: readonly FileUse[], minor: number): Need {
  const within = new Map<StatePath, number>();
  let restart: StatePath | undefined;
  for (const { path, role } of uses) {
    const fact = reloadFact(component, role, minor);
    if (fact.reload === 'start') restart ??= path;
    else within.set(path, Math.max(within.get(path) ?? 0, fact.within));
  }
  return { component, restart, reloads: [...within].map(([path, time]) => ({ path, within: time })) };
}
