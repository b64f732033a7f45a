import type { Instant } from '../base/index.ts';
import type { Cluster, Edge, Endpoint } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { clientAnchors, clientSide, loadPairFiles, type Verdict } from '../trust/index.ts';
import { type Certificate, fingerprint } from '../x509/index.ts';
import { goRules, newestRules, type Pool, signatureRefusalBy } from '../verify/index.ts';
import { certificateNode, findCertificates } from './certificates.ts';
import { partyStates } from './states.ts';
import type { ClientNode, DialLink, EndpointNode, PlainLink, TrustGraph } from './types.ts';

export interface GraphInput {
  /** Absent: as the cluster is called. */
  readonly name?: string;
  /** Undefined where nobody knows who dials whom: certificates and who signed them are drawn then. */
  readonly cluster: Cluster | undefined;
  /** Absent: the `kubetls.yaml`. */
  readonly edgesFrom?: TrustGraph['edgesFrom'];
  readonly inventory: Inventory;
  /** By the edge's id; an edge that is not in it is unknown. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  readonly at: Instant;
}

/** Everything that the inventory and the edges say, nothing folded. In the order of the inventory and the edges. */
export function trustGraph(input: GraphInput): TrustGraph {
  const { name, cluster, inventory, verdicts, at, edgesFrom = 'kubetls.yaml' } = input;
  const { edges, endpoints } = cluster ?? { edges: [], endpoints: [] };
  const parties = new Parties();
  for (const endpoint of endpoints) addEndpoint(parties, endpoint, inventory);
  const dialled = edges.map((edge) => addDial(parties, edge, inventory, verdicts.get(edge.id)));
  const found = findCertificates(
    inventory,
    at,
    parties.certificates(),
    signatureRefusalBy(cluster ? goRules(cluster.spec.kubernetes.minor) : newestRules),
  );
  const idOf = (certificate: Certificate) =>
    found.idOf(certificate) ?? `certificate:${fingerprint(certificate.der)}`;
  const dials = dialled.map(({ leaf, ...dial }) => ({ ...dial, presents: leaf && idOf(leaf) }));
  const uses = parties.uses(idOf);
  const leaves = found.leaves.map((leaf) =>
    certificateNode(leaf.found, [...(uses.get(leaf.id) ?? [])].sort(), at),
  );
  return {
    name: name ?? cluster?.spec.name ?? '',
    at,
    edgesFrom: cluster ? edgesFrom : undefined,
    nodes: [...found.authorities, ...leaves, ...parties.nodes(dials)],
    links: [...found.signs, ...parties.links(idOf), ...dials],
  };
}

/** A socket or a client: what it presents and whom it trusts, as its files say. */
interface Party {
  node: Omit<ClientNode, 'state'> | Omit<EndpointNode, 'state'>;
  readonly presents: Set<Certificate>;
  readonly trusts: Set<Pool>;
}

class Parties {
  readonly #all = new Map<string, Party>();

  /** The first to come names it; what it presents and trusts is gathered from all. */
  add(node: Party['node'], presents: Certificate | undefined, trusts: readonly Pool[]): void {
    let party = this.#all.get(node.id);
    if (!party) this.#all.set(node.id, (party = { node, presents: new Set(), trusts: new Set() }));
    if (party.node.problem === undefined) party.node = { ...party.node, problem: node.problem };
    if (presents) party.presents.add(presents);
    for (const pool of trusts) party.trusts.add(pool);
  }

