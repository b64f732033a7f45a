/**
 * From trees that somebody made to the `kubetls.yaml` that describes them, and the state to go with it: a plan
 * for it finds what is wrong, and nothing else.
 */
import { type Instant, KubetlsError } from '../base/index.ts';
import { type AuthorityId, type Cluster, describeCluster, parseSpec } from '../cluster/index.ts';
import type { FoundFile } from '../inventory/index.ts';
import type { Survey } from '../survey/index.ts';
import type { Certificate } from '../x509/index.ts';
import { asFound } from './as-found.ts';
import { type FoundAuthority, findAuthority } from './authorities.ts';
import { draftOf } from './draft.ts';
import { isEtcdPlain, mostCommon } from './evidence.ts';
import { peopleIn, peopleInKubeconfigs } from './people.ts';
import { placedFiles, Places } from './places.ts';
import { type SpecDraft, specText } from './spec-text.ts';
import { type Tree, treesOf } from './trees.ts';
import type { AdoptCode, Adopted, AdoptInput } from './types.ts';

/** Layouts whose files a profile makes, under these or other names. */
const PROFILES: Readonly<Record<string, SpecDraft['profile']>> = {
  kubeadm: 'kubeadm',
  minikube: 'kubeadm',
  flat: 'flat',
  'hard-way': 'flat',
  'hard-way-cfssl': 'flat',
};

/**
 * Nothing is read and nothing written: `files` of the result go into a store, `text` beside it. `at`, in milliseconds
 * since the epoch, is for what is left of embedded certificates, from which lifetimes are told.
 *
 * @throws KubetlsError with an AdoptCode, or a SpecError for a cluster that no file can describe
 */
export function adopt(survey: Survey, input: AdoptInput, at: Instant): Adopted {
  const trees = treesOf(survey, input);
  const profile = profileOf(trees);
  const authorities = authoritiesOf(trees, survey);
  const cluster = authorities.get('cluster');
  if (!cluster) throw noAuthority();
  const people = peopleIn(survey, trees, cluster.certificate);
  const known = { profile, trees, authorities, people, at };
  const base = draftOf(known, input);
  requireEtcd(base);
  const places = new Places(profile, trees);
  const draft = asFound(base, describe(specText(base)), places);
  const text = specText(draft);
  const described = describe(text);
  return {
    text,
    files: withKubelets(placedFiles(described, places, authorities, people), described, trees),
    nodes: trees.map(({ name, root, layouts: [first] }) => ({
      name,
      root,
      layout: first?.layout.title ?? '',
      base: first?.base ?? '',
    })),
    notes: [...notesOn(described, authorities), ...notesOnOthers(survey, trees, cluster.certificate)],
  };
}

function describe(text: string): Cluster {
  return describeCluster(parseSpec(text, 'kubetls.yaml'));
}

function profileOf(trees: readonly Tree[]): SpecDraft['profile'] {
  if (trees.length === 0) {
    throw new KubetlsError<AdoptCode>({
      code: 'adopt/nothing',
      message: 'in none of the trees a PKI was recognised',
      hint:
        "name the root of a node, a copy of it, or its PKI's directory, cp1=/backup/cp1; " +
        'kubetls inspect DIR shows all that is in one',
    });
  }
  const layouts = trees.flatMap((tree) => tree.layouts.map(({ layout }) => layout));
  const other = layouts.find(({ name }) => PROFILES[name] === undefined);
  if (other) {
    throw new KubetlsError<AdoptCode>({
      code: 'adopt/no-profile',
      message: `this is ${other.title}, whose files kubetls does not make yet`,
      hint: 'kubetls inspect DIR shows what it has',
    });
  }
  return (
    mostCommon(trees.map(({ layouts: [first] }) => PROFILES[first?.layout.name ?? ''] ?? 'flat')) ?? 'flat'
  );
}

function authoritiesOf(trees: readonly Tree[], survey: Survey): ReadonlyMap<AuthorityId, FoundAuthority> {
  const ids: readonly AuthorityId[] = ['cluster', 'etcd', 'front-proxy'];
  return new Map(
    ids.flatMap((id) => {
      const found = findAuthority(id, trees, survey);
      return found ? [[id, found] as const] : [];
    }),
  );
}

function noAuthority(): KubetlsError<AdoptCode> {
  return new KubetlsError({
    code: 'adopt/no-authority',
    message: "none of the trees has the certificate of the cluster's authority",
    hint: 'add the tree of a control plane, or the directory where the authority is kept',
  });
}

/** kubeadm runs a member beside each kube-apiserver unless it is told of others. */
function requireEtcd({ profile, nodes }: SpecDraft): void {
  if (profile === 'flat' || nodes.some(({ roles }) => roles.includes('etcd'))) return;
  throw new KubetlsError<AdoptCode>({
    code: 'adopt/no-etcd',
    message: 'none of the trees has the certificates of a member of etcd',
    hint: 'etcd stands elsewhere: add the trees of its members, etcd1=DIR etcd2=DIR',
  });
}

/** What kubelets see to themselves is no item of the plan, and yet what the edges are judged by. */
function withKubelets(files: readonly FoundFile[], { spec }: Cluster, trees: readonly Tree[]): FoundFile[] {
  const { serving, client } = spec.kubelets;
  const wanted = [
    ...(client === 'rotated' ? ['etc/kubernetes/kubelet.conf', `${KUBELET}/kubelet-client-current.pem`] : []),
    ...(serving === 'rotated' ? [`${KUBELET}/kubelet-server-current.pem`] : []),
  ];
  const own = trees.flatMap((tree) =>
    wanted.flatMap((path) => {
      const file = tree.named(path, 'kubeadm');
      return file?.bytes ? [{ path: `nodes/${tree.name}/${path}`, mode: file.mode, bytes: file.bytes }] : [];
    }),
  );
  return [...files, ...own];
}

const KUBELET = 'var/lib/kubelet/pki';

/** What the trees have and a kubetls.yaml does not say. */
function notesOnOthers(survey: Survey, trees: readonly Tree[], authority: Certificate): string[] {
  const plain =
    'kube-apiserver dials etcd without TLS: the plan makes certificates, its flags are yours to change';
  return [
    ...(isEtcdPlain(trees) ? [plain] : []),
    ...peopleInKubeconfigs(survey, trees, authority).map(
      ({ name, groups, place }) =>
        `${place} is of ${name}${groups.length === 0 ? '' : ` (${groups.join(', ')})`}: it stays as it is, ` +
        'and is not in the file; users: has those that kubetls issues',
    ),
  ];
}

function notesOn({ items }: Cluster, authorities: ReadonlyMap<AuthorityId, FoundAuthority>): string[] {
  const wanted = items.flatMap((item) => (item.kind === 'authority' ? [item.authority] : []));
  return wanted.flatMap((id) => {
    const found = authorities.get(id);
    if (!found) return [`the authority ${id} was not found: the plan makes one`];
    return [
      ...(found.key
        ? []
        : [`the key of the authority ${id} is not in these trees: nothing can be issued from it here`]),
      ...(found.rivals > 0
        ? [`nodes disagree on the authority ${id}: the one that most certificates come from was taken`]
        : []),
    ];
  });
}
