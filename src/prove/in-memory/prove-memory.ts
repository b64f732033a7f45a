/** Process against disk: what the running programs hold in memory, held against what their files hold now. */
import { type Clock, grouped } from '../../base/index.ts';
import type { Cluster, Edge, Endpoint } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import {
  type Held,
  type Holding,
  holdingsOf,
  judgeHeld,
  type Sight,
  type SocketSight,
} from '../../trust/index.ts';
import type { GoRules } from '../../verify/index.ts';
import type { Dialling } from '../task.ts';
import { askAtHome } from './at-home.ts';
import { keysIn, leaderIn, processIn, read, rootsIn } from './answers.ts';
import { type Disk, lookAtDisks } from './disks.ts';
import { askAll, KEYS, LEASE, METRICS, type Question, ROOT_CA } from './questions.ts';

export interface MemoryInput {
  readonly cluster: Cluster;
  /** By node, as far as they are in sight. Nothing is written there, and no key is read. */
  readonly disks: ReadonlyMap<string, Disk>;
  readonly onDisks?: (done: number, of: number) => void;
  readonly onAnswers?: (done: number, of: number) => void;
}

interface Around extends Dialling {
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly rules?: GoRules | undefined;
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

/** Of the programs at both ends of these edges. */
export async function proveMemory(
  { cluster, disks, onDisks, onAnswers }: MemoryInput,
  edges: readonly Edge[],
  sockets: ReadonlyMap<string, SocketSight>,
  around: Around,
): Promise<Held[]> {
  const places = placesOf(edges);
  const holdings = holdingsOf(cluster).filter((holding) => places.has(placeOf(holding)));
  const { inventory, signal, rules, clock } = around;
  const byNode = grouped(holdings, ({ node }) => node);
  const disk = await lookAtDisks(byNode, { disks, inventory, signal, onProgress: onDisks });
  const questions = questionsOf(holdings, cluster, disk.unseenDisks);
  const asked = [...questions];
  const atHome = await askAtHome(holdings, { cluster, disks, signal, unseenDisks: disk.unseenDisks });
  const answers = await askAll(
    asked.map(([, question]) => question),
    { ...around, edges: cluster.edges, onProgress: onAnswers },
  );
  const answered = new Map(asked.map(([name], i) => [name, answers[i]]));
  const sights = {
    ...disk,
    now: clock.now(),
    rules,
    sockets,
    processes: new Map([...atHome, ...sightsOf(answered, 'start ', processIn)]),
    keys: sightsOf(answered, 'keys ', keysIn),
    published: read(answered.get('published'), rootsIn),
    leader: read(answered.get('leader'), leaderIn),
    controllerManagers: cluster.endpoints.filter(isControllerManager).map(({ node }) => node),
  };
  return holdings.map((holding) => judgeHeld(holding, sights));
}

const placeOf = ({ component, node }: Pick<Endpoint, 'component' | 'node'>): string => `${component}@${node}`;
const isControllerManager = ({ component }: Pick<Endpoint, 'component'>): boolean =>
  component === 'kube-controller-manager';

function placesOf(edges: readonly Edge[]): Set<string> {
  return new Set(edges.flatMap(({ client, endpoint }) => [client.name, placeOf(endpoint)]));
}

/** By a name of our own. Where no file is in sight, nobody is asked when he started. */
function questionsOf(
  holdings: readonly Holding[],
  { endpoints }: Cluster,
  unseenDisks: ReadonlyMap<string, string>,
): Map<string, Question> {
  const byPlace = new Map(endpoints.filter(({ port }) => port !== 'peer').map((one) => [placeOf(one), one]));
  const apiservers = endpoints.filter(({ component }) => component === 'kube-apiserver');
  const questions = new Map<string, Question>();
  for (const holding of holdings) {
    const place = placeOf(holding);
    const endpoint = byPlace.get(place);
    if (!endpoint) continue;
    if (!unseenDisks.has(holding.node)) {
      questions.set(`start ${place}`, { endpoints: [endpoint], request: METRICS });
    }
    if (holding.told) questions.set(`keys ${endpoint.id}`, { endpoints: [endpoint], request: KEYS });
    if (holding.role === 'published-anchors') {
      questions.set('published', { endpoints: apiservers, request: ROOT_CA });
      questions.set('leader', { endpoints: apiservers, request: LEASE });
    }
  }
  return questions;
}

function sightsOf<T>(
  answered: ReadonlyMap<string, Sight<string> | undefined>,
  prefix: string,
  reader: (body: string) => Sight<T>,
): Map<string, Sight<T>> {
  return new Map(
    [...answered].flatMap(([name, answer]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), read(answer, reader)] as const] : [],
    ),
  );
}
