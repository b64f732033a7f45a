import type { Edge, StatePath } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { anchorsOfFiles } from './anchors.ts';
import { findKubeconfig, type FoundKubeconfig } from './found-kubeconfig.ts';
import { loadPairFiles } from './pair.ts';

/** What the client of an edge dials, trusts and presents, as found. */
export interface ClientSide extends Pick<FoundKubeconfig, 'trusts' | 'presents' | 'files'> {
  readonly name: string;
}

export function clientSide(edge: Edge, inventory: Inventory): ClientSide {
  const read = new Map<StatePath, FoundKubeconfig>();
  const kubeconfig = (file: StatePath) => {
    const found = read.get(file) ?? findKubeconfig(file, inventory);
    read.set(file, found);
    return found;
  };
  return {
    name: (edge.trusts.kind === 'kubeconfig' ? kubeconfig(edge.trusts.file).name : undefined) ?? edge.name,
    trusts: trustOf(edge.trusts, inventory, kubeconfig),
    presents: credentialOf(edge.presents, inventory, kubeconfig),
    files: [...read.values()].flatMap(({ files }) => files),
  };
}

type Read = (file: StatePath) => FoundKubeconfig;

function trustOf(trusts: Edge['trusts'], inventory: Inventory, kubeconfig: Read): ClientSide['trusts'] {
  if (trusts.kind === 'anchors') return anchorsOfFiles([trusts.file], inventory);
  return trusts.kind === 'kubeconfig' ? kubeconfig(trusts.file).trusts : trusts;
}

function credentialOf(
  presents: Edge['presents'],
  inventory: Inventory,
  kubeconfig: Read,
): ClientSide['presents'] {
  if (presents.kind === 'pair') return loadPairFiles(presents.certificate, presents.key, inventory);
  if (presents.kind === 'kubeconfig') return kubeconfig(presents.file).presents;
  return { kind: 'nothing', because: presents.because, instead: 'none needed' };
}
