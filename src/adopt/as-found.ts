/** Names and groups that certificates have beyond those of the profile: somebody wanted them. */
import type { Cluster, Item, PairItem } from '../cluster/index.ts';
import { commonName, organizations, parseIp } from '../x509/index.ts';
import { isDnsName, mostCommon, namesIn } from './evidence.ts';
import type { Places } from './places.ts';
import type { SpecDraft } from './spec-text.ts';

/** The draft with what certificates have beyond what the profile would give them. */
export function asFound(draft: SpecDraft, { items }: Cluster, places: Places): SpecDraft {
  const ownNames = new Set(draft.nodes.flatMap(({ name, address }) => [name, address]));
  const extra = (base: RegExp) =>
    extraNames(
      items.filter((item) => isPair(item, base)),
      places,
      ownNames,
    );
  const etcd = extra(/\/etcd(\/server|server)$/);
  const peer = extra(/\/etcd\/peer$/);
  return {
    ...draft,
    groups: groupsFound(items, places),
    sans: withoutEmpty({
      'kube-apiserver': extra(/\/apiserver$/),
      etcd,
      'etcd-peer': sameNames(etcd, peer) || draft.profile === 'flat' ? [] : peer,
      kubelet: draft.kubelets.serving === 'issued' ? extra(/\/kubelet$/) : [],
    }),
  };
}

function isPair(item: Item, base: RegExp): item is PairItem {
  return (
    item.kind === 'pair' &&
    item.owner?.kind === 'node' &&
    base.test(item.certificate.path.slice(0, -'.crt'.length))
  );
}

/** Asked for on one node means for all. Of a certificate that was copied from another node, that node's are not. */
function extraNames(items: readonly Item[], places: Places, ownNames: ReadonlySet<string>): string[] {
  const extra = new Set<string>();
  for (const item of items) {
    if (item.kind !== 'pair') continue;
    const certificate = places.certificate(item);
    const wanted = new Set([...item.profile.dnsNames, ...item.profile.ipAddresses]);
    for (const name of [...namesIn(certificate, 'dns'), ...namesIn(certificate, 'ip')]) {
      const lower = name.toLowerCase();
      if (!wanted.has(lower) && !ownNames.has(lower)) extra.add(lower);
    }
  }
  return [...extra].filter(isAskable);
}

/** What `sans` of a kubetls.yaml takes; of other names the plan says that they are too many. */
function isAskable(name: string): boolean {
  return parseIp(name) !== undefined || isDnsName(name.replace(/^\*\./, ''));
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.toSorted().join() === b.toSorted().join();
}

function withoutEmpty(lists: Readonly<Record<string, readonly string[]>>): Record<string, readonly string[]> {
  const peers = (lists['etcd-peer'] ?? []).length > 0;
  return Object.fromEntries(
    Object.entries(lists).filter(([key, list]) => list.length > 0 || (key === 'etcd' && peers)),
  );
}

/** By common name, where most certificates of a client agree on others than the profile's. */
function groupsFound(items: readonly Item[], places: Places): Record<string, readonly string[]> {
  const found = new Map<string, { wanted: readonly string[]; lists: (readonly string[])[] }>();
  for (const item of items) {
    const profile =
      item.kind === 'pair'
        ? item.profile
        : item.kind === 'kubeconfig' && 'embed' in item.credentials
          ? item.credentials.embed.profile
          : undefined;
    const certificate = places.certificate(item);
    const name = profile?.subject.find(({ type }) => type === 'CN')?.value ?? '';
    if (!profile || !certificate || !GROUPED.has(name) || commonName(certificate.subject) !== name) continue;
    const wanted = profile.subject.flatMap(({ type, value }) => (type === 'O' ? [value] : []));
    const entry = found.get(name) ?? { wanted, lists: [] };
    entry.lists.push(organizations(certificate.subject));
    found.set(name, entry);
  }
  return Object.fromEntries(
    [...found].flatMap(([name, { wanted, lists }]) => {
      const most = mostCommon(lists, (list) => list.toSorted().join('\n')) ?? [];
      return sameNames(most, wanted) ? [] : [[name, most] as const];
    }),
  );
}

/** Keys of `groups` in a kubetls.yaml. */
const GROUPED = new Set([
  'kubernetes-admin',
  'kubernetes-super-admin',
  'kube-apiserver-etcd-client',
  'kube-apiserver-kubelet-client',
  'kube-etcd-healthcheck-client',
  'front-proxy-client',
  'system:kube-controller-manager',
  'system:kube-scheduler',
  'system:kube-proxy',
]);
