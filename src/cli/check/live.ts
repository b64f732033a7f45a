/** What `check --live` asks the API for: objects with certificates in them as files, and what they are held against. */
import { dirname, resolve } from 'node:path';
import { type LiveCluster, liveNode, livePath, liveRequest } from '../../audit/index.ts';
import { expectedFailure } from '../../base/index.ts';
import type { FoundFile } from '../../inventory/index.ts';
import { flattenKubeconfig, minifyKubeconfig, resolveKubeconfig } from '../../kubeconfig/index.ts';
import {
  httpsExchange,
  type KubeClient,
  kubeClient,
  type KubeObject,
  type Resource,
  RESOURCES,
} from '../../kube/index.ts';
import { mayHoldMaterial } from '../../survey/index.ts';
import { type Context, usage } from '../context.ts';
import { RUNNING_CLUSTER } from './report.ts';
import { kubeconfigFiles, loadFiles, readIfThere } from '../kubeconfig/files.ts';

export interface Live {
  readonly live: LiveCluster;
  readonly files: readonly FoundFile[];
  /** For people: the server that was asked. */
  readonly server: string;
}

/** Kinds whose objects hold certificates somewhere. */
const HOLDERS = [
  'secrets',
  'configMaps',
  'signingRequests',
  'apiServices',
  'mutatingWebhooks',
  'validatingWebhooks',
  'definitions',
] as const satisfies readonly (keyof typeof RESOURCES)[];

/** More with certificates in them are not a cluster. */
const MOST_FILES = 200_000;
/** Nor is so much at all: the largest that Kubernetes is tested for has 150,000 pods, which are not asked for. */
const MOST_OBJECTS = 2_000_000;

/**
 * Lists one kind after the other. What may not be listed is unseen, and the rest is looked at; so is everything
 * where the API cannot be asked at all.
 *
 * @throws KubetlsError for a kubeconfig that is of no use
 */
export async function lookAtApi(
  { clock, version, console }: LiveContext,
  kubeconfig: string | undefined,
): Promise<Live> {
  const { client, server } = connect({ clock, version }, kubeconfig);
  const found = new Found();
  const tell = console.progress(`asking ${server}`);
  const kinds = [...HOLDERS, 'nodes'] as const;
  try {
    await client.getPath('/version');
    for (const [i, kind] of kinds.entries()) {
      await found.listed(client, RESOURCES[kind]);
      tell(i + 1, kinds.length);
    }
  } catch (error) {
    const { code, message } = expectedFailure(error);
    if (!code.startsWith('kube/')) throw error;
    found.unseen.push({ what: RUNNING_CLUSTER, why: message });
  } finally {
    client.close();
  }
  const { files, nodes, requests, unseen } = found;
  return { live: { nodes, requests, unseen }, files, server };
}

class Found {
  readonly files: FoundFile[] = [];
  readonly nodes: LiveCluster['nodes'][number][] = [];
  readonly requests: LiveCluster['requests'][number][] = [];
  readonly unseen: LiveCluster['unseen'][number][] = [];
  #objects = 0;

  /** Without the right to list a kind, or without the kind, the others are still of use. */
  async listed(client: KubeClient, resource: Resource): Promise<void> {
    try {
      for await (const object of client.list(resource)) this.#take(resource, object);
    } catch (error) {
      const { code, message } = expectedFailure(error);
      if (code !== 'kube/forbidden' && code !== 'kube/not-found') throw error;
      this.unseen.push({ what: resource.resource, why: message });
    }
  }

  #take(resource: Resource, object: KubeObject): void {
    if (++this.#objects > MOST_OBJECTS) throw usage(`the API lists more than ${MOST_OBJECTS} objects`);
    if (resource === RESOURCES.nodes) this.nodes.push(liveNode(object));
    if (resource === RESOURCES.signingRequests) this.requests.push(liveRequest(object));
    const text = JSON.stringify(object);
    if (!mayHoldMaterial(text)) return;
    if (this.files.length >= MOST_FILES) throw usage(`more than ${MOST_FILES} objects hold certificates`);
    const { namespace, name } = object.metadata;
    const path = livePath(resource.resource, namespace, name);
    this.files.push({ path, mode: 0o600, bytes: Buffer.from(text) });
  }
}

type LiveContext = Pick<Context, 'clock' | 'version' | 'console'>;

function connect(
  { clock, version }: Pick<Context, 'clock' | 'version'>,
  option: string | undefined,
): { client: KubeClient; server: string } {
  const { config, originOf } = loadFiles(kubeconfigFiles(option));
  const directoryOf = (entry: Parameters<typeof originOf>[0]) => dirname(resolve(originOf(entry)));
  // Without a current context there is nothing to cut down, and `resolve` says what is missing.
  const current = config.currentContext === '' ? config : minifyKubeconfig(config, undefined);
  const flat = flattenKubeconfig(current, directoryOf, readIfThere);
  const resolved = resolveKubeconfig(flat, { directory: process.cwd(), read: readIfThere });
  const { scheme, host, port } = resolved.server;
  const exchange = httpsExchange(resolved, { clock, userAgent: `kubetls/${version}` });
  return { client: kubeClient(exchange), server: `${scheme}://${host}:${port}` };
}
