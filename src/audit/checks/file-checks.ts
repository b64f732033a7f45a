/** Files as such: what cannot be read, what is missing, what others may change. */
import { modeText } from '../modes.ts';
import { placeId } from '../view/place-id.ts';
import { machineOf } from '../view/machine.ts';
import type { View } from '../view/types.ts';
import { brokenPromises, ENCRYPTED } from './promises.ts';
import { groupOf, type Spotted, type TreeCheck } from './types.ts';

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
          message: `it may be changed by others than its owner (mode ${modeText(mode)})`,
        })),
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
]);
