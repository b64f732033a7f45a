/** Certificates and keys taken out of a kubeconfig into files, and paths put as another place sees them. */
import { posix } from 'node:path';
import type { Secret } from '../base/index.ts';
import { failure } from './errors.ts';
import type { Cluster, Kubeconfig, User } from './types.ts';

export interface MaterialFile {
  /** A name without a directory. */
  readonly name: string;
  readonly content: Uint8Array | Secret;
}

export interface Extracted {
  readonly config: Kubeconfig;
  readonly files: readonly MaterialFile[];
}

/**
 * Data as files: `USER.crt`, `USER.key` and `CLUSTER-ca.crt`, named by paths that start with `prefix`.
 *
 * @throws KubetlsError `kubeconfig/ambiguous` when a path is there too, `-/duplicate-name` when two entries
 *   would have the same file
 */
export function extractMaterial(config: Kubeconfig, prefix: string): Extracted {
  const files = new Map<string, MaterialFile>();
  const put = (owner: string, suffix: string, path: string | undefined, content: MaterialFile['content']) => {
    if (path !== undefined) {
      throw failure('kubeconfig/ambiguous', `${owner} has both a path and data: which one counts?`);
    }
    const name = fileName(owner) + suffix;
    if (files.has(name)) {
      throw failure('kubeconfig/duplicate-name', `two entries would both be written to ${name}`);
    }
    files.set(name, { name, content });
    return prefix === '' ? name : posix.join(prefix, name);
  };
  const clusters = config.clusters.map((entry) => {
    const { certificateAuthorityData: data, ...cluster } = entry.cluster;
    if (data === undefined) return entry;
    const path = put(entry.name, '-ca.crt', cluster.certificateAuthority, data);
    return { ...entry, cluster: { ...cluster, certificateAuthority: path } };
  });
  const users = config.users.map((entry) => {
    const { clientCertificateData: certificate, clientKeyData: key, ...user } = entry.user;
    return {
      ...entry,
      user: {
        ...user,
        ...(certificate && {
          clientCertificate: put(entry.name, '.crt', user.clientCertificate, certificate),
        }),
        ...(key && { clientKey: put(entry.name, '.key', user.clientKey, key) }),
      },
    };
  });
  return { config: { ...config, clusters, users }, files: [...files.values()] };
}

/** The files that certificates, keys and authorities are read from. */
export function materialPaths({ clusters, users }: Kubeconfig): string[] {
  return [
    ...clusters.map(({ cluster }) => cluster.certificateAuthority),
    ...users.flatMap(({ user }) => [user.clientCertificate, user.clientKey]),
  ].filter((path) => path !== undefined);
}

/** A name as a file can have it, on every system: what a shell or another system takes apart is `_`. */
export function fileName(name: string): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}@._+=-]/gu, '_').replace(/^[.-]/, '_');
  return safe === '' ? '_' : safe;
}

/**
 * Absolute paths below a directory as they look from there, as client-go writes them
 * (RelativizePathWithNoBacksteps); all others stay absolute.
 */
export function relativePaths(config: Kubeconfig, directory: string): Kubeconfig {
  const seen = (path: string) => {
    const near = posix.relative(directory, path);
    return near === '..' || near.startsWith('../') || !posix.isAbsolute(path) ? path : near;
  };
  return {
    ...config,
    clusters: config.clusters.map((entry) => ({ ...entry, cluster: clusterSeen(entry.cluster, seen) })),
    users: config.users.map((entry) => ({ ...entry, user: userSeen(entry.user, seen) })),
  };
}

type Seen = (path: string) => string;

function clusterSeen(cluster: Cluster, seen: Seen): Cluster {
  const { certificateAuthority: path } = cluster;
  return path === undefined ? cluster : { ...cluster, certificateAuthority: seen(path) };
}

function userSeen(user: User, seen: Seen): User {
  const { clientCertificate, clientKey, tokenFile, exec } = user;
  return {
    ...user,
    ...(clientCertificate !== undefined && { clientCertificate: seen(clientCertificate) }),
    ...(clientKey !== undefined && { clientKey: seen(clientKey) }),
    ...(tokenFile !== undefined && { tokenFile: seen(tokenFile) }),
    ...(exec?.command.startsWith('/') && { exec: { ...exec, command: commandSeen(exec.command, seen) } }),
  };
}

/** Without a slash it would be looked up in PATH. */
function commandSeen(command: string, seen: Seen): string {
  const near = seen(command);
  return near.includes('/') ? near : command;
}
