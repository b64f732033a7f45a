/** Paths inside a kubeconfig are those of the machine that it stands on, not of the one that reads it. */
import { posix } from 'node:path';
import type { Cluster, Exec, User } from './types.ts';

const WINDOWS_ROOT = /^(?:[A-Za-z]:[\\/]|\\\\)/;

/** Relative paths start at the directory of the file that they came from (clientcmd/loader.go, ResolvePaths). */
export function resolvePath(path: string, directory: string): string {
  const absolute = path === '' || posix.isAbsolute(path) || WINDOWS_ROOT.test(path);
  return absolute ? path : posix.join(directory, path);
}

export function withClusterPaths(cluster: Cluster, directory: string): Cluster {
  const { certificateAuthority } = cluster;
  if (certificateAuthority === undefined) return cluster;
  return { ...cluster, certificateAuthority: resolvePath(certificateAuthority, directory) };
}

export function withUserPaths(user: User, directory: string): User {
  const { clientCertificate, clientKey, tokenFile, exec } = user;
  return {
    ...user,
    ...(clientCertificate === undefined
      ? {}
      : { clientCertificate: resolvePath(clientCertificate, directory) }),
    ...(clientKey === undefined ? {} : { clientKey: resolvePath(clientKey, directory) }),
    ...(tokenFile === undefined ? {} : { tokenFile: resolvePath(tokenFile, directory) }),
    ...(exec === undefined ? {} : { exec: withCommandPath(exec, directory) }),
  };
}

/** A bare name is looked up in PATH. */
function withCommandPath(exec: Exec, directory: string): Exec {
  return exec.command.includes('/') ? { ...exec, command: resolvePath(exec.command, directory) } : exec;
}
