import { asBuffer, Secret, utf8 } from '../base/index.ts';
import { failure } from './errors.ts';
import { withClusterPaths, withUserPaths } from './paths.ts';
import {
  clusterProblems,
  contextProblems,
  EMPTY,
  EMPTY_CLUSTER,
  invalidConfiguration,
  notFound,
  type Problem,
  userProblems,
} from './problems.ts';
import { parseServer, type Server } from './server-url.ts';
import type { Cluster, Context, Kubeconfig, User } from './types.ts';

export interface ResolveOptions {
  /** Name of a context; the current one when absent. */
  readonly context?: string;
  /** Where the kubeconfig stands: relative paths in it start here. */
  readonly directory: string;
  /** Content of a file, or `undefined` when there is none. */
  read(path: string): Uint8Array | undefined;
}

export type Authentication = 'certificate' | 'token' | 'basic' | 'exec' | 'auth-provider';

/** What a program would dial, trust and present. Over plain HTTP it trusts and presents nothing. */
export interface ResolvedClient {
  readonly context: string;
  readonly cluster: string;
  readonly user: string;
  /** `default` when the context names none. */
  readonly namespace: string;
  readonly server: Server;
  readonly tlsServerName?: string;
  readonly insecure: boolean;
  /** PEM bundle; the roots of the operating system when absent. */
  readonly authority?: Uint8Array;
  /** PEM, leaf first. */
  readonly clientCertificate?: Uint8Array;
  /** PEM. */
  readonly clientKey?: Secret;
  readonly token?: { readonly source: 'data' | 'file'; readonly value: Secret };
  readonly authentication: readonly Authentication[];
  readonly proxyUrl?: Secret;
  /** Paths of what was read from files. */
  readonly files: { readonly [K in FileUse]?: string };
  /** What only `clientcmd.ConfirmUsable` refuses: kubectl and the components go on. */
  readonly warnings: readonly string[];
}

type FileUse = 'authority' | 'clientCertificate' | 'clientKey' | 'token';

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
    ...(server.scheme === 'https' ? transport(cluster, user, options) : PLAIN_HTTP),
    ...(cluster.proxyUrl === undefined ? {} : { proxyUrl: cluster.proxyUrl }),
    warnings: contextProblems(name, context, config),
  };
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
  const context = config.contexts.find((entry) => entry.name === name)?.context;
  if (context === undefined && options.context !== undefined) {
    throw failure('kubeconfig/context-not-found', `context ${JSON.stringify(name)} does not exist`);
  }
  const { cluster: clusterName, user: userName } = context ?? NO_CONTEXT;
  const found = config.clusters.find((entry) => entry.name === clusterName)?.cluster;
  const cluster = found && withClusterPaths(found, options.directory);
  const user = withUserPaths(
    config.users.find((entry) => entry.name === userName)?.user ?? {},
    options.directory,
  );
  const exists = (path: string): boolean => options.read(path) !== undefined;
  const problems = [
    ...(context === undefined && name !== '' ? [contextNotFound(name)] : []),
    ...userProblems(userName, user, exists),
    ...(cluster ? clusterProblems(clusterName, cluster, exists) : [EMPTY_CLUSTER]),
  ];
  if (problems.length > 0 || !context || !cluster) throw invalidConfiguration(orEmpty(problems));
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

type Transport = Pick<
  ResolvedClient,
  | 'tlsServerName'
  | 'insecure'
  | 'authority'
  | 'clientCertificate'
  | 'clientKey'
  | 'token'
  | 'authentication'
  | 'files'
>;

const PLAIN_HTTP: Transport = { insecure: false, authentication: [], files: {} };

function transport(cluster: Cluster, user: User, options: ResolveOptions): Transport {
  const { certificateAuthority, certificateAuthorityData, insecureSkipTlsVerify: insecure = false } = cluster;
  if (insecure && (certificateAuthority ?? certificateAuthorityData) !== undefined) {
    const message = 'specifying a root certificates file with the insecure flag is not allowed';
    throw failure('kubeconfig/insecure-with-authority', message);
  }
  const authority = material(certificateAuthorityData, certificateAuthority, options);
  const presents = (user.clientCertificate ?? user.clientCertificateData) !== undefined;
  const certificate = presents
    ? material(user.clientCertificateData, user.clientCertificate, options)
    : NOTHING;
  const key = presents ? material(user.clientKeyData?.reveal(), user.clientKey, options) : NOTHING;
  const token = tokenOf(user, options);
  return {
    insecure,
    ...(cluster.tlsServerName === undefined ? {} : { tlsServerName: cluster.tlsServerName }),
    ...(authority.bytes === undefined ? {} : { authority: authority.bytes }),
    ...(certificate.bytes === undefined ? {} : { clientCertificate: certificate.bytes }),
    ...(key.bytes === undefined ? {} : { clientKey: new Secret(key.bytes) }),
    ...(token.value === undefined ? {} : { token: token.value }),
    authentication: authenticationOf(user),
    files: {
      ...(authority.path === undefined ? {} : { authority: authority.path }),
      ...(certificate.path === undefined ? {} : { clientCertificate: certificate.path }),
      ...(key.path === undefined ? {} : { clientKey: key.path }),
      ...(token.path === undefined ? {} : { token: token.path }),
    },
  };
}

interface Read {
  readonly bytes?: Uint8Array;
  /** Absent when the bytes stood in the kubeconfig. */
  readonly path?: string;
}

const NOTHING: Read = {};

/** dataFromSliceOrFile. */
function material(data: Uint8Array | undefined, path: string | undefined, options: ResolveOptions): Read {
  if (data !== undefined) return { bytes: data };
  return path === undefined ? NOTHING : { bytes: readFile(path, options), path };
}

function readFile(path: string, options: ResolveOptions): Uint8Array {
  const bytes = options.read(path);
  if (bytes === undefined) throw failure('kubeconfig/unreadable', notFound(path));
  return bytes;
}

/** The file wins over the token in the kubeconfig once it can be read (transport/token_source.go). */
function tokenOf(user: User, options: ResolveOptions): { value?: ResolvedClient['token']; path?: string } {
  const { token, tokenFile: path } = user;
  if (path === undefined) return token === undefined ? {} : { value: { source: 'data', value: token } };
  const bytes = token === undefined ? readFile(path, options) : options.read(path);
  if (bytes === undefined) return token === undefined ? {} : { value: { source: 'data', value: token } };
  const value = new Secret(utf8(asBuffer(bytes).toString('utf8').trim()));
  return { value: { source: 'file', value }, path };
}

function authenticationOf(user: User): Authentication[] {
  const methods: readonly (readonly [Authentication, unknown])[] = [
    ['certificate', user.clientCertificate ?? user.clientCertificateData],
    ['token', user.token ?? user.tokenFile],
    ['basic', user.username ?? user.password],
    ['exec', user.exec],
    ['auth-provider', user.authProvider],
  ];
  return methods.filter(([, given]) => given !== undefined).map(([method]) => method);
}
