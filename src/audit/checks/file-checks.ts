import { asBuffer } from '../../base/index.ts';
import type { StatePath } from '../../cluster/index.ts';
import { modeTrouble } from '../modes.ts';
import type { Entry } from '../../inventory/index.ts';
import { insideOf } from '../view/inside.ts';
import { placeId } from '../view/place-id.ts';
import { perView } from '../view/per-view.ts';
import { machineOf } from '../view/machine.ts';
import type { View } from '../view/types.ts';
import { brokenPromises, ENCRYPTED } from './promises.ts';
import { groupOf, type Spotted, type TreeCheck } from './types.ts';
import { named, nodeOf } from './words.ts';

const SA_KEY = /\/(?:sa|service-account(?:-key)?)\.(?:key|pem)$/;

const octal = (mode: number) => (mode & 0o777).toString(8).padStart(4, '0');

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

/** What keeps a container or a key shut: not that it is wrong, but that nobody has looked. */
const SHUT: ReadonlySet<string> = new Set([
  'keystores/needs-password',
  'keystores/wrong-password',
  'survey/encrypted-key',
]);

/** Each file or place that is shut, once, unless that is what another check says of it. */
function shutIn(view: View): Spotted[] {
  return [...view.beyond].flatMap(([path, { problems }]) => {
    const content = view.inventory.get(path)?.content;
    if (content?.kind === 'unreadable' && content.failure.code === ENCRYPTED) return [];
    const remedy = 'name a file with its password: kubetls check --password-file FILE';
    return problems
      .filter(({ code }) => SHUT.has(code))
      .map(({ message, where }) => ({ places: [placeId(path, where?.path)], message, remedy }));
  });
}

/**
 * Only where the directory was read: a tree may be a part of a node. What a kubelet begins with is gone when it has
 * begun (cmd/kubelet/app/server.go, bootstrap-kubeconfig).
 */
function missingFiles({ references, entries, unread = [] }: View): Spotted[] {
  const missing = references.filter(
    ({ role, purpose, to, value }) =>
      role !== undefined && to === undefined && purpose !== 'bootstrap' && value.startsWith('/'),
  );
  if (missing.length === 0) return [];
  const there = [...entries, ...unread].map(({ path }) => path);
  const directories = new Set(there.map((path) => path.slice(0, path.lastIndexOf('/'))));
  const seen = new Set(there);
  return missing
    .map((one) => ({ ...one, wanted: machineOf(one.from) + one.value }))
    .filter(({ wanted }) => !seen.has(wanted) && directories.has(wanted.slice(0, wanted.lastIndexOf('/'))))
    .map(({ from, component, name, value }) => ({
      places: [from],
      message: `${component} is told --${name}=${value}`,
    }));
}

export const fileChecks: readonly TreeCheck[] = groupOf('files', [
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
    id: 'certificate-writable',
    severity: 'error',
    title: 'a certificate or a bundle that others may change',
    why: 'whoever writes the anchors says who is trusted: an authority of their own',
    remedy: 'chmod 644 FILE',
    source: 'CIS Kubernetes Benchmark 1.1.20',
    look: (view) =>
      view.entries
        .filter(
          ({ content, mode }) =>
            (content.kind === 'certificates' || content.kind === 'public-key') && (mode & 0o022) !== 0,
        )
        .map(({ path, mode }) => ({
          places: [path],
          message: `it may be changed by others than its owner (mode ${octal(mode)})`,
        })),
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
          ? [{ places: inside, message: `it holds a private key and has mode ${octal(mode)}` }]
          : [];
      }),
  },
  {
    id: 'file-unreadable',
    severity: 'error',
    title: 'a certificate, key or kubeconfig by its name that cannot be read',
    why: 'a component that reads it does not start, or keeps what it read before; a warning where none is known to',
    remedy: 'look what it is: kubetls inspect FILE; then put back what belongs there',
    source: 'crypto/tls/tls.go, LoadX509KeyPair; client-go tools/clientcmd/loader.go',
    look: brokenPromises,
  },
  {
    id: 'flag-file-missing',
    severity: 'warning',
    title: 'a component is told of a file that is not there',
    why: 'it does not start, or starts and cannot show or verify what the file is for',
    remedy: 'put the file there, or correct the flag',
    source: 'src/survey/flags.ts; cmd/kube-apiserver/app/options, etcd server/embed/config.go',
    look: missingFiles,
  },
  {
    id: 'file-unseen',
    severity: 'warning',
    title: 'something could not be read',
    why: 'what stands there may be anything: nothing is said of it',
    remedy: 'run as a user who may read it, or move it out of the tree',
    source: 'docs/checks.md',
    look: (view) => [
      ...(view.unread ?? []).map(({ path, failure }) => ({ places: [path], message: failure.message })),
      ...shutIn(view),
    ],
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
