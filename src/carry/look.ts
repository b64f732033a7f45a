/** Looks at endpoints and edges with real handshakes. */
import type { Cluster, ComponentName, Endpoint } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { type ProbeRequest, probeMany, type ProbeResult } from '../probe/index.ts';
import { type EdgeProof, outOfSight, proofState, prove, type ProveInput } from '../prove/index.ts';
import { credentialOf, evaluate } from '../trust/index.ts';
import type { Look, Sight } from './types.ts';

export type LookInput = Omit<
  ProveInput,
  'edges' | 'allEdges' | 'inventory' | 'at' | 'onProgress' | 'strangers'
> & {
  readonly cluster: Cluster;
};

function get(path: string, accepts: readonly number[]): ProbeRequest {
  return { method: 'GET', path, headers: { Accept: '*/*' }, body: undefined, accepts };
}

/**
 * Where a component says that it is ready to work. kube-apiserver listens seconds before it is: only /readyz counts.
 * etcd's /health reads through its quorum (etcd server/etcdserver/api/etcdhttp/health.go).
 */
const HEALTH: Readonly<Record<ComponentName, ProbeRequest>> = {
  'kube-apiserver': get('/readyz', [200]),
  'aggregated-apiserver': get('/readyz', [200]),
  etcd: get('/health', [200]),
  kubelet: get('/healthz', [200]),
  'kube-controller-manager': get('/healthz', [200]),
  'kube-scheduler': get('/healthz', [200]),
  'kube-proxy': get('/healthz', [200]),
};

export function lookWith({ cluster, ...input }: LookInput): Look {
  const endpoints = new Map(cluster.endpoints.map((endpoint) => [endpoint.id, endpoint]));
  const edges = new Map(cluster.edges.map((edge) => [edge.id, edge]));
  return async (wanted, world) => {
    const asked = wanted.healthy.map((id) => endpoints.get(id)).filter((one) => one !== undefined);
    const dialled = wanted.edges.map((id) => edges.get(id)).filter((one) => one !== undefined);
    const health = await healthOf(asked, cluster, world, input);
    if (dialled.length === 0) return health;
    // Every refusal is a line of alarm in a log, at every look: `prove` asks for them when all is done.
    const report = await prove({
      ...input,
      edges: dialled,
      allEdges: cluster.edges,
      inventory: world,
      strangers: false,
    });
    return [...health, ...report.edges.map((proof) => sightOf(proof, input))];
  };
}

function sightOf(proof: EdgeProof, input: Omit<LookInput, 'cluster'>): Sight {
  const { edge, observed, predicted, unknown } = proof;
  const state = proofState(proof);
  if (state === 'ok') return { id: edge.id, state, why: '' };
  if (state === 'unknown') {
    const hidden = hiddenFrom(edge.endpoint, input);
    return { id: edge.id, state: hidden === undefined ? 'unseen' : 'hidden', why: hidden ?? unknown ?? '' };
  }
  const stale = observed?.stale ? 'it still presents what its file no longer holds' : undefined;
  return { id: edge.id, state, why: observed?.error ?? stale ?? predicted.error ?? 'not as predicted' };
}

async function healthOf(
  endpoints: readonly Endpoint[],
  cluster: Cluster,
  world: Inventory,
  input: Omit<LookInput, 'cluster'>,
): Promise<Sight[]> {
  const visible = endpoints.filter((endpoint) => hiddenFrom(endpoint, input) === undefined);
  const results = await probeMany(
    visible.map((endpoint) => ({
      target: {
        ...addressOf(endpoint, input),
        serverName: endpoint.address.host,
        request: HEALTH[endpoint.component],
      },
      credential: credentialFor(endpoint, cluster, world, input),
      options: { timeout: input.timeout, resultOnly: true },
    })),
    { concurrency: input.concurrency, ...(input.signal && { signal: input.signal }) },
  );
  const seen = new Map(visible.map((endpoint, i) => [endpoint, results[i]]));
  return endpoints.map((endpoint) => {
    const why = hiddenFrom(endpoint, input);
    return why === undefined
      ? healthSight(endpoint, seen.get(endpoint))
      : { id: endpoint.id, state: 'hidden', why };
  });
}

function healthSight({ id, component }: Endpoint, answer: ProbeResult | undefined): Sight {
  const result = answer?.result;
  if (result?.kind === 'accepted') return { id, state: 'ok', why: '' };
  // Whom a kubelet lets ask is for RBAC to say: it works, since it answers.
  if (result?.kind === 'denied' && component !== 'kube-apiserver') return { id, state: 'ok', why: '' };
  const path = HEALTH[component].path;
  return { id, state: 'unseen', why: `${path}: ${result && 'text' in result ? result.text : 'no answer'}` };
}

/** Any that it takes: of a node that is not reached what is known here may have ended. */
function credentialFor(
  { id }: Endpoint,
  { edges }: Cluster,
  world: Inventory,
  { clock, rules }: Omit<LookInput, 'cluster'>,
) {
  const into = edges.filter((edge) => edge.endpoint.id === id && edge.as === 'client');
  for (const edge of into) {
    const credential = credentialOf(edge, world, rules);
    if (credential?.kind === 'material' && evaluate(edge, world, clock.now(), { rules }).client.ok)
      return credential;
  }
  return undefined;
}

function addressOf(endpoint: Endpoint, input: Omit<LookInput, 'cluster'>): Endpoint['address'] {
  return input.addressOf(endpoint) ?? endpoint.address;
}

function hiddenFrom(endpoint: Endpoint, input: Omit<LookInput, 'cluster'>): string | undefined {
  const address = input.addressOf(endpoint);
  if (!address) return 'there is no address to dial it at';
  return input.vantage && outOfSight(endpoint, address, input.vantage);
}
