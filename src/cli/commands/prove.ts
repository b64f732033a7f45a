import { hostname, networkInterfaces } from 'node:os';
import { systemKeys, systemRandom } from '../../apply/index.ts';
import { type Clock, SECOND } from '../../base/index.ts';
import type { Cluster, Edge, Endpoint } from '../../cluster/index.ts';
import { goRules } from '../../verify/index.ts';
import {
  type ProofReport,
  prove,
  type ProveInput,
  reportState,
  type Vantage,
  vantageFrom,
} from '../../prove/index.ts';
import type { CommandOptions } from '../command.ts';
import { type Context, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { printProof, proofJson } from '../proof-view.ts';
import { type Disks, disksOfNodes, disksOfTwin } from '../prove/disks.ts';
import { openSession } from '../session.ts';
import { startTwinFor } from '../twin.ts';

const DEFAULT_TIMEOUT_SECONDS = 5;
const DEFAULT_CONCURRENCY = 32;

export async function run(
  context: Context,
  _words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console } = context;
  const withTwin = options['twin'] === true;
  if (context.elsewhen && !withTwin) {
    throw usage(
      '--at needs --twin here: what really runs looks at its own clock',
      'with a twin, both sides look at the clock of that instant',
    );
  }
  const clock: Clock = context.elsewhen ? { now: () => context.at } : context.clock;
  const session = await openSession(context);
  const { cluster, inventory } = session;
  const edges = selected(cluster.edges, options['edge'] as readonly string[]);
  const connect = connections(options['connect'] as readonly string[], cluster.endpoints);
  const seen = disksFor(context, cluster, withTwin, options['noDisks'] !== true);
  const twin = withTwin ? await startTwinFor({ ...context, clock }, cluster, 0) : undefined;
  try {
    const report = await proveNow(
      { ...context, clock },
      {
        cluster,
        edges,
        inventory,
        ...(!withTwin && { vantage: vantageHere(cluster) }),
        addressOf: (endpoint) => connect.get(endpoint.id) ?? twin?.address(endpoint.id) ?? endpoint.address,
        timeout: whole(options['timeout'], '--timeout', DEFAULT_TIMEOUT_SECONDS, 600) * SECOND,
        concurrency: whole(options['concurrency'], '--concurrency', DEFAULT_CONCURRENCY, 1_000),
        memory: {
          cluster,
          disks: seen.disks,
          onDisks: console.progress('looking at disks'),
          onAnswers: console.progress('asking what is in memory'),
        },
      },
    );
    const { state } = context;
    if (console.json) console.printJson(proofJson(report, { cluster, state }));
    else printProof(console, report, { cluster, state });
    return exitOf(report);
  } finally {
    await twin?.close();
    await seen.close();
  }
}

function disksFor({ state }: Context, cluster: Cluster, withTwin: boolean, wanted: boolean): Disks {
  if (!wanted) return { disks: new Map(), close: async () => undefined };
  return withTwin ? disksOfTwin(cluster, state) : disksOfNodes(cluster);
}

export function vantageHere({ spec }: Cluster): Vantage {
  const interfaces = Object.values(networkInterfaces());
  const addresses = interfaces.flatMap((found) => (found ?? []).map(({ address }) => address));
  return vantageFrom(spec.nodes, [hostname(), ...addresses]);
}

type Chosen = Pick<ProveInput, 'edges' | 'inventory' | 'addressOf'> &
  Partial<Pick<ProveInput, 'timeout' | 'concurrency' | 'vantage' | 'strangers' | 'memory'>> & {
    readonly cluster: Cluster;
  };

export async function proveNow(
  { console, clock, signal }: Context,
  { cluster, ...chosen }: Chosen,
): Promise<ProofReport> {
  return prove({
    timeout: DEFAULT_TIMEOUT_SECONDS * SECOND,
    concurrency: DEFAULT_CONCURRENCY,
    ...chosen,
    allEdges: cluster.edges,
    rules: goRules(cluster.spec.kubernetes.minor),
    clock,
    random: systemRandom(),
    keys: systemKeys(),
    signal,
    onProgress: console.progress('proving'),
  });
}

export function exitOf(report: ProofReport): number {
  return { ok: Exit.ok, failed: Exit.no, unknown: Exit.unknown }[reportState(report)];
}

function selected(edges: readonly Edge[], parts: readonly string[]): readonly Edge[] {
  if (parts.length === 0) return edges;
  const found = edges.filter(({ id }) => parts.some((part) => id.includes(part)));
  if (found.length === 0)
    throw usage(
      `no edge has ${parts.join(' or ')} in its id`,
      'see the ids with: kubetls prove --twin -o json',
    );
  return found;
}

/** `kube-apiserver@master=127.0.0.1:6443`, the address with brackets around IPv6. */
export function connections(
  words: readonly string[],
  endpoints: readonly Endpoint[],
): Map<string, { host: string; port: number }> {
  return new Map(
    words.map((word) => {
      const [, id = '', host = '', port] = /^([^=]+)=\[?([^[\]]+)\]?:(\d{1,5})$/.exec(word) ?? [];
      if (!endpoints.some((endpoint) => endpoint.id === id)) {
        throw usage(
          `--connect ${word}: there is no endpoint ${id || word}`,
          `write ENDPOINT=HOST:PORT; endpoints: ${endpoints
            .slice(0, 5)
            .map((one) => one.id)
            .join(', ')}, …`,
        );
      }
      return [id, { host, port: Number(port) }] as const;
    }),
  );
}

function whole(value: CommandOptions[string], flag: string, otherwise: number, most: number): number {
  if (value === undefined) return otherwise;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw usage(`${flag} takes a whole number from 1 to ${most}, not ${String(value)}`);
}
