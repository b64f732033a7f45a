import type { StatePath } from '../../cluster/index.ts';
import { nodeOf, named, listed, servers, clients } from './words.ts';
import { machineOf } from '../view/machine.ts';
import type { HeldKey, View } from '../view/types.ts';
import { besideKey, pairsIn } from './pairs.ts';
import { groupOf, spot, spotAt, type TreeCheck } from './types.ts';

const SA_KEY = /(?:^|\/)(?:sa|service-account(?:-key)?)\.(?:key|pem)$/;
const keysOf = (view: View) => [...view.keys.values()];
const certified = (view: View, { key }: HeldKey) => view.byKey.get(key) ?? [];
/** It, or a directory on the way, is there and could not be read: what it holds nobody knows. */
const isShut = ({ unread = [] }: View, path: StatePath) =>
  unread.some((one) => one.path === path || path.startsWith(`${one.path}/`));

export const keyChecks: readonly TreeCheck[] = groupOf('keys', [
  {
    id: 'pair-mismatch',
    severity: 'error',
    title: 'certificate and key are not of one pair',
    why: 'one of the two was replaced without the other; the component that reads them does not start',
    remedy: 'put the key back that belongs to it, or issue the certificate for this key',
    source: 'crypto/tls/tls.go: private key does not match public key',
    look: (view) =>
      pairsIn(view).flatMap(({ certificates, key, certificate, keyPlace }) => {
        const [first] = certificates;
        if (!first || certificates.some((one) => one.key === key.key)) return [];
        return [
          {
            places: [certificate, keyPlace],
            message: `${named(first.certificate)} is not of the key beside it`,
          },
        ];
      }),
  },
  {
    id: 'pair-without-key',
    severity: 'error',
    title: 'a certificate that a component shows, without its key',
    why: 'nobody can prove with it who they are',
    remedy: 'put its key beside it, or issue it anew',
    source: 'crypto/tls/tls.go, LoadX509KeyPair',
    look: (view) =>
      [...servers(view), ...clients(view)].flatMap((used) => {
        const { held, place } = used;
        const here = view.keys.get(held.key)?.places.some((path) => machineOf(path) === place.machine);
        const beside = view.inventory.get(besideKey(place.path));
        if (here === true || (beside && besideKey(place.path) !== place.path)) return [];
        if (place.as === 'client' && view.keyIn(place.path)) return [];
        if (isShut(view, besideKey(place.path))) return [];
        return [spotAt(used, `the key of ${named(held.certificate)} is nowhere on ${place.machine}`)];
      }),
  },
  {
    id: 'key-encrypted',
    severity: 'error',
    title: 'a key that is encrypted',
    why: 'no component asks for a passphrase: it ends when it reads the file',
    remedy: 'decrypt it where it is used: openssl pkey -in KEY -out NEW, mode 0600',
    source: 'client-go util/keyutil/key.go, ParsePrivateKeyPEM',
    look: (view) =>
      view.entries.flatMap(({ path, content }) =>
        content.kind === 'unreadable' && content.failure.code === 'x509/key-needs-passphrase'
          ? [{ places: [path], message: 'the private key is encrypted' }]
          : [],
      ),
  },
  {
    id: 'key-in-two-certificates',
    severity: 'warning',
    title: 'one key in certificates of different names',
    why: 'who gets the one has the other; a key that leaks once is lost twice',
    remedy: 'issue each of them with a key of its own',
    source: 'NIST SP 800-57 part 1, 5.2',
    look: (view) =>
      [...view.byKey.values()].flatMap((all) => {
        const leaves = all.filter(({ isAuthority }) => !isAuthority);
        const names = [...new Set(leaves.map(({ certificate }) => named(certificate)))];
        if (names.length < 2) return [];
        return [
          spot(
            leaves.flatMap(({ places }) => places),
            `the same key in ${listed(names)}`,
          ),
        ];
      }),
  },
  {
    id: 'key-on-two-nodes',
    severity: 'error',
    title: "a leaf's key on more than one node",
    why: 'files of one node were copied to another: what is lost with one node is lost for both, and names do not fit',
    remedy: 'issue each node a certificate and a key of its own',
    source: 'kubeadm phases/copycerts: only authorities and the service-account keys are shared',
    look: (view) =>
      keysOf(view).flatMap((key) => {
        const owners = certified(view, key);
        const nodes = new Set(key.places.flatMap((path) => nodeOf(machineOf(path)) ?? []));
        const [first] = owners;
        if (!first || nodes.size < 2 || owners.some(({ isAuthority }) => isAuthority)) return [];
        return [
          {
            places: key.places,
            message: `the key of ${named(first.certificate)} stands on ${listed([...nodes])}`,
          },
        ];
      }),
  },
  {
    id: 'authority-key-reused',
    severity: 'error',
    title: "an authority's key in a leaf",
    why: 'the key that signs everything is then loaded by whatever shows the leaf',
    remedy: 'issue the leaf with a key of its own',
    source: 'NIST SP 800-57 part 1, 5.2',
    look: (view) =>
      [...view.byKey.values()].flatMap((all) => {
        const leaves = all.filter(({ isAuthority }) => !isAuthority);
        const [leaf] = leaves;
        if (!leaf || leaves.length === all.length) return [];
        return [spot(leaf.places, `${named(leaf.certificate)} is a leaf with the key of an authority`)];
      }),
  },
  {
    id: 'token-key-reused',
    severity: 'warning',
    title: 'the key that signs tokens is in a certificate',
    why: 'it must be on every control plane for ever, and rotates by other rules than certificates',
    remedy: 'make the service-account keys a pair of their own, and rotate to it',
    source: 'kube-apiserver --service-account-signing-key-file',
    look: (view) =>
      keysOf(view).flatMap((key) => {
        const tokens = key.places.filter((path) => SA_KEY.test(path));
        // The hard way has a certificate for it that nothing shows.
        const owner = certified(view, key).find(
          ({ isAuthority, places }) => isAuthority || places.some(({ use }) => use),
        );
        return tokens.length > 0 && owner
          ? [{ places: tokens, message: `tokens are signed with the key of ${named(owner.certificate)}` }]
          : [];
      }),
  },
  {
    id: 'token-pair-mismatch',
    severity: 'error',
    title: 'sa.pub is not of sa.key',
    why: 'kube-apiserver refuses every token that is signed from then on',
    remedy: 'write it anew: openssl pkey -in sa.key -pubout -out sa.pub',
    source: 'kube-apiserver --service-account-key-file',
    look: (view) =>
      view.entries.flatMap(({ path, content }) => {
        if (content.kind !== 'public-key' || !path.endsWith('.pub')) return [];
        const key = view.keyIn(path.replace(/\.pub$/, '.key'));
        const same = !key || Buffer.from(content.key.spki).equals(Buffer.from(key.publicKey.spki));
        return same
          ? []
          : [{ places: [path], message: 'the public key is not that of the private key beside it' }];
      }),
  },
  {
    id: 'key-orphan',
    severity: 'info',
    title: 'a key without a certificate',
    why: 'nothing here is certified for it: it is left over, or its certificate is elsewhere',
    remedy: 'remove it when nothing needs it',
    source: 'Kubernetes, PKI certificates and requirements',
    look: (view) =>
      keysOf(view).flatMap((key) => {
        const [path = ''] = key.places;
        const isPaired = view.inventory.get(path.replace(/\.key$/, '.crt')) !== undefined;
        const known = certified(view, key).length > 0 || key.places.some((one) => SA_KEY.test(one));
        return known || isPaired
          ? []
          : [{ places: key.places, message: `no certificate here is of this ${key.publicKey.name} key` }];
      }),
  },
]);
