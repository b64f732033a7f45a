/** What a rescue brings to a node beside its leaves: who is trusted, and what its kubelet cannot ask for any more. */
import { equalBytes, type Instant } from '../base/index.ts';
import {
  type AnchorsItem,
  type Cluster,
  isOneFile,
  type Item,
  type KubeconfigItem,
  type PairItem,
} from '../cluster/index.ts';
import type { Entry, Inventory } from '../inventory/index.ts';
import { type Certificate, readCertificates } from '../x509/index.ts';
import { delivery, kubeconfig, pair, same, write } from './deliveries.ts';
import type { Delivery } from './types.ts';

/**
 * Anchors first: whatever else is written is then trusted.
 *
 * @param state what the nodes shall have
 * @param found what stands on their disks; only nodes in `nodes` are looked at
 */
export function rescueDeliveriesOf(
  { items }: Pick<Cluster, 'items'>,
  state: Inventory,
  found: Inventory,
  nodes: ReadonlySet<string>,
  at: Instant,
): Delivery[] {
  const mine = items.filter(({ owner }) => owner?.kind === 'node' && nodes.has(owner.name));
  const rank = ({ kind }: Item) => (kind === 'anchors' ? 0 : 1);
  return [...mine]
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((item) => deliveryOf(item, state, found, at) ?? []);
}

function deliveryOf(item: Item, state: Inventory, found: Inventory, at: Instant): Delivery | undefined {
  if (item.kind === 'anchors') return anchors(item, state, found);
  if (item.kind === 'pair')
    return isOneFile(item) ? inStore(item, state, found, at) : pair(item, state, found);
  if (item.kind !== 'kubeconfig') return undefined;
  if ('embed' in item.credentials) return kubeconfig(item, state, found);
  return 'embed' in item.authority ? pointing(item, state, found) : undefined;
}

/** The same authorities with other dates; another that stands there is somebody's. */
function anchors(item: AnchorsItem, state: Inventory, found: Inventory): Delivery | undefined {
  const { path } = item.file;
  const [wanted, there] = [state.get(path), found.get(path)];
  if (!wanted || same(wanted, there)) return undefined;
  const known = new Set(certificatesOf(wanted).map(keyOf));
  const refusal = !there
    ? 'nothing stands there yet'
    : certificatesOf(there).every((one) => known.has(keyOf(one)))
      ? undefined
      : 'what stands there trusts others too';
  return delivery(item, [path], [write(wanted)], found, refusal);
}

/** Where a kubelet keeps one that holds it is left: it is newer than anything here. */
function inStore(item: PairItem, state: Inventory, found: Inventory, at: Instant): Delivery | undefined {
  const { path } = item.certificate;
  const [wanted, there] = [state.get(path), found.get(path)];
  const [now] = certificatesOf(there);
  const [next] = certificatesOf(wanted);
  if (!wanted || !next || next.notAfter < at || !there || same(wanted, there)) return undefined;
  if (now && now.notAfter >= at) return undefined;
  return delivery(item, [path], [write(wanted)], found);
}

/** A kubeconfig that names its kubelet's store and holds whom it trusts. */
function pointing(item: KubeconfigItem, state: Inventory, found: Inventory): Delivery | undefined {
  const { path } = item.file;
  const [wanted, there] = [state.get(path), found.get(path)];
  if (!wanted || !there || same(wanted, there)) return undefined;
  const [next] = trusted(wanted);
  const before = trusted(there).find((one) => next && keyOf(one) === keyOf(next));
  // Nothing but dates: whatever else is in it is the kubelet's own.
  if (!next || !before || equalBytes(before.der, next.der)) return undefined;
  return delivery(item, [path], [write(wanted)], found);
}

function certificatesOf(entry: Entry | undefined): readonly Certificate[] {
  return entry?.content.kind === 'certificates' ? entry.content.certificates : [];
}

function trusted(entry: Entry): readonly Certificate[] {
  if (entry.content.kind !== 'kubeconfig') return [];
  return entry.content.config.clusters.flatMap(({ cluster: { certificateAuthorityData: data } }) =>
    data ? readCertificates(data).certificates : [],
  );
}

function keyOf({ publicKey }: Certificate): string {
  return Buffer.from(publicKey.spki).toString('base64');
}
