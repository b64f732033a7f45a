/** Who one could become with a private key: by the certificates that it has, and by those that it could sign. */
import { Secret, utf8 } from '../../base/index.ts';
import type { Edge, StatePath } from '../../cluster/index.ts';
import type { FileChange } from '../../inventory/index.ts';
import { withClusterPaths } from '../../kubeconfig/index.ts';
import { evaluate, type EvaluateOptions, inState, machineOf, nodeAddresses } from '../../trust/index.ts';
import { goRules } from '../../verify/index.ts';
import { commonName, fingerprint, organizations, type PublicKey } from '../../x509/index.ts';
import { mayBe } from '../checks/words.ts';
import { placeId } from '../view/place-id.ts';
import type { Held, View } from '../view/types.ts';

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

/**
 * Each edge is asked as if the one side showed this certificate. Whoever has the key has it in the clear: how it
 * is kept where it was found, encrypted, in a keystore or not at all, is nothing to them.
 */
function reachOf(view: View, held: Held): Pick<Identity, 'enters' | 'deceives'> {
  if (!view.cluster) return { enters: [], deceives: [] };
  const { edges, spec } = view.cluster;
  const options: EvaluateOptions = { rules: goRules(spec.kubernetes.minor), addresses: nodeAddresses(edges) };
  const inventory = view.inventory.withFiles(stolen(view, held));
  const enters = edges.filter((edge) => {
    if (edge.presents.kind === 'none') return false;
    return evaluate({ ...edge, presents: { kind: 'pair', ...STOLEN } }, inventory, view.at, options).client
      .ok;
  });
  const deceives = edges.filter((edge) => {
    if (edge.trusts.kind === 'skipped') return false;
    const endpoint = { ...edge.endpoint, serves: STOLEN };
    return evaluate({ ...edge, endpoint }, inventory, view.at, options).server.ok;
  });
  return { enters: once(enters.map(({ endpoint }) => endpoint.id)), deceives };
}

/** Where no store can hold a file. */
const STOLEN = { certificate: 'stolen/pair.crt', key: 'stolen/pair.key' };

/** The certificate, with those that follow it where it stands first, and its key, of which only the public half counts. */
function stolen(view: View, { certificate, places }: Held): FileChange[] {
  const place = places.find(({ as }) => as === 'first' || as === 'client');
  const beside = place ? view.inFile(placeId(place.path, place.inside)) : [];
  const further = beside.filter(
    (one) =>
      place &&
      one.places.some(
        ({ path, inside, as }) => as === 'further' && path === place.path && inside === place.inside,
      ),
  );
  const certificates = [certificate, ...further.map((one) => one.certificate)];
  const key = { publicKey: certificate.publicKey, pkcs8: new Secret(new Uint8Array()) };
  return [
    {
      path: STOLEN.certificate,
      mode: 0o600,
      bytes: new Uint8Array(),
      content: { kind: 'certificates', certificates, problems: [] },
    },
    { path: STOLEN.key, mode: 0o600, bytes: ONE_BLOCK, content: { kind: 'private-key', key } },
  ];
}

/** What counts the blocks of a key finds one. */
const ONE_BLOCK = utf8('-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n');

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
