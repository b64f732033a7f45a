import type { Secret } from '../../base/index.ts';
import { type Material, readMaterial } from '../../survey/index.ts';

/** What somebody handed in, under the name by which they call it. */
export interface Inspected extends Material {
  readonly source: string;
}

export function inspectBytes(bytes: Uint8Array, source: string, password?: Secret): Inspected {
  return { source, ...readMaterial(bytes, source, password) };
}

export const NOTHING_IN_IT: Material = {
  certificates: [],
  requests: [],
  revocationLists: [],
  kubeconfigs: [],
  keys: [],
  settings: [],
  problems: [],
};

/** Of what is shown: flags of components are not. */
export function isNothing({ certificates, requests, revocationLists, kubeconfigs, keys }: Material): boolean {
  return [certificates, requests, revocationLists, kubeconfigs, keys].every((list) => list.length === 0);
}
