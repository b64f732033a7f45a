/** Nodes of one cluster, held against each other. */
import { AUTHORITIES, type Use } from '../view/uses.ts';
import { machineOf } from '../view/machine.ts';
import { octets } from '../view/view.ts';
import type { Held, View } from '../view/types.ts';
import { groupOf, type Spotted, type TreeCheck } from './types.ts';
import { listed, named, nodeOf, usedAs } from './words.ts';

/** What each node has, in the order in which it was seen; the value is compared. */
type ByNode = ReadonlyMap<string, { readonly path: string; readonly value: string; readonly word: string }>;

/** Those that are not as most are. */
function strays(byNode: ByNode, word: (mine: string, most: string) => string): Spotted[] {
  const counts = new Map<string, number>();
  for (const { value } of byNode.values()) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size < 2) return [];
  const [most = ''] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const usual = [...byNode.values()].find(({ value }) => value === most);
  return [...byNode.values()]
    .filter(({ value }) => value !== most)
    .map((one) => ({
      places: [one.path, ...(usual ? [usual.path] : [])],
      message: word(one.word, usual?.word ?? ''),
    }));
}

/** Anchors of one use, by node: keys in any order. */
function anchorsByNode(view: View, use: Use): ByNode {
  const held = new Map<string, { path: string; all: Held[] }>();
  for (const { held: one, place } of usedAs(view, use)) {
    if (nodeOf(place.machine) === undefined) continue;
    const known = held.get(place.machine);
    if (known) known.all.push(one);
    else held.set(place.machine, { path: place.path, all: [one] });
  }
  return new Map(
    [...held].map(([machine, { path, all }]) => {
      const value = [...new Set(all.map(({ key }) => Buffer.from(key, 'latin1').toString('hex')))]
        .toSorted()
        .join();
      return [machine, { path, value, word: prints(all) }];
    }),
  );
}

const prints = (all: readonly Held[]) =>
  listed(all.map(({ certificate, sha256 }) => `${named(certificate)} sha256:${sha256.slice(0, 12)}`));

const haveOneInCommon = (byNode: ByNode) => {
  const [first, ...others] = [...byNode.values()].map(({ value }) => new Set(value.split(',')));
  return first !== undefined && [...first].some((key) => others.every((other) => other.has(key)));
};

/** Public keys of files called so on the nodes. */
function keysByNode(view: View, name: RegExp): ByNode {
  return new Map(
    view.entries.flatMap(({ path, content }) => {
      const machine = machineOf(path);
      if (nodeOf(machine) === undefined || !name.test(path)) return [];
      const key =
        content.kind === 'private-key'
          ? content.key.publicKey
          : content.kind === 'public-key'
            ? content.key
            : undefined;
      return key ? [[machine, { path, value: octets(key.spki), word: key.name }] as const] : [];
    }),
  );
}

/** Files that every control plane has, when one of them has them. */
const SIBLINGS: readonly Use[] = [
  'apiserver',
  'apiserver-kubelet-client',
  'apiserver-etcd-client',
  'front-proxy-client',
  'cluster-authority',
  'front-proxy-authority',
  'controller-manager',
  'scheduler',
];

export const nodeChecks: readonly TreeCheck[] = groupOf('nodes', [
  {
    id: 'nodes-authority-differs',
    severity: 'error',
    title: 'nodes that trust different authorities',
    why: 'what one of them signs or shows the others refuse: one was set up anew, or files were copied to some of them only',
    remedy: 'give every node the same file; during a rotation: the file that holds both',
    source: 'Kubernetes, manual rotation of CA certificates',
    look: (view) =>
      [...AUTHORITIES].flatMap((use) => {
        const byNode = anchorsByNode(view, use);
        return haveOneInCommon(byNode)
          ? []
          : strays(byNode, (mine, most) => `it trusts ${mine}, others ${most}`);
      }),
  },
  {
    id: 'nodes-bundle-differs',
    severity: 'warning',
    title: 'nodes that trust more authorities than others do',
    why: 'a rotation has not reached all of them, or a leftover was removed from some only',
    remedy: 'give every node the same file before the next step of the rotation',
    source: 'Kubernetes, manual rotation of CA certificates',
    look: (view) =>
      [...AUTHORITIES].flatMap((use) => {
        const byNode = anchorsByNode(view, use);
        return haveOneInCommon(byNode)
          ? strays(byNode, (mine, most) => `it trusts ${mine}, others ${most}`)
          : [];
      }),
  },
  {
    id: 'nodes-token-key-differs',
    severity: 'error',
    title: 'control planes that sign tokens with different keys',
    why: 'a token that one kube-apiserver hands out the next one refuses',
    remedy:
      'copy sa.key and sa.pub of one control plane to the others, and restart their kube-apiserver and controller manager',
    source: 'kubeadm phases/copycerts; kube-apiserver --service-account-key-file',
    look: (view) =>
      strays(
        keysByNode(view, /\/pki\/sa\.key$/),
        () => 'its sa.key is another than on the other control planes',
      ),
  },
  {
    id: 'nodes-key-types-differ',
    severity: 'info',
    title: 'nodes whose servers have keys of different kinds',
    why: 'a change of algorithm has not reached all of them',
    remedy: 'renew the others, too',
    source: 'kubernetes/kubeadm#1535',
    look: (view) =>
      (['apiserver', 'etcd', 'etcd-peer', 'kubelet'] as const).flatMap((use) => {
        const byNode = new Map(
          usedAs(view, use).map(({ held: { certificate }, place }) => {
            const { name } = certificate.publicKey;
            return [place.machine, { path: place.path, value: name, word: name }] as const;
          }),
        );
        return strays(byNode, (mine, most) => `its key is ${mine}, on others ${most}`);
      }),
  },
  {
    id: 'node-lacks-file',
    severity: 'error',
    title: 'a control plane lacks what the others have',
    why: 'it was joined by half, or somebody removed a file: a component there does not start',
    remedy: 'kubetls apply; with kubeadm: kubeadm join phase control-plane-prepare certs',
    source: 'cmd/kubeadm/app/phases/certs/certlist.go',
    look: (view) =>
      view.controlPlanes.size < 2
        ? []
        : SIBLINGS.flatMap((use) => {
            const used = usedAs(view, use).filter(({ place }) => view.controlPlanes.has(place.machine));
            const [model] = used;
            const have = new Set(used.map(({ place }) => place.machine));
            if (!model || have.size < view.controlPlanes.size / 2) return [];
            const file = model.place.path.slice(model.place.machine.length);
            return [...view.controlPlanes]
              .filter((machine) => !have.has(machine) && !view.inventory.get(machine + file))
              .map((machine) => ({ places: [machine + file], message: `${machine} has no ${file}` }));
          }),
  },
]);
