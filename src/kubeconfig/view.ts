/** What `kubectl config view` makes of a configuration before it prints it (client-go clientcmd/api/helpers.go). */
import { Secret, utf8 } from '../base/index.ts';
import { failure } from './errors.ts';
import { resolvePath } from './paths.ts';
import { notFound } from './problems.ts';
import type { ReadFile } from './transport.ts';
import type { Cluster, Kubeconfig, NamedCluster, NamedUser, User } from './types.ts';

const REDACTED = new Secret(utf8('REDACTED'));
/** The bytes that base64 shows as `DATA+OMITTED`. */
const OMITTED = Buffer.from('DATA+OMITTED', 'base64');

/**
 * RedactSecrets and ShortenConfig: data, tokens and passwords in other words. What kubectl prints as it is,
 * is left as it is: paths, the proxy's URL, an auth provider's configuration, a program's environment.
 */
export function redactKubeconfig(config: Kubeconfig): Kubeconfig {
  return {
    ...config,
    clusters: config.clusters.map((entry) => ({ ...entry, cluster: withoutData(entry.cluster) })),
    users: config.users.map((entry) => ({ ...entry, user: withoutSecrets(entry.user) })),
  };
}

function withoutData(cluster: Cluster): Cluster {
  const { certificateAuthorityData } = cluster;
  return { ...cluster, ...(certificateAuthorityData && { certificateAuthorityData: OMITTED }) };
}

function withoutSecrets(user: User): User {
  const { clientCertificateData, clientKeyData, token, password } = user;
  return {
    ...user,
    ...(clientCertificateData && { clientCertificateData: OMITTED }),
    ...(clientKeyData && { clientKeyData: new Secret(OMITTED) }),
    ...(token && { token: REDACTED }),
    ...(password && { password: REDACTED }),
  };
}

/**
 * MinifyConfig: one context (the current one when `name` is absent) with its cluster and user.
 *
 * @throws KubetlsError `kubeconfig/context-not-found` in kubectl's words
 */
export function minifyKubeconfig(config: Kubeconfig, name = config.currentContext): Kubeconfig {
  const missing = (message: string) => failure('kubeconfig/context-not-found', message);
  if (name === '') throw missing('current-context must exist in order to minify');
  const context = config.contexts.find((entry) => entry.name === name);
  if (context === undefined) throw missing(`cannot locate context ${name}`);
  const { cluster, user } = context.context;
  const clusters = config.clusters.filter((entry) => cluster !== '' && entry.name === cluster);
  if (cluster !== '' && clusters.length === 0) throw missing(`cannot locate cluster ${cluster}`);
  const users = config.users.filter((entry) => user !== '' && entry.name === user);
  if (user !== '' && users.length === 0) throw missing(`cannot locate user ${user}`);
  return { ...config, clusters, users, contexts: [context], currentContext: name };
}

/** The directory, absolute, of the file that an entry came from. */
export type DirectoryOf = (entry: NamedCluster | NamedUser) => string;

/**
 * FlattenConfig: the files that certificates, keys and authorities are read from, as data in their place.
 * Token files and programs stay.
 *
 * @throws KubetlsError `kubeconfig/ambiguous`, `-/unreadable` in kubectl's words
 */
export function flattenKubeconfig(config: Kubeconfig, directoryOf: DirectoryOf, read: ReadFile): Kubeconfig {
  return {
    ...config,
    users: config.users.map((entry) => ({ ...entry, user: flatUser(entry.user, directoryOf(entry), read) })),
    clusters: config.clusters.map((entry) => ({
      ...entry,
      cluster: flatCluster(entry.cluster, directoryOf(entry), read),
    })),
  };
}

function flatCluster(cluster: Cluster, directory: string, read: ReadFile): Cluster {
  const { certificateAuthority: path, ...rest } = cluster;
  if (path === undefined) return cluster;
  return {
    ...rest,
    certificateAuthorityData: contentOf(path, cluster.certificateAuthorityData, directory, read),
  };
}

function flatUser(user: User, directory: string, read: ReadFile): User {
  const { clientCertificate, clientKey, ...rest } = user;
  const { clientCertificateData, clientKeyData } = rest;
  return {
    ...rest,
    ...(clientCertificate !== undefined && {
      clientCertificateData: contentOf(clientCertificate, clientCertificateData, directory, read),
    }),
    ...(clientKey !== undefined && {
      clientKeyData: new Secret(contentOf(clientKey, clientKeyData, directory, read)),
    }),
  };
}

function contentOf(path: string, data: unknown, directory: string, read: ReadFile): Uint8Array {
  if (data !== undefined) {
    throw failure('kubeconfig/ambiguous', 'cannot have values for both path and contents');
  }
  const absolute = resolvePath(path, directory);
  const content = read(absolute);
  if (content === undefined) throw failure('kubeconfig/unreadable', notFound(absolute));
  return content;
}

/** What is left of a file when kubectl prints it: the fields that it knows. */
export function knownFields<T>(value: T): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only an optional field is left out
  return known(value) as T;
}

function known(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  const fields = Object.entries(value).filter(([key]) => key !== 'unknown');
  return Object.fromEntries(fields.map(([key, field]) => [key, known(field)]));
}
