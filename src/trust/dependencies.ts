import type { Edge, StatePath } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { filesNamed } from './client-side.ts';

/** Files whose change can change the verdict on this edge, those that its kubeconfigs name included. */
export function dependencies(edge: Edge, inventory: Inventory): readonly StatePath[] {
  const { endpoint, presents, trusts } = edge;
  const { serves, clients } = endpoint;
  return [
    ...new Set([
      ...(serves === 'self-signed' ? [] : [serves.certificate, serves.key]),
      ...clients.anchors,
      ...(clients.frontProxy ? [clients.frontProxy.anchors] : []),
      ...(presents.kind === 'pair' ? [presents.certificate, presents.key] : []),
      ...(presents.kind === 'kubeconfig' ? [presents.file] : []),
      ...(trusts.kind === 'skipped' ? [] : [trusts.file]),
      ...filesNamed(edge, inventory).flat(),
    ]),
  ];
}

/** Which edges a change touches. It only ever learns more, so that one may serve many rehearsals. */
export interface EdgeIndex {
  /**
   * Edges to be evaluated again after these files have become what the inventory now holds, each once.
   * What their kubeconfigs name from now on is learnt.
   */
  touchedBy(paths: Iterable<StatePath>, inventory: Inventory): readonly Edge[];
}

export function edgeIndex(edges: readonly Edge[], inventory: Inventory): EdgeIndex {
  const byPath = new Map<StatePath, Set<Edge>>();
  const learn = (edge: Edge, paths: readonly StatePath[]) => {
    for (const path of paths) {
      const touched = byPath.get(path);
      if (touched) touched.add(edge);
      else byPath.set(path, new Set([edge]));
    }
  };
  for (const edge of edges) learn(edge, dependencies(edge, inventory));
  return {
    touchedBy(paths, changed) {
      const touched = new Set<Edge>();
      for (const path of paths) for (const edge of byPath.get(path) ?? []) touched.add(edge);
      for (const edge of touched) for (const files of filesNamed(edge, changed)) learn(edge, files);
      return [...touched];
    },
  };
}
