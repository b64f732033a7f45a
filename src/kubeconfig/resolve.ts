import type { Secret } from '../base/index.ts';
import { failure } from './errors.ts';
import { withClusterPaths, withUserPaths } from './paths.ts';
import {
  clusterProblems,
  contextProblems,
  EMPTY,
  EMPTY_CLUSTER,
  invalidConfiguration,
  type Problem,
  userProblems,
} from './problems.ts';
import { parseServer, type Server } from './server-url.ts';
import { PLAIN_HTTP, type ReadFile, type Transport, transportOf } from './transport.ts';
import type { Cluster, Context, Kubeconfig, User } from './types.ts';

export interface ResolveOptions {
  /** Name of a context; the current one when absent. */
  readonly context?: string;
  /** Where the kubeconfig stands: relative paths in it start here. */
  readonly directory: string;
  readonly read: ReadFile;
}

/** What a program would dial, trust and present. */
export interface ResolvedClient extends Transport {
  /** Empty when there is none, and an unnamed cluster serves. */
  readonly context: string;
  readonly cluster: string;
  readonly user: string;
  /** `default` when the context names none. */
  readonly namespace: string;
  readonly server: Server;
  readonly proxyUrl?: Secret;
  /** As whom it acts, whatever it presents (client-go transport/round_trippers.go, impersonatingRoundTripper). */
  readonly impersonates?: Impersonation;
  /** What only `clientcmd.ConfirmUsable` refuses: kubectl and the components go on. */
  readonly warnings: readonly string[];
}

/**
 * What client-go makes of a context (clientcmd/client_config.go, ClientConfig, then transport/transport.go,
 * TLSConfigFor), and its refusals in its words. PEM is handed on as it is found, not judged.
 *
 * Throws KubetlsError `kubeconfig/empty`, `-/context-not-found`, `-/server`, `-/proxy-url`, `-/ambiguous`,
 * `-/unreadable`, `-/key-missing`, `-/authentication`, `-/insecure-with-authority`, or `-/invalid` when
 * there are several reasons.
 */
export function resolveKubeconfig(config: Kubeconfig, options: ResolveOptions): ResolvedClient {
  const { name, context, cluster, user } = choose(config, options);
  const server = parseServer(cluster.server);
  return {
    context: name,
    cluster: context.cluster,
    user: context.user,
    namespace: context.namespace ?? 'default',
    server,
    ...(server.scheme === 'https' ? transportOf(cluster, user, options.read) : PLAIN_HTTP),
    ...(cluster.proxyUrl === undefined ? {} : { proxyUrl: cluster.proxyUrl }),
    ...impersonationOf(user),
    warnings:
      name === '' ? ['no context chosen'] : contextProblems(name, context, config).map(({ text }) => text),
  };
}

export interface Impersonation {
  readonly user: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

/** Groups without a user are a problem of their own (`userProblems`). */
function impersonationOf({ as, asUid, asGroups, asUserExtra }: User): { impersonates?: Impersonation } {
  if (as === undefined || as === '') return {};
  const uid = asUid === undefined ? {} : { uid: asUid };
  return { impersonates: { user: as, ...uid, groups: asGroups ?? [], extra: asUserExtra ?? new Map() } };
}

interface Chosen {
  readonly name: string;
  readonly context: Context;
  readonly cluster: Cluster;
  readonly user: User;
}

/** DirectClientConfig.ConfirmUsable: the context, its user and its cluster, all problems at once. */
function choose(config: Kubeconfig, options: ResolveOptions): Chosen {
  const name = options.context ?? config.currentContext;
  const named = config.contexts.find((entry) => entry.name === name)?.context;
  if (named === undefined && options.context !== undefined) {
    throw failure('kubeconfig/context-not-found', `context ${JSON.stringify(name)} does not exist`);
  }
  const context = named ?? NO_CONTEXT;
  const found = config.clusters.find((entry) => entry.name === context.cluster)?.cluster;
  const cluster = found && withClusterPaths(found, options.directory);
  const user = withUserPaths(
    config.users.find((entry) => entry.name === context.user)?.user ?? {},
    options.directory,
  );
  const exists = (path: string): boolean => options.read(path) !== undefined;
  const problems = [
    ...(named === undefined && name !== '' ? [contextNotFound(name)] : []),
    ...userProblems(context.user, user, exists),
    ...(cluster ? clusterProblems(context.cluster, cluster, exists) : [EMPTY_CLUSTER]),
  ];
  if (problems.length > 0 || !cluster) throw invalidConfiguration(orEmpty(problems));
  return { name, context, cluster, user };
}

const NO_CONTEXT: Context = { cluster: '', user: '' };

function contextNotFound(name: string): Problem {
  return {
    code: 'kubeconfig/context-not-found',
    text: `context was not found for specified context: ${name}`,
  };
}

/** That there is no cluster, and nothing else wrong, is called an empty configuration. */
function orEmpty(problems: readonly Problem[]): readonly Problem[] {
  return problems.every((problem) => problem === EMPTY_CLUSTER) ? [EMPTY] : problems;
}
