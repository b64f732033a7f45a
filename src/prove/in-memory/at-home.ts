/** Programs that answer nobody over TLS, asked on their own node, where they tell of themselves in the clear. */
import { expectedFailure, printable } from '../../base/index.ts';
import type { Cluster, ComponentName } from '../../cluster/index.ts';
import type { Holding, ProcessSight, Sight } from '../../trust/index.ts';
import { processIn } from './answers.ts';
import { AT_ONCE, type Disk } from './disks.ts';

/** kubernetes/pkg/proxy/apis/config/v1alpha1/defaults.go: metricsBindAddress is loopback unless it is told. */
const METRICS_PORTS: Partial<Record<ComponentName, number>> = { 'kube-proxy': 10_249 };

export interface AtHomeInput {
  readonly cluster: Cluster;
  readonly disks: ReadonlyMap<string, Disk>;
  readonly unseenDisks: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal | undefined;
}

/** By `component@node`: of those whose node can be reached. */
export async function askAtHome(
  holdings: readonly Holding[],
  input: AtHomeInput,
): Promise<Map<string, Sight<ProcessSight>>> {
  const places = new Map(holdings.map((one) => [`${one.component}@${one.node}`, one]));
  const found = new Map<string, Sight<ProcessSight>>();
  const left = places.entries();
  const worker = async (): Promise<void> => {
    for (const [place, { component, node }] of left) {
      const disk = input.unseenDisks.has(node) ? undefined : input.disks.get(node);
      const urls = urlsOf(component, node, input.cluster);
      if (disk && urls.length > 0) found.set(place, await askOn(disk, urls, input.signal));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

function urlsOf(component: ComponentName, node: string, { spec }: Cluster): string[] {
  const port = METRICS_PORTS[component];
  if (port === undefined) return [];
  const [own] = spec.nodes.find(({ name }) => name === node)?.addresses ?? [];
  const hosts = ['127.0.0.1', ...(own === undefined ? [] : [own.includes(':') ? `[${own}]` : own])];
  return [...new Set(hosts)].map((host) => `http://${host}:${port}/metrics`);
}

/** Milliseconds: two addresses, five seconds each, and ssh. */
const PATIENCE = 20_000;

/** Metrics of a node are longer than what a host keeps of an answer: all but two of them stay there. */
const SCRIPT = String.raw`
unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
for url in "$@"; do
if command -v curl >/dev/null 2>&1; then said=$(curl -fsS -m 5 "$url" 2>&1); else said=$(wget -q -T 5 -O - "$url" 2>&1); fi
if [ $? -eq 0 ]; then printf '%s\n' "$said" | grep -E '^(process_start_time_seconds|rest_client_transport_ca_reload_total)[ {]'; exit 0; fi
[ -n "$why" ] || why=$said
done
printf '%s\n' "$why" >&2
exit 1`;

async function askOn(
  disk: Disk,
  urls: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Sight<ProcessSight>> {
  const where = `answers nobody over TLS; on its node ${urls[0]}`;
  if (!disk.run) return { why: `${where} was not asked` };
  try {
    const command = ['sh', '-c', SCRIPT, 'kubetls', ...urls];
    const { status, stdout, stderr } = await disk.run(command, {
      timeout: PATIENCE,
      ...(signal && { signal }),
    });
    if (status === 0) return processIn(stdout);
    const [said = ''] = stderr.split('\n');
    return { why: `${where} does not answer: ${printable(said) || `the command ended with ${status}`}` };
  } catch (error) {
    return { why: `${where} could not be asked: ${expectedFailure(error).message}` };
  }
}
