/** What kubelets see to themselves, and cannot any more: the API that they would ask is dead. */
import { equalBytes, type Instant, toRfc3339 } from '../base/index.ts';
import { type Item, rotatedItems, type StatePath } from '../cluster/index.ts';
import type { Entry, Inventory } from '../inventory/index.ts';
import { type Certificate, readCertificates } from '../x509/index.ts';
import { actionFor, authoritiesOf, type PlanInput } from './plan.ts';
import type { Action, Reason } from './types.ts';
import { certificateAt } from './world.ts';

export interface RescueInput extends PlanInput {
  /** What stands on the nodes' disks, under the state's paths. */
  readonly found: Inventory;
}

/**
 * Only where what stands on the disk has ended. `renewed`: whether the cluster's authority is anew, whom their
 * kubeconfigs hold.
 */
export function rotatedActions(input: RescueInput, renewed: boolean): Action[] {
  return rotatedItems(input.cluster).flatMap((item) => {
    const reason = item.kind === 'pair' ? ended(item, input) : staleTrust(item, input, renewed);
    if (!reason) return [];
    const { inventory, written } = input;
    const path = item.kind === 'pair' ? item.certificate.path : '';
    const verb = item.kind === 'kubeconfig' ? 'rewrite' : inventory.get(path) ? 'replace' : 'create';
    const action = actionFor(item, { verb, reason, key: 'new' }, inventory, written);
    // They are the kubelet's own work, whoever brought them into the state.
    return [{ ...action, foreign: [] }];
  });
}

/** Sentences on kubelets of which nothing is known here. */
export function unknownKubelets({ cluster, found }: RescueInput): string[] {
  return rotatedItems(cluster).flatMap((item) => {
    const isClient = item.kind === 'pair' && item.profile.extendedKeyUsage.includes('clientAuth');
    if (!isClient || found.get(item.certificate.path)) return [];
    const node = item.owner?.name ?? '';
    return `${node}: its kubelet sees to its own certificate, which is not seen from here; if that has ended too, it must join anew, once the API is back: kubeadm token create --print-join-command`;
  });
}

function ended(
  item: Extract<Item, { kind: 'pair' }>,
  { found, inventory, at }: RescueInput,
): Reason | undefined {
  const { path } = item.certificate;
  const there = certificateAt(found.get(path));
  // Killed after it was made, and before it was brought there: it is still good.
  if (!there || holds(there, at) || holds(certificateAt(inventory.get(path)), at)) return undefined;
  return {
    code: 'expired',
    text: `expired on ${toRfc3339(there.notAfter)}; its kubelet cannot ask for another`,
  };
}

function holds(certificate: Certificate | undefined, at: Instant): boolean {
  return certificate !== undefined && certificate.notBefore <= at && at <= certificate.notAfter;
}

function staleTrust(item: Item, input: RescueInput, renewed: boolean): Reason | undefined {
  if (item.kind !== 'kubeconfig') return undefined;
  const { found, inventory, cluster } = input;
  const { path } = item.file;
  if (!found.get(path)) return undefined;
  const reason = { code: 'stale-content', text: 'the authority that it trusts gets a new certificate' };
  if (renewed) return reason;
  const authority = authorityIn(inventory, authoritiesOf(cluster).get('cluster')?.certificate.path);
  const current = [found, inventory].some((one) => trusts(one.get(path), authority));
  return current || !trustsKeyOf(found.get(path), authority) ? undefined : reason;
}

function authorityIn(inventory: Inventory, path: StatePath | undefined): Certificate | undefined {
  return path === undefined ? undefined : certificateAt(inventory.get(path));
}

function trusts(entry: Entry | undefined, authority: Certificate | undefined): boolean {
  return trusted(entry).some(({ der }) => authority !== undefined && equalBytes(der, authority.der));
}

/** An older certificate of the same authority. */
function trustsKeyOf(entry: Entry | undefined, authority: Certificate | undefined): boolean {
  return trusted(entry).some(
    ({ publicKey }) => authority !== undefined && equalBytes(publicKey.spki, authority.publicKey.spki),
  );
}

/** Embedded in a kubeconfig. */
function trusted(entry: Entry | undefined): readonly Certificate[] {
  if (entry?.content.kind !== 'kubeconfig') return [];
  return entry.content.config.clusters.flatMap(({ cluster: { certificateAuthorityData: data } }) =>
    data ? readCertificates(data).certificates : [],
  );
}
