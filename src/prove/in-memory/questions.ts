/** What is asked of running programs beside handshakes, over the connections that the cluster's clients make. */
import { grouped } from '../../base/index.ts';
import type { Edge, Endpoint } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { probeMany, type ProbeRequest, type ProbeResult, type ProbeTask } from '../../probe/index.ts';
import { credentialOf, type Material, type Sight } from '../../trust/index.ts';
import { organizations } from '../../x509/index.ts';
import { type Dialling, taskFor } from '../task.ts';

export interface Question {
  /** Any of these knows. */
  readonly endpoints: readonly Endpoint[];
  readonly request: ProbeRequest;
}

function get(path: string, keep: NonNullable<ProbeRequest['keep']>): ProbeRequest {
  // A key set is of a type of its own (application/jwk-set+json).
  return { method: 'GET', path, headers: { Accept: '*/*' }, body: undefined, accepts: [200], keep };
}

/** client_golang's process collector; component-base/metrics/prometheus/restclient. */
export const METRICS = get('/metrics', [
  'process_start_time_seconds ',
  'rest_client_transport_ca_reload_total{',
]);
/** kubernetes/pkg/routes/openidmetadata.go */
export const KEYS = get('/openid/v1/jwks', 'all');
/** One namespace tells of all: the publisher gives each the same. */
export const ROOT_CA = get('/api/v1/namespaces/kube-system/configmaps/kube-root-ca.crt', 'all');
export const LEASE = get(
  '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager',
  'all',
);

export interface AskInput extends Dialling {
  /** All of the cluster: who may ask. */
  readonly edges: readonly Edge[];
  readonly inventory: Inventory;
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** The body of each answer. Who is refused leaves it to the next: what rights are bound to, no certificate says. */
export async function askAll(questions: readonly Question[], input: AskInput): Promise<Sight<string>[]> {
  const clients = clientsOf(input);
  const askers = questions.map((question) => tasksFor(question, clients, input));
  const answers = askers.map(({ unknown }): Sight<string> => ({ why: unknown }));
  let done = 0;
  for (let attempt = 0; attempt < MOST_ASKERS; attempt++) {
    const open = answers.flatMap((answer, i) => {
      const task = askers[i]?.tasks[attempt];
      return 'why' in answer && task ? [{ i, task }] : [];
    });
    const results = await probeMany(
      open.map(({ task }) => task),
      {
        concurrency: input.concurrency,
        ...(input.signal && { signal: input.signal }),
        onResult: () => input.onProgress?.(++done, Math.max(done, questions.length)),
      },
    );
    for (const [at, { i, task }] of open.entries()) answers[i] = sightOf(task, results[at]);
  }
  return answers;
}

function sightOf({ target }: ProbeTask, result: ProbeResult | undefined): Sight<string> {
  if (result?.body !== undefined) return { value: result.body };
  const why = result && 'text' in result.result ? result.result.text : 'no answer';
  return { why: `GET ${target.request.path}: ${why}` };
}

const MOST_ASKERS = 3;

interface Asker {
  readonly serverName: string;
  readonly credential: Material;
}

/** By endpoint: each credential once, those with the most rights first. */
type Clients = (endpoint: Endpoint) => readonly Asker[];

function clientsOf({ edges, inventory }: AskInput): Clients {
  const clients = edges.filter(({ as }) => as === 'client');
  const to = grouped(clients, ({ endpoint }) => endpoint.id);
  const people = clients.filter(isPerson);
  const known = new Map<string, Asker[]>();
  return (endpoint) => {
    const { id, component } = endpoint;
    // Whom kube-apiserver knows, the others know too: they take its authorities, and ask it for everybody's rights.
    const others = component === 'etcd' || component === 'kubelet' ? [] : people;
    const found = known.get(id) ?? ranked([...(to.get(id) ?? []), ...others], endpoint, inventory);
    known.set(id, found);
    return found;
  };
}

const isPerson = ({ client, endpoint }: Edge): boolean =>
  client.component === 'user' && endpoint.component === 'kube-apiserver';

function ranked(edges: readonly Edge[], { id, address }: Endpoint, inventory: Inventory): Asker[] {
  const seen = new Set<Material>();
  const askers = edges.flatMap((edge) => {
    const credential = credentialOf(edge, inventory);
    if (credential?.kind !== 'material' || seen.has(credential)) return [];
    seen.add(credential);
    const serverName = edge.endpoint.id === id ? edge.name : address.host;
    return [{ serverName, credential, rank: rankOf(edge, credential) }];
  });
  return askers.sort((a, b) => a.rank - b.rank).slice(0, MOST_ASKERS);
}

/** This group may do everything (RBAC bypasses it); of the others persons most, and kube-apiserver at kubelets and etcd. */
const MASTERS = 'system:masters';
const RANKS: readonly Edge['client']['component'][] = ['user', 'kube-apiserver', 'healthcheck'];

function rankOf({ client }: Edge, { leaf }: Material): number {
  if (organizations(leaf.subject).includes(MASTERS)) return -1;
  const rank = RANKS.indexOf(client.component);
  return rank < 0 ? RANKS.length : rank;
}

interface Tasks {
  readonly tasks: readonly ProbeTask[];
  /** Why there are none. */
  readonly unknown: string;
}

function tasksFor({ endpoints, request }: Question, clients: Clients, input: AskInput): Tasks {
  const made = endpoints.flatMap((endpoint) =>
    clients(endpoint).map(({ serverName, credential }) =>
      taskFor({ endpoint, serverName, request, credential, wanted: 'result' }, input),
    ),
  );
  const tasks = made.flatMap(({ task }) => task ?? []).slice(0, MOST_ASKERS);
  const [hidden] = made.flatMap(({ unknown }) => unknown ?? []);
  return { tasks, unknown: hidden ?? 'no client of the cluster has a certificate to ask it with' };
}
