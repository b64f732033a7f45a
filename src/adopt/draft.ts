/** What the trees say of the cluster, before names and groups are compared with those of the profile. */
import { DAY, HOUR, type Instant, KubetlsError, MINUTE } from '../base/index.ts';
import type { AuthorityId } from '../cluster/index.ts';
import { type Certificate, KEY_ALGORITHMS } from '../x509/index.ts';
import { type FoundAuthority, isIssuedBy } from './authorities.ts';
import {
  addressesOf,
  configOf,
  dnsDomainOf,
  isControlPlane,
  isEtcdPlain,
  isMember,
  mostCommon,
  releaseOf,
  serverOf,
  serviceAddressesTold,
  serviceSubnetOf,
} from './evidence.ts';
import type { Person } from './people.ts';
import type { SpecDraft } from './spec-text.ts';
import type { Tree } from './trees.ts';
import type { AdoptCode, AdoptInput } from './types.ts';

export interface Known {
  readonly profile: SpecDraft['profile'];
  readonly trees: readonly Tree[];
  readonly authorities: ReadonlyMap<AuthorityId, FoundAuthority>;
  readonly people: readonly Person[];
  readonly at: Instant;
}

/** The releases that a kubetls.yaml may name. */
const RELEASES = { oldest: 31, newest: 37 } as const;

export function draftOf(known: Known, input: AdoptInput): SpecDraft {
  const { profile, trees, people } = known;
  const nodes = nodesOf(known, input);
  const addresses = new Set(nodes.map(({ address }) => address));
  const subnet = serviceSubnetOf(trees, addresses);
  const told = trees.some((tree) => tree.setting('kube-apiserver', 'service-cluster-ip-range') !== undefined);
  return {
    profile,
    name: clusterName(trees) ?? input.name,
    kubernetes: releaseFrom(releaseOf(trees)),
    endpoint: endpointOf(trees),
    dnsDomain: dnsDomainOf(trees) ?? 'cluster.local',
    serviceSubnet: {
      text: subnet ?? '10.96.0.0/12',
      because: told
        ? "kube-apiserver's --service-cluster-ip-range"
        : subnet === undefined
          ? 'nothing says which'
          : 'its first address is in the certificate of kube-apiserver; how wide it is, nothing says',
    },
    algorithm: algorithmOf(known),
    lifetimes: lifetimesOf(known),
    etcd: sharesAuthority(known) ? 'shared' : 'separate',
    clients: clientsOf(trees),
    kubelets: kubeletsOf(known),
    admins: adminsOf(trees),
    groups: {},
    nodes,
    sans: {},
    users: people.map(({ name, groups, id }) => ({ name, groups, ...(id !== undefined && { id }) })),
  };
}

function releaseFrom(minor: number | undefined): SpecDraft['kubernetes'] {
  const { oldest, newest } = RELEASES;
  if (minor === undefined)
    return { minor: newest, because: 'no manifest says which release the cluster runs' };
  const within = Math.min(Math.max(minor, oldest), newest);
  return {
    minor: within,
    because: within === minor ? "the tag of kube-apiserver's image" : `the cluster runs 1.${minor}`,
  };
}

function nodesOf({ profile, trees }: Known, { addresses }: AdoptInput): SpecDraft['nodes'] {
  // The Service kubernetes is in every certificate of kube-apiserver, and no node's.
  const taken = new Set([...addresses.values(), ...serviceAddressesTold(trees)]);
  const anyMember = trees.some(isMember);
  // super-admin.conf stands where kubeadm init ran: that node is the first.
  const first = (tree: Tree) => (tree.file('super-admin', 'kubeconfig') ? 0 : 1);
  return trees
    .toSorted((a, b) => first(a) - first(b))
    .map((tree) => {
      const address = addresses.get(tree.name) ?? addressesOf(tree, taken)[0];
      if (address === undefined) throw noAddress(tree.name);
      taken.add(address);
      const controlPlane = isControlPlane(tree);
      const member = isMember(tree) || (controlPlane && !anyMember && profile === 'flat');
      const roles = [...(controlPlane ? ['control-plane'] : []), ...(member ? ['etcd'] : [])];
      return { name: tree.name, roles: roles.length === 0 ? ['worker'] : roles, address };
    });
}

function noAddress(node: string): KubetlsError<AdoptCode> {
  return new KubetlsError({
    code: 'adopt/no-address',
    message: `no certificate, kubeconfig or manifest says the address of the node ${node}`,
    hint: `say it: --address ${node}=10.0.0.10`,
  });
}

function clusterName(trees: readonly Tree[]): string | undefined {
  const roles = ['admin', 'kube-controller-manager', 'kube-scheduler', 'kubelet-client'] as const;
  const names = roles.flatMap((role) =>
    trees.flatMap((tree) => configOf(tree, role)?.clusters.map(({ name }) => name) ?? []),
  );
  return mostCommon(names.filter((name) => name !== 'default-cluster' && CLUSTER_NAME.test(name)));
}

