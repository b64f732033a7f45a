/** Who one could become with a private key: by the certificates that it has, and by those that it could sign. */
import type { Edge, StatePath } from '../../cluster/index.ts';
import { withClusterPaths } from '../../kubeconfig/index.ts';
import { evaluate, type EvaluateOptions, inState, machineOf, nodeAddresses } from '../../trust/index.ts';
import { goRules } from '../../verify/index.ts';
import { commonName, fingerprint, organizations, type PublicKey } from '../../x509/index.ts';
import { mayBe } from '../checks/words.ts';
import type { Held, Place, View } from '../view/types.ts';

export interface Compromised {
  readonly key: PublicKey;
  readonly spkiSha256: string;
  /** Files that hold the private key. */
  readonly places: readonly StatePath[];
  readonly identities: readonly Identity[];
  /** Certificates that it could sign, by each authority that it is the key of. */
  readonly authorities: readonly Authority[];
  /** It signs service accounts' tokens. */
  readonly tokens: boolean;
}

/** What one of its certificates makes of whoever has the key. */
export interface Identity {
  readonly held: Held;
  readonly ended: boolean;
  readonly user: string | undefined;
  readonly groups: readonly string[];
  /** What the user may do, where Kubernetes itself says so. */
  readonly power: string | undefined;
  /** Endpoints that let it in as a client. */
  readonly enters: readonly string[];
  /** Edges whose client would take it for the server that it dials. */
  readonly deceives: readonly Edge[];
}

export interface Authority {
  readonly held: Held;
  /** Endpoints that believe it of clients: there one could be any user, in any group. */
  readonly enters: readonly string[];
  /** Endpoints that believe it of the front proxy: there one could speak for anybody. */
  readonly speaksAt: readonly string[];
  /** Clients that believe it of servers: to them one could be any server. */
  readonly deceives: readonly string[];
}

const TOKENS = /(?:^|\/)(?:sa|service-account(?:-key)?)\.(?:key|pem)$/;

/** What kube-apiserver's own code and RBAC's default roles say (rbac/bootstrappolicy/policy.go). */
const POWERS: readonly (readonly [
  is: (user: string, groups: readonly string[]) => boolean,
  power: string,
])[] = [
  [(_, groups) => groups.includes('system:masters'), 'everything, whatever RBAC says'],
  [
    (_, groups) => groups.includes('kubeadm:cluster-admins'),
    'everything, as long as kubeadm:cluster-admins is bound',
  ],
  [
    (user) => user === 'system:kube-controller-manager',
    'tokens of every controller, and through them nearly everything',
  ],
  [(user) => user === 'system:kube-scheduler', 'puts pods on any node'],
  [(_, groups) => groups.includes('system:nodes'), "its node's pods, with their secrets and tokens"],
  [(user) => user === 'kube-apiserver-kubelet-client', 'runs commands in every pod, through the kubelets'],
  [(user) => user === 'system:kube-proxy', 'reads Services and where they lead'],
];

export function whoCouldBecome(view: View, key: string): Compromised | undefined {
  const held = view.byKey.get(key) ?? [];
  const file = view.keys.get(key);
  const publicKey = file?.publicKey ?? held[0]?.certificate.publicKey;
  if (!publicKey) return undefined;
  const places = file?.places ?? [];
  return {
    key: publicKey,
    spkiSha256: fingerprint(publicKey.spki),
    places,
    identities: held.filter(({ isAuthority }) => !isAuthority).map((one) => identityOf(view, one)),
    authorities: held.filter(({ isAuthority }) => isAuthority).map((one) => authorityOf(view, one)),
    tokens: places.some((path) => TOKENS.test(path)),
  };
}

function identityOf(view: View, held: Held): Identity {
  const { certificate } = held;
  const client = mayBe(certificate, 'clientAuth');
  const user = client ? commonName(certificate.subject) || undefined : undefined;
  const groups = client ? organizations(certificate.subject) : [];
  const power = user === undefined ? undefined : POWERS.find(([is]) => is(user, groups))?.[1];
  const ended = certificate.notAfter < view.at;
  return { held, ended, user, groups, power, ...reachOf(view, held) };
}

/** Each edge is asked as if the one side showed this certificate. */
function reachOf(view: View, { places }: Held): Pick<Identity, 'enters' | 'deceives'> {
  const [place] = places.filter(({ as }) => as === 'first' || as === 'client');
  if (!view.cluster || !place) return { enters: [], deceives: [] };
  const { edges, spec } = view.cluster;
  const { inventory, at } = view;
  const options: EvaluateOptions = { rules: goRules(spec.kubernetes.minor), addresses: nodeAddresses(edges) };
  const { path } = place;
  const shows = shownAs(place);
  const enters = edges.filter((edge) => {
    if (edge.presents.kind === 'none') return false;
    return evaluate({ ...edge, presents: shows }, inventory, at, options).client.ok;
  });
  const deceives = edges.filter((edge) => {
    if (place.as !== 'first' || edge.trusts.kind === 'skipped') return false;
    const serves = { certificate: path, key: keyBeside(view, path) };
    return evaluate({ ...edge, endpoint: { ...edge.endpoint, serves } }, inventory, at, options).server.ok;
  });
  return { enters: once(enters.map(({ endpoint }) => endpoint.id)), deceives };

  function shownAs({ as }: Place): Edge['presents'] {
    return as === 'client'
      ? { kind: 'kubeconfig', file: path }
      : { kind: 'pair', certificate: path, key: keyBeside(view, path) };
  }
}

/** Where its key stands: beside it, or in it. */
function keyBeside(view: View, path: StatePath): StatePath {
  const beside = path.replace(/\.(?:crt|pem)$/, '.key');
  return view.inventory.get(beside) ? beside : path;
}

/** Who is trusted is read off the files: nothing is signed here. */
function authorityOf({ cluster, inventory, byKey }: View, held: Held): Authority {
  const files = new Set((byKey.get(held.key) ?? []).flatMap(({ places }) => places.map(({ path }) => path)));
  const { edges = [] } = cluster ?? {};
  const believes = (paths: readonly StatePath[]) => paths.some((path) => files.has(path));
  const endpoints = edges.map(({ endpoint }) => endpoint);
  const trusts = (edge: Edge) =>
    edge.trusts.kind === 'anchors'
      ? files.has(edge.trusts.file)
      : edge.trusts.kind === 'kubeconfig' &&
        (files.has(edge.trusts.file) || believes(anchorsNamed(edge, inventory)));
  return {
    held,
    enters: once(endpoints.filter(({ clients }) => believes(clients.anchors)).map(({ id }) => id)),
    speaksAt: once(
      endpoints
        .filter(({ clients }) => clients.frontProxy && files.has(clients.frontProxy.anchors))
        .map(({ id }) => id),
    ),
    deceives: once(edges.filter(trusts).map(({ client }) => client.name)),
  };
}

/** Files of authorities that a client's kubeconfig names. */
function anchorsNamed({ trusts }: Edge, inventory: View['inventory']): readonly StatePath[] {
  const entry = trusts.kind === 'kubeconfig' ? inventory.get(trusts.file) : undefined;
  if (entry?.content.kind !== 'kubeconfig') return [];
  const machine = machineOf(entry.path);
  return entry.content.config.clusters.flatMap(({ cluster }) => {
    const { certificateAuthority } = withClusterPaths(cluster, machine.directory);
    return (certificateAuthority && inState(certificateAuthority, machine)) ?? [];
  });
}

function once<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
