/**
 * What files hold that no component reads as it is: DER, keystores, dumps of Secrets and ConfigMaps, revocation
 * lists, manifests and units. The inventory says what Kubernetes makes of a file; what it refuses the survey reads.
 */
import type { Secret } from '../../base/index.ts';
import type { StatePath } from '../../cluster/index.ts';
import type { Entry, Inventory } from '../../inventory/index.ts';
import { type FileReference, type Material, readMaterial, referencesIn } from '../../survey/index.ts';
import { machineOf } from './machine.ts';

export type Beyond = ReadonlyMap<StatePath, Material>;

/** Of those files that the inventory calls unreadable, the ones with anything in them; in order of path. */
export function beyondIn(entries: readonly Entry[], password: Secret | undefined): Beyond {
  return new Map(
    entries.flatMap(({ path, bytes, content }) => {
      if (content.kind !== 'unreadable' || bytes.length === 0) return [];
      return [[path, readMaterial(bytes, path, password)] as const];
    }),
  );
}

/** What flags and configuration files name, each as found on its own machine. `from` and `to` are whole paths. */
export function referencesOf(beyond: Beyond, inventory: Inventory): FileReference[] {
  return [...beyond].flatMap(([path, material]) => {
    if (material.settings.length === 0) return [];
    const root = machineOf(path);
    const at = (machine: string, below: string) => inventory.get(`${machine}/${below}`);
    return referencesIn({ root, path: path.slice(root.length + 1), material }, at).map((one) => ({
      ...one,
      from: `${root}/${one.from}`,
      to: one.to === undefined ? undefined : `${root}/${one.to}`,
    }));
  });
}
