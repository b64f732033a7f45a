import type { Edge, Endpoint, StatePath } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { GoRules } from '../verify/index.ts';
import { anchorsOfFiles } from './anchors.ts';
import { findKubeconfig, type FoundKubeconfig } from './found-kubeconfig.ts';
import { clientLoader } from './loaders.ts';
import { loadPairFiles } from './pair.ts';

/** What the client of an edge dials, trusts and presents, as found. */
export interface ClientSide extends Pick<FoundKubeconfig, 'trusts' | 'presents'> {
  readonly name: string;
}

/** By the rules of a release, absent: of the newest. */
export function clientSide(
  { name, presents, trusts, endpoint }: Edge,
  inventory: Inventory,
  rules?: GoRules,
): ClientSide {
  const presented = credentialOf(presents, inventory, rules);
  if (trusts.kind !== 'kubeconfig')
    return { name, trusts: trustOf(trusts, endpoint, inventory, rules), presents: presented };
  const kubeconfig = findKubeconfig(trusts.file, inventory, rules);
  return { name: kubeconfig.name ?? name, trusts: kubeconfig.trusts, presents: presented };
}

function trustOf(
  trusts: Exclude<Edge['trusts'], { kind: 'kubeconfig' }>,
  { component }: Endpoint,
  inventory: Inventory,
  rules?: GoRules,
): ClientSide['trusts'] {
  return trusts.kind === 'anchors'
    ? anchorsOfFiles([trusts.file], inventory, clientLoader(component), rules)
    : trusts;
}

function credentialOf(
  presents: Edge['presents'],
  inventory: Inventory,
  rules?: GoRules,
): ClientSide['presents'] {
  if (presents.kind === 'pair') return loadPairFiles(presents.certificate, presents.key, inventory, rules);
  if (presents.kind === 'kubeconfig') return findKubeconfig(presents.file, inventory, rules).presents;
  return { kind: 'nothing', because: presents.because, instead: 'none needed' };
}

/** Files that the kubeconfigs of the client name. They are the same list for as long as the files are the same. */
export function filesNamed(
  { presents, trusts }: Edge,
  inventory: Inventory,
): readonly (readonly StatePath[])[] {
  const kubeconfigs = [presents, trusts].filter((side) => side.kind === 'kubeconfig');
  const files = new Set(kubeconfigs.map(({ file }) => file));
  return Array.from(files, (file) => findKubeconfig(file, inventory).files);
}