/** What `metadata.name` of a kubetls.yaml takes. */
const CLUSTER_NAME = /^[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;

/** Where administrators reach the API, else where nodes do. */
function endpointOf(trees: readonly Tree[]): string | undefined {
  const roles = ['admin', 'super-admin', 'kubelet-client', 'kube-proxy', 'kube-scheduler'] as const;
  for (const role of roles) {
    const servers = trees.flatMap((tree) => serverOf(configOf(tree, role)) ?? []);
    const server = mostCommon(servers, ({ host, port }) => `${host} ${port}`);
    if (server) return `${server.host.includes(':') ? `[${server.host}]` : server.host}:${server.port}`;
  }
  return undefined;
}

/** Leaves that stand in files of their own and are no kubelet's business. */
function pairsOf({ trees }: Known): Certificate[] {
  const roles = [
    'kube-apiserver',
    'apiserver-kubelet-client',
    'apiserver-etcd-client',
    'front-proxy-client',
    'etcd-server',
    'etcd-peer',
    'etcd-admin',
    'kube-scheduler',
    'kube-controller-manager',
    'kube-proxy',
  ] as const;
  return trees.flatMap((tree) => roles.flatMap((role) => tree.certificate(role) ?? []));
}

function algorithmOf(known: Known): string {
  const found = mostCommon(pairsOf(known).map(({ publicKey }) => publicKey.name));
  const usable: readonly string[] =
    known.profile === 'kubeadm'
      ? KEY_ALGORITHMS.filter((name) => !/p521|ed25519/.test(name))
      : KEY_ALGORITHMS;
  return found !== undefined && usable.includes(found) ? found : 'rsa-2048';
}

/** As long as the longest: a plan must not call shorter what somebody chose. */
function lifetimesOf(known: Known): SpecDraft['lifetimes'] {
  const lives = (certificates: readonly Certificate[]) =>
    Math.max(0, ...certificates.map(({ notBefore, notAfter }) => notAfter - notBefore));
  // Inside kubeconfigs kubeadm lets a certificate begin with its authority: there the rest counts.
  const rest = Math.max(0, ...embedded(known).map(({ notAfter }) => notAfter - known.at));
  const certificate = Math.max(lives(pairsOf(known)), rest) || 365 * DAY;
  const authority = lives([...known.authorities.values()].map((one) => one.certificate)) || 3650 * DAY;
  return {
    authority: durationText(Math.max(authority, certificate)),
    certificate: durationText(certificate),
  };
}

function embedded({ trees }: Known): Certificate[] {
  const roles = ['admin', 'super-admin', 'kube-controller-manager', 'kube-scheduler'] as const;
  return trees.flatMap((tree) =>
    roles.flatMap((role) =>
      (tree.file(role, 'kubeconfig')?.material.certificates ?? []).flatMap(({ value, place }) =>
        place?.startsWith('user ') ? [value] : [],
      ),
    ),
  );
}

/** Whole years, days, hours; what kubeadm and kubetls date back is left out. */
function durationText(ms: number): string {
  const days = Math.floor(ms / DAY);
  if (days >= 365 * 100) return '100y';
  if (days >= 365 && days % 365 === 0) return `${days / 365}y`;
  if (days >= 2) return `${days}d`;
  return ms >= 2 * HOUR ? `${Math.floor(ms / HOUR)}h` : `${Math.max(10, Math.floor(ms / MINUTE))}m`;
}

function sharesAuthority({ profile, trees, authorities }: Known): boolean {
  const cluster = authorities.get('cluster')?.certificate;
  const servers = trees.flatMap((tree) => tree.certificate('etcd-server') ?? []);
  if (profile === 'kubeadm' || !cluster || authorities.has('etcd')) return false;
  return servers.length > 0 && servers.every((server) => isIssuedBy(server, cluster));
}

function clientsOf(trees: readonly Tree[]): SpecDraft['clients'] {
  const has = (role: 'apiserver-etcd-client' | 'apiserver-kubelet-client' | 'kubelet-client') =>
    trees.some((tree) => tree.file(role, 'certificate') !== undefined);
  const apiservers = trees.some((tree) => tree.file('kube-apiserver', 'certificate') !== undefined);
  const kubelets = trees.some((tree) => tree.file('kubelet-server', 'certificate') !== undefined);
  const own = (found: boolean, reusable: boolean) => (found || !reusable ? 'own' : 'reuse-server');
  return {
    // What dials without TLS shows nothing: there is no habit to keep.
    'apiserver-etcd': own(has('apiserver-etcd-client') || isEtcdPlain(trees), apiservers),
    'apiserver-kubelet': own(has('apiserver-kubelet-client'), apiservers),
    'kubelet-apiserver': own(has('kubelet-client'), kubelets),
  };
}

/** Who sees to the kubelets' certificates: told by what stands on those nodes that run one. */
function kubeletsOf({ profile, trees, authorities }: Known): SpecDraft['kubelets'] {
  const cluster = authorities.get('cluster')?.certificate;
  const current = (kind: string) =>
    trees.some(({ files }) => files.some(({ path }) => path.endsWith(`kubelet-${kind}-current.pem`)));
  const issued = trees.some((tree) => {
    const certificate = tree.certificate('kubelet-server');
    return certificate && cluster && isIssuedBy(certificate, cluster);
  });
  const serving = current('server') ? 'rotated' : issued ? 'issued' : 'self-signed';
  if (profile === 'flat') {
    const any = trees.some((tree) => tree.file('kubelet-server', 'certificate'));
    return { serving: any ? 'issued' : serving, client: current('client') ? 'rotated' : 'issued' };
  }
  const kubelets = trees.filter((tree) => isControlPlane(tree) || !isMember(tree));
  const holdsPair = (tree: Tree) =>
    configOf(tree, 'kubelet-client')?.users.some(({ user }) => user.clientKeyData);
  return { serving, client: kubelets.every(holdsPair) ? 'issued' : 'rotated' };
}

function adminsOf(trees: readonly Tree[]): string[] {
  return (['admin', 'super-admin'] as const)
    .filter((role) => trees.some((tree) => tree.file(role, 'kubeconfig')))
    .map((role) => `kubernetes-${role}`);
}
