/** Private keys in files: who may read them, and where they do not belong. */
import { asBuffer } from '../../base/index.ts';
import type { StatePath } from '../../cluster/index.ts';
import { modeText, modeTrouble } from '../modes.ts';
import type { Entry } from '../../inventory/index.ts';
import { insideOf } from '../view/inside.ts';
import { placeId } from '../view/place-id.ts';
import { perView } from '../view/per-view.ts';
import { machineOf } from '../view/machine.ts';
import type { View } from '../view/types.ts';
import { groupOf, type Spotted, type TreeCheck } from './types.ts';
import { named, nodeOf } from './words.ts';

const SA_KEY = /\/(?:sa|service-account(?:-key)?)\.(?:key|pem)$/;

interface KeyFile {
  readonly path: StatePath;
  readonly whose: string;
  readonly isAuthority: boolean;
}

/** Private keys in files, with whose they are. */
const keyFiles = perView((view): readonly KeyFile[] =>
  [...view.keys.values()].flatMap(({ key, places }) => {
    const owners = view.byKey.get(key) ?? [];
    const [owner] = owners;
    const whose = owner ? `the key of ${named(owner.certificate)}` : 'the private key';
    const isAuthority = owners.some((one) => one.isAuthority);
    return places.map((path) => ({ path, whose, isAuthority }));
  }),
);

/** Nodes that are not control planes, as far as it can be told. */
function isWorker(view: View, path: StatePath): boolean {
  const machine = machineOf(path);
  return nodeOf(machine) !== undefined && view.controlPlanes.size > 0 && !view.controlPlanes.has(machine);
}

/** etcd on nodes of its own: kubeadm makes its authority there. */
function isEtcdAuthority(path: StatePath): boolean {
  return /\/(?:etcd\/ca|etcd-ca)\.key$/.test(path);
}

/** Places of keys that stand beside other things in a file, for whoever reads it: a keystore with a password is shut. */
function openKeysIn(view: View, { path, content, bytes }: Entry): readonly StatePath[] {
  if (content.kind === 'certificates') return asBuffer(bytes).includes('PRIVATE KEY-----') ? [path] : [];
  if (view.password && asBuffer(bytes).includes(0)) return [];
  const keys = view.beyond.get(path)?.keys.filter((one) => one.private) ?? [];
  const inside = keys.flatMap(({ place }) => insideOf(place) ?? []);
  return [...new Set(inside)].map((one) => placeId(path, one));
}

export const keyFileChecks: readonly TreeCheck[] = groupOf('files', [
  {
    id: 'key-mode',
    severity: 'error',
    title: 'a private key that others may read',
    why: 'every program on the machine has it, and every backup that keeps modes',
    remedy: 'chmod 600 FILE; when others may have read it, issue it anew with a new key',
    source: 'client-go util/keyutil/key.go, WriteKey; CIS Kubernetes Benchmark 1.1.21',
    look: (view) =>
      keyFiles(view).flatMap(({ path, whose }) => {
        const entry = view.inventory.get(path);
        if (!entry || (entry.content.kind !== 'private-key' && !view.beyond.has(path))) return [];
        return modeTrouble(whose, entry.mode).map((trouble) => ({
          places: [path],
          message: trouble.message,
          ...(trouble.severity && { severity: trouble.severity }),
          remedy: `chmod 600 the file; when others may have read it, issue it anew with a new key`,
        }));
      }),
  },
  {
    id: 'key-beside-certificate',
    severity: 'error',
    title: 'a private key in a file with a certificate, or in a dump, that others may read',
    why: 'certificates are public, and files with them are handed around; this one holds the key, too',
    remedy: 'chmod 600 FILE, or take the key out of it; when others may have read it, issue it anew',
    source: 'client-go util/certificate/certificate_store.go: 0600',
    look: (view) =>
      view.entries.flatMap((entry): Spotted[] => {
        const { mode } = entry;
        const inside = (mode & 0o077) === 0 ? [] : openKeysIn(view, entry);
        return inside.length > 0
          ? [{ places: inside, message: `it holds a private key and has mode ${modeText(mode)}` }]
          : [];
      }),
  },
  {
    id: 'key-owner',
    severity: 'warning',
    title: 'a private key of another user than the other keys',
    why: 'who owns a file may read and change it, whatever its mode says',
    remedy: 'chown it to the user of the component, as a rule root',
    source: 'CIS Kubernetes Benchmark 1.1.19',
    look: (view) => {
      const owned = keyFiles(view).flatMap(({ path, whose }) => {
        const uid = view.owners?.get(path);
        return uid === undefined ? [] : [{ path, whose, uid, machine: machineOf(path) }];
      });
      const roots = new Set(owned.filter(({ uid }) => uid === 0).map(({ machine }) => machine));
      return owned
        .filter(({ uid, machine }) => uid !== 0 && roots.has(machine))
        .map(({ path, whose, uid }) => ({ places: [path], message: `${whose} belongs to user ${uid}` }));
    },
  },
  {
    id: 'authority-key-on-worker',
    severity: 'error',
    title: "an authority's key on a worker",
    why: 'whoever breaks out of a pod there signs certificates for everybody, system:masters included',
    remedy: 'remove it from the node, and rotate the authority: others may have it',
    source: 'Kubernetes, PKI certificates and requirements; kubeadm phases/copycerts',
    look: (view) =>
      keyFiles(view)
        .filter(({ path, isAuthority }) => isAuthority && isWorker(view, path) && !isEtcdAuthority(path))
        .map(({ path, whose }) => ({
          places: [path],
          message: `${whose} stands on a node without a control plane`,
        })),
  },
  {
    id: 'authority-key-with-user',
    severity: 'error',
    title: "an authority's key with a person",
    why: 'a person with it is everybody, and nothing that they sign is recorded',
    remedy: 'remove it from there, and rotate the authority: copies may be anywhere',
    source: 'Kubernetes, PKI certificates and requirements',
    look: (view) =>
      keyFiles(view)
        .filter(({ path, isAuthority }) => isAuthority && path.startsWith('users/'))
        .map(({ path, whose }) => ({
          places: [path],
          message: `${whose} stands with what is handed to a user`,
        })),
  },
  {
    id: 'token-key-on-worker',
    severity: 'error',
    title: 'the key that signs tokens on a worker',
    why: 'whoever has it is every service account of the cluster, those of the controllers included',
    remedy: 'remove it from the node, and rotate the service-account keys',
    source: 'kube-apiserver --service-account-signing-key-file',
    look: (view) =>
      view.entries
        .filter(
          ({ path, content }) => content.kind === 'private-key' && SA_KEY.test(path) && isWorker(view, path),
        )
        .map(({ path }) => ({ places: [path], message: 'it stands on a node without a control plane' })),
  },
  {
    id: 'user-key-on-node',
    severity: 'warning',
    title: "a person's key on a node",
    why: 'whoever has the node is that person, too',
    remedy: 'remove it from the node',
    source: 'Kubernetes, RBAC good practices',
    look: (view) =>
      [...view.keys.values()].flatMap(({ key, places }) => {
        if (view.byKey.get(key)?.some(({ isAuthority }) => isAuthority)) return [];
        const nodes = places.filter((path) => path.startsWith('nodes/'));
        return nodes.length > 0 &&
          nodes.length < places.length &&
          places.some((path) => path.startsWith('users/'))
          ? [{ places: nodes, message: 'the key stands here, and with its user' }]
          : [];
      }),
  },
]);
