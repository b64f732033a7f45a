/** What of the state a node does not have yet, and whether it may be given it. */
import { equalBytes } from '../base/index.ts';
import type { Cluster, Item, KubeconfigItem, PairItem, StatePath } from '../cluster/index.ts';
import type { Entry, FileChange, Inventory } from '../inventory/index.ts';
import { isLeaf, type LeafItem } from '../plan/index.ts';
import { readCertificates } from '../x509/index.ts';
import type { Delivery } from './types.ts';

/**
 * @param state what the nodes shall have
 * @param found what stands on their disks, under the same paths; only nodes in `nodes` are looked at
 */
export function deliveriesOf(
  { items }: Pick<Cluster, 'items'>,
  state: Inventory,
  found: Inventory,
  nodes: ReadonlySet<string>,
  includes: (item: LeafItem) => boolean,
): Delivery[] {
  return items
    .filter(isLeaf)
    .filter((item) => item.owner?.kind === 'node' && nodes.has(item.owner.name) && includes(item))
    .map((item) => (item.kind === 'pair' ? pair(item, state, found) : kubeconfig(item, state, found)))
    .filter((delivery) => delivery !== undefined);
}

/** Where the key is the same, the certificate alone: one rename, and nobody reads a torn pair. */
export function pair(item: PairItem, state: Inventory, found: Inventory): Delivery | undefined {
  const [certificate, key] = [item.certificate.path, item.key.path];
  const [wanted, wantedKey] = [state.get(certificate), state.get(key)];
  // What the state does not have whole is for `apply` to mend.
  if (!wanted || !wantedKey) return undefined;
  const [there, thereKey] = [found.get(certificate), found.get(key)];
  if (sameKey(wantedKey, thereKey)) {
    return same(wanted, there) ? undefined : delivery(item, [certificate], [write(wanted)], found);
  }
  const changes: FileChange[] = [
    ...(there ? [{ path: certificate, remove: true } as const] : []),
    write(wantedKey),
    write(wanted),
  ];
  const refusal =
    thereKey || there ? 'another key stands there than in the state' : 'nothing stands there yet';
  return delivery(item, [certificate, key], changes, found, refusal);
}

/** A kubelet that renews its own certificate writes its kubeconfig itself: that one has no such certificate in it. */
export function kubeconfig(item: KubeconfigItem, state: Inventory, found: Inventory): Delivery | undefined {
  const { path } = item.file;
  const [wanted, there] = [state.get(path), found.get(path)];
  if (!wanted || same(wanted, there)) return undefined;
  const known = publicKeyIn(item, there);
  const shown = publicKeyIn(item, wanted);
  const refusal = !there
    ? 'nothing stands there yet'
    : known && shown && equalBytes(known, shown)
      ? undefined
      : `what stands there has no certificate of ${item.userName} for the key of the state`;
  return delivery(item, [path], [write(wanted)], found, refusal);
}

function publicKeyIn({ userName }: KubeconfigItem, entry: Entry | undefined): Uint8Array | undefined {
  if (entry?.content.kind !== 'kubeconfig') return undefined;
  const user = entry.content.config.users.find(({ name }) => name === userName)?.user;
  const data = user?.clientCertificateData;
  return data && readCertificates(data).certificates[0]?.publicKey.spki;
}

export function delivery(
  item: Item,
  files: readonly StatePath[],
  changes: readonly FileChange[],
  found: Inventory,
  refusal?: string,
): Delivery {
  const node = item.owner?.name ?? '';
  const seen = files.map((path) => [onDisk(node, path), found.get(path)?.sha256] as const);
  return {
    item: item.id,
    node,
    files,
    changes: changes.map((change) => ({ ...change, path: onDisk(node, change.path) })),
    seen: new Map(seen.filter((one): one is [string, string] => one[1] !== undefined)),
    refusal,
  };
}

/** `nodes/cp1/etc/kubernetes/pki/ca.crt` as a path from the node's root. */
export function onDisk(node: string, path: StatePath): string {
  return path.slice(`nodes/${node}/`.length);
}

export function same(wanted: Entry, there: Entry | undefined): boolean {
  return there !== undefined && wanted.sha256 === there.sha256;
}

/** However it is written there. */
function sameKey(wanted: Entry, there: Entry | undefined): boolean {
  if (same(wanted, there)) return true;
  const [one, other] = [wanted.content, there?.content];
  if (one.kind !== 'private-key' || other?.kind !== 'private-key') return false;
  return equalBytes(one.key.publicKey.spki, other.key.publicKey.spki);
}

export function write({ path, mode, bytes, content }: Entry): FileChange {
  return { path, mode, bytes, content };
}