  certificates(): { readonly seen: readonly Certificate[]; readonly anchors: readonly Certificate[] } {
    const all = [...this.#all.values()];
    const pools = new Set(all.flatMap(({ trusts }) => [...trusts]));
    return {
      seen: all.flatMap(({ presents }) => [...presents]),
      anchors: [...pools].flatMap(({ certificates }) => certificates),
    };
  }

  /** `kubelet server`, by the id of the certificate. */
  uses(idOf: (certificate: Certificate) => string): Map<string, Set<string>> {
    const uses = new Map<string, Set<string>>();
    for (const { node, presents } of this.#all.values()) {
      const use = `${node.role} ${node.kind === 'endpoint' ? 'server' : 'client'}`;
      for (const certificate of presents) {
        const id = idOf(certificate);
        uses.set(id, (uses.get(id) ?? new Set()).add(use));
      }
    }
    return uses;
  }

  links(idOf: (certificate: Certificate) => string): PlainLink[] {
    const ofPool = new Map<Pool, readonly string[]>();
    const authoritiesOf = (pool: Pool) => {
      const known = ofPool.get(pool) ?? pool.certificates.map(idOf);
      ofPool.set(pool, known);
      return known;
    };
    return [...this.#all.values()].flatMap(({ node: { id: from }, presents, trusts }) => [
      ...new Map(
        [...presents].map((one) => [idOf(one), { kind: 'presents', from, to: idOf(one) } as const]),
      ).values(),
      ...Array.from(
        new Set([...trusts].flatMap(authoritiesOf)),
        (to) => ({ kind: 'trusts', from, to }) as const,
      ),
    ]);
  }

  nodes(dials: readonly DialLink[]): (ClientNode | EndpointNode)[] {
    const states = partyStates(dials);
    return Array.from(this.#all.values(), ({ node }) => {
      const state = states.get(node.id);
      if (state) return { ...node, state };
      return { ...node, state: 'unknown', problem: node.problem ?? 'no edge leads here' };
    });
  }
}

function addEndpoint(parties: Parties, endpoint: Endpoint, inventory: Inventory): void {
  const { id, node, address, serves, clients } = endpoint;
  const pair = serves === 'self-signed' ? serves : loadPairFiles(serves.certificate, serves.key, inventory);
  const anchors = [
    clientAnchors(endpoint, inventory),
    ...(clients.frontProxy ? [clientAnchors(endpoint, inventory, 'front-proxy')] : []),
  ];
  const broken = [pair, ...anchors].find((one) => typeof one !== 'string' && one.kind === 'broken');
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  parties.add(
    {
      kind: 'endpoint',
      id: `endpoint:${id}`,
      role: id.endsWith(`@${node}`) ? id.slice(0, -node.length - 1) : endpoint.component,
      name: id,
      problem: typeof broken === 'object' && 'error' in broken ? broken.error : undefined,
      node,
      selfSigned: pair === 'self-signed',
      address: `${host}:${address.port}`,
    },
    typeof pair === 'object' && pair.kind === 'pair' ? pair.chain.leaf : undefined,
    anchors.flatMap((one) => (one.kind === 'anchors' ? one.pool : [])),
  );
}

type Dialled = Omit<DialLink, 'presents'> & { readonly leaf: Certificate | undefined };

function addDial(parties: Parties, edge: Edge, inventory: Inventory, verdict: Verdict | undefined): Dialled {
  const { name, node, component } = edge.client;
  const { presents, trusts, name: dialled } = clientSide(edge, inventory);
  const problem = [presents, trusts].find((side) => side.kind === 'broken')?.error;
  const client = {
    kind: 'client',
    id: `client:${name}`,
    role: roleOf(name, component, node),
    name,
    problem,
    node,
  } as const;
  const leaf = presents.kind === 'pair' ? presents.chain.leaf : undefined;
  parties.add(client, leaf, trusts.kind === 'anchors' ? [trusts.pool] : []);
  return {
    kind: 'dials',
    leaf,
    from: client.id,
    to: `endpoint:${edge.endpoint.id}`,
    edge: edge.id,
    name: dialled,
    state: verdict ? (verdict.ok ? 'ok' : 'refused') : 'unknown',
    error: verdict?.error,
    unverified: [
      ...(trusts.kind === 'skipped' ? (['server'] as const) : []),
      ...(presents.kind === 'nothing' ? (['client'] as const) : []),
    ],
    notes: verdict?.notes ?? [],
  };
}

/** People are one role; of a program the name on its node, such as `liveness`. */
function roleOf(name: string, component: Edge['client']['component'], node: string | undefined): string {
  if (component === 'user') return 'user';
  return node !== undefined && name.endsWith(`@${node}`) ? name.slice(0, -node.length - 1) : component;
}
