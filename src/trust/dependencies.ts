import type { Edge, StatePath } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { clientSide } from './client-side.ts';

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
      ...clientSide(edge, inventory).files,
    ]),
  ];
}

/** Which edges a change touches. A value, like the inventory that it was made for. */
export interface EdgeIndex {
  readonly edges: readonly Edge[];
  /** Edges to be evaluated again after these files have changed, each once. */
  touchedBy(paths: Iterable<StatePath>): readonly Edge[];
  /** The index after these files have changed: another one only if a kubeconfig now names other files. */
  after(paths: Iterable<StatePath>, inventory: Inventory): EdgeIndex;
}

export function edgeIndex(edges: readonly Edge[], inventory: Inventory): EdgeIndex {
  const named = new Map(edges.map((edge) => [edge, dependencies(edge, inventory)]));
  const byPath = new Map<StatePath, Edge[]>();
  for (const [edge, paths] of named) {
    for (const path of paths) {
      const touched = byPath.get(path);
      if (touched) touched.push(edge);
      else byPath.set(path, [edge]);
    }
  }
  const index: EdgeIndex = {
    edges,
    touchedBy: (paths) => [...new Set(Array.from(paths, (path) => byPath.get(path) ?? []).flat())],
    after(paths, changed) {
      const same = index
        .touchedBy(paths)
        .every((edge) => equalLists(named.get(edge) ?? [], dependencies(edge, changed)));
      return same ? index : edgeIndex(edges, changed);
    },
  };
  return index;
}

function equalLists(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
