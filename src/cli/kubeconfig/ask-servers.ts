/** What the servers of the contexts present, and whether they take the client's certificate. */
import { dirname } from 'node:path';
import { expectedFailure, SECOND } from '../../base/index.ts';
import type { AuditedFile, ServerSeen } from '../../audit/index.ts';
import { mergeKubeconfigs, type ResolvedClient, resolveKubeconfig } from '../../kubeconfig/index.ts';
import { probeMany, type ProbeResult, type ProbeTask } from '../../probe/index.ts';
import type { Context } from '../context.ts';

const TIMEOUT = 5 * SECOND;
const CONCURRENCY = 32;

type Read = (path: string) => Uint8Array | undefined;

/**
 * By the name of the context; those that cannot be used, or speak no TLS, are left out. A token is never
 * sent: nobody knows yet who would get it.
 */
export async function askServers(
  { console, signal }: Context,
  files: readonly AuditedFile[],
  read: Read,
): Promise<ReadonlyMap<string, ServerSeen>> {
  const clients = clientsOf(files, read).filter(({ server }) => server.scheme === 'https');
  const direct = clients.filter(({ proxyUrl }) => proxyUrl === undefined);
  const progress = console.progress('asking');
  let done = 0;
  const results = await probeMany(direct.map(taskFor), {
    concurrency: CONCURRENCY,
    signal,
    onResult: () => progress(++done, direct.length),
  });
  const behind = clients.filter(({ proxyUrl }) => proxyUrl !== undefined);
  return new Map([
    ...behind.map(({ context }) => [context, BEHIND_A_PROXY] as const),
    ...direct.map((client, i) => [client.context, shown(client, results[i])] as const),
  ]);
}

const BEHIND_A_PROXY: ServerSeen = { presented: [], unseen: 'a proxy stands in between' };

function clientsOf(files: readonly AuditedFile[], read: Read): ResolvedClient[] {
  const config = mergeKubeconfigs(files.map((one) => ({ config: one.config, directory: dirname(one.file) })));
  return config.contexts.flatMap(({ name }) => {
    try {
      return [resolveKubeconfig(config, { context: name, directory: '/', read })];
    } catch (error) {
      expectedFailure(error);
      return [];
    }
  });
}

/** kube-apiserver tells its version to everyone, but not to a client whose certificate it does not know. */
function taskFor({ server, tlsServerName, clientCertificate, clientKey }: ResolvedClient): ProbeTask {
  return {
    target: {
      host: server.host,
      port: server.port,
      serverName: tlsServerName ?? server.host,
      request: { method: 'GET', path: `${server.path}/version`, headers: { Accept: '*/*' }, body: undefined },
    },
    credential:
      clientCertificate && clientKey ? { certificate: clientCertificate, key: clientKey } : undefined,
    options: { timeout: TIMEOUT },
  };
}

function shown({ clientCertificate }: ResolvedClient, seen: ProbeResult | undefined): ServerSeen {
  const { presented = [], result } = seen ?? {};
  const text = result && 'text' in result ? result.text : undefined;
  if (presented.length === 0) return { presented, unseen: text ?? 'it presented no certificate' };
  const refused =
    result?.kind === 'refused' || (result?.kind === 'denied' && result.status === 401) ? text : undefined;
  return { presented, ...(clientCertificate && refused !== undefined && { refused }) };
}
