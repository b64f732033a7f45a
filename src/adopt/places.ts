/** Which found file stands for which file of the profile: by its own name, or by what it is for. */
import { utf8 } from '../base/index.ts';
import type { AuthorityId, Cluster, Item, StatePath } from '../cluster/index.ts';
import type { FoundFile } from '../inventory/index.ts';
import { LAYOUTS, type FileRole } from '../layouts/index.ts';
import type { SurveyedFile } from '../survey/index.ts';
import { type Certificate, type PublicKey, writePem, writePublicKey } from '../x509/index.ts';
import type { FoundAuthority } from './authorities.ts';
import type { Person } from './people.ts';
import type { Tree } from './trees.ts';

type What = 'certificate' | 'key' | 'publicKey' | 'kubeconfig';

interface Place {
  readonly role: FileRole;
  readonly what: What;
}

/** Of every path of a profile's layout, such as `etc/kubernetes/pki/ca.crt`. */
function placesOf(profile: string): ReadonlyMap<string, Place> {
  const rows = LAYOUTS.find(({ name }) => name === profile)?.rows ?? [];
  return new Map(
    rows.flatMap((row) =>
      (['certificate', 'key', 'publicKey', 'kubeconfig'] as const).flatMap((what) => {
        const path = row[what];
        return path === undefined ? [] : [[path, { role: row.role, what }] as const];
      }),
    ),
  );
}

export class Places {
  readonly #profile: string;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #trees: ReadonlyMap<string, Tree>;

  constructor(profile: string, trees: readonly Tree[]) {
    this.#profile = profile;
    this.#places = placesOf(profile);
    this.#trees = new Map(trees.map((tree) => [tree.name, tree]));
  }

  /** What stands for `nodes/NODE/PATH`. */
  find(path: StatePath): SurveyedFile | undefined {
    const [, node = '', wanted = ''] = /^nodes\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const tree = this.#trees.get(node);
    if (!tree) return undefined;
    const named = tree.named(wanted, this.#profile);
    if (named) return named;
    const place = this.#places.get(wanted);
    const own = tree.layouts.some(({ layout }) => layout.name === this.#profile);
    return place && !own ? tree.file(place.role, place.what) : undefined;
  }

  certificate(item: Item): Certificate | undefined {
    if (item.kind === 'pair') return this.find(item.certificate.path)?.material.certificates[0]?.value;
    if (item.kind !== 'kubeconfig' || !('embed' in item.credentials)) return undefined;
    return this.find(item.file.path)?.material.certificates.find(
      ({ place }) => place === `user ${item.userName}`,
    )?.value;
  }
}

/** The files of the state: each as it was found, with its mode. */
export function placedFiles(
  cluster: Cluster,
  places: Places,
  authorities: ReadonlyMap<AuthorityId, FoundAuthority>,
  people: readonly Person[],
): FoundFile[] {
  const files = new Map<StatePath, FoundFile>();
  const put = (path: StatePath, file: SurveyedFile | undefined) => {
    if (file?.bytes) files.set(path, { path, mode: file.mode, bytes: file.bytes });
  };
  for (const item of cluster.items) {
    for (const { path } of filesOf(item)) put(path, places.find(path));
    if (item.kind === 'authority') {
      const found = authorities.get(item.authority);
      if (!found) continue;
      put(item.key.path, found.key);
      if (found.file) put(item.certificate.path, { ...found.file, mode: item.certificate.mode });
      else files.set(item.certificate.path, { ...item.certificate, bytes: pem(found.certificate) });
    } else if (item.kind === 'key-pair') {
      const [first] = cluster.spec.nodes.flatMap(({ name }) => places.find(`nodes/${name}/${SA}.key`) ?? []);
      const [second] = cluster.spec.nodes.flatMap(({ name }) => places.find(`nodes/${name}/${SA}.pub`) ?? []);
      put(item.privateKey.path, first);
      if (second) put(item.publicKey.path, { ...second, mode: Math.min(second.mode, item.publicKey.mode) });
      // A certificate of the key serves kube-apiserver as well (--service-account-key-file): here it is derived.
      const derived = second ? undefined : first?.material.keys.find((key) => key.private);
      if (derived) files.set(item.publicKey.path, { ...item.publicKey, bytes: publicPem(derived.value) });
    }
  }
  for (const person of people) placePerson(cluster, person, put);
  return [...files.values()];
}

const SA = 'etc/kubernetes/pki/sa';

function filesOf(item: Item): readonly { readonly path: StatePath }[] {
  if (item.kind === 'authority' || item.kind === 'pair') return [item.certificate, item.key];
  return item.kind === 'key-pair' ? [item.privateKey, item.publicKey] : [item.file];
}

function placePerson(
  { items }: Cluster,
  { name, certificate, key, kubeconfig, authority }: Person,
  put: (path: StatePath, file: SurveyedFile | undefined) => void,
): void {
  for (const item of items) {
    if (item.owner?.kind !== 'user' || item.owner.name !== name) continue;
    if (item.kind === 'pair') {
      put(item.certificate.path, certificate);
      put(item.key.path, key);
    } else if (item.kind === 'kubeconfig') put(item.file.path, kubeconfig);
    else if (item.kind === 'anchors') put(item.file.path, authority);
  }
}

function publicPem(key: PublicKey): Uint8Array {
  return utf8(writePublicKey(key));
}

function pem({ der }: Certificate): Uint8Array {
  return Buffer.from(writePem('CERTIFICATE', der));
}
