/** The parts of kubeconfigs that checks look at, each with its place. */
import { posix } from 'node:path';
import type { Where } from '../base/index.ts';
import {
  type Cluster,
  type Context,
  type Kubeconfig,
  type LocatedKubeconfig,
  type User,
  withClusterPaths,
  withUserPaths,
} from '../kubeconfig/index.ts';

export interface AuditedFile extends LocatedKubeconfig {
  /** Absolute. */
  readonly file: string;
  /** Mode bits; undefined where they mean nothing. */
  readonly mode: number | undefined;
}

export interface Subject {
  readonly name: string;
  /** Where a field stands, or the subject itself. */
  readonly where: (field?: string) => Where;
}

export interface FileSubject extends Subject {
  readonly source: AuditedFile;
  /** Files before this one, which win. */
  readonly before: readonly AuditedFile[];
  /** All files as one. */
  readonly merged: Kubeconfig;
}

/** The paths in it are absolute. */
export interface ClusterSubject extends Subject {
  readonly cluster: Cluster;
}

/** The paths in it are absolute. */
export interface UserSubject extends Subject {
  readonly user: User;
}

export interface ContextSubject extends Subject {
  readonly context: Context;
  readonly cluster: ClusterSubject | undefined;
  readonly user: UserSubject | undefined;
  /** All files as one. */
  readonly merged: Kubeconfig;
}

export interface Subjects {
  readonly files: readonly FileSubject[];
  readonly clusters: readonly ClusterSubject[];
  readonly users: readonly UserSubject[];
  readonly contexts: readonly ContextSubject[];
}

/** Of entries with the same name the first file's is looked at: the others are not used. */
export function subjectsOf(sources: readonly AuditedFile[], merged: Kubeconfig): Subjects {
  const clusters = used(sources, 'clusters', 'cluster', ({ clusters }) => clusters).map(
    ({ entry, directory, place }) => ({ ...place, cluster: withClusterPaths(entry.cluster, directory) }),
  );
  const users = used(sources, 'users', 'user', ({ users }) => users).map(({ entry, directory, place }) => ({
    ...place,
    user: withUserPaths(entry.user, directory),
  }));
  const contexts = used(sources, 'contexts', 'context', ({ contexts }) => contexts).map(
    ({ entry: { context }, place }) => ({
      ...place,
      context,
      cluster: clusters.find(({ name }) => name === context.cluster),
      user: users.find(({ name }) => name === context.user),
      merged,
    }),
  );
  const files = sources.map((source, i) => ({
    name: source.file,
    where: (field?: string) => (field === undefined ? { file: source.file } : source.locate([field])),
    source,
    before: sources.slice(0, i),
    merged,
  }));
  return { files, clusters, users, contexts };
}

interface Used<Entry> {
  readonly entry: Entry;
  readonly directory: string;
  readonly place: Subject;
}

/** @param list the key of the list, and of what stands in an entry beside its name */
function used<Entry extends { readonly name: string }>(
  sources: readonly AuditedFile[],
  list: string,
  inner: string,
  entriesOf: (config: Kubeconfig) => readonly Entry[],
): Used<Entry>[] {
  const found = new Map<string, Used<Entry>>();
  for (const { config, locate, file } of sources) {
    for (const [i, entry] of entriesOf(config).entries()) {
      if (found.has(entry.name)) continue;
      const where = (field?: string) => locate([list, i, ...(field === undefined ? [] : [inner, field])]);
      const place = { name: entry.name, where };
      found.set(entry.name, { entry, directory: posix.dirname(file), place });
    }
  }
  return [...found.values()];
}
