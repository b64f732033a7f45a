/**
 * Several files made one that stands for itself. Where kubectl, given a list of files, silently takes the
 * first of two entries with the same name, here two entries that differ are a conflict, and somebody says
 * what becomes of the second.
 */

import { mergeKubeconfigs, type KubeconfigFile } from './merge.ts';
import type { Kubeconfig, NamedCluster, NamedContext, NamedUser } from './types.ts';
import { writeKubeconfig } from './write.ts';

export interface NamedFile extends KubeconfigFile {
  readonly file: string;
}

export interface Conflict {
  readonly kind: 'cluster' | 'context' | 'user';
  readonly name: string;
  /** Who has it first, and who has something else under its name. */
  readonly first: string;
  readonly second: string;
  /** What the second is called after `rename`. */
  readonly renamed: string;
}

export interface Gathered {
  /** The first wins, or the second has another name: as `rename` says. */
  readonly config: Kubeconfig;
  readonly conflicts: readonly Conflict[];
}

type Entry = NamedCluster | NamedContext | NamedUser;
type Kind = Conflict['kind'];

/** @param rename gives the second of two entries that differ a name of its own, here and where it is named */
export function gatherKubeconfigs(files: readonly NamedFile[], rename: boolean): Gathered {
  const known: Record<Kind, Map<string, { file: string; content: string }>> = {
    cluster: new Map(),
    context: new Map(),
    user: new Map(),
  };
  const conflicts: Conflict[] = [];
  const taken = takenNames(files);

  /** What an entry is called from here on: its own name, when nobody has it or has the same under it. */
  const nameFor = (kind: Kind, entry: Entry, file: string): string => {
    const content = contentOf(kind, entry);
    const before = known[kind].get(entry.name);
    if (before === undefined || before.content === content) {
      if (before === undefined) known[kind].set(entry.name, { file, content });
      return entry.name;
    }
    const renamed = freeName(entry.name, taken[kind]);
    conflicts.push({ kind, name: entry.name, first: before.file, second: file, renamed });
    if (!rename) return entry.name;
    taken[kind].add(renamed);
    known[kind].set(renamed, { file, content });
    return renamed;
  };

  const configs = files.map(({ file, ...source }) => {
    const config = mergeKubeconfigs([source]);
    const names = (kind: Kind, list: readonly Entry[]) =>
      new Map(list.map((entry) => [entry.name, nameFor(kind, entry, file)]));
    const clusters = names('cluster', config.clusters);
    const users = names('user', config.users);
    const pointed = withNames(config, clusters, users);
    const contexts = names('context', pointed.contexts);
    return {
      ...pointed,
      contexts: pointed.contexts.map((entry) => ({ ...entry, name: called(contexts, entry.name) })),
      currentContext: called(contexts, config.currentContext),
    };
  });
  return { config: mergeKubeconfigs(configs.map((config) => ({ config }))), conflicts };
}

function withNames(
  config: Kubeconfig,
  clusters: ReadonlyMap<string, string>,
  users: ReadonlyMap<string, string>,
): Kubeconfig {
  return {
    ...config,
    clusters: config.clusters.map((entry) => ({ ...entry, name: called(clusters, entry.name) })),
    users: config.users.map((entry) => ({ ...entry, name: called(users, entry.name) })),
    contexts: config.contexts.map((entry) => ({
      ...entry,
      context: {
        ...entry.context,
        cluster: called(clusters, entry.context.cluster),
        user: called(users, entry.context.user),
      },
    })),
  };
}

function called(names: ReadonlyMap<string, string>, name: string): string {
  return names.get(name) ?? name;
}

function takenNames(files: readonly NamedFile[]): Record<Kind, Set<string>> {
  const of = (names: (config: Kubeconfig) => readonly Entry[]) =>
    new Set(files.flatMap(({ config }) => names(config).map(({ name }) => name)));
  return {
    cluster: of((config) => config.clusters),
    context: of((config) => config.contexts),
    user: of((config) => config.users),
  };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${name}-${number}`)) number++;
  return `${name}-${number}`;
}

const NOTHING: Kubeconfig = { clusters: [], contexts: [], users: [], currentContext: '' };

/** Two entries are the same when the same bytes would be written for them. */
function contentOf(kind: Kind, entry: Entry): string {
  const unnamed = { ...entry, name: '' };
  const config =
    'cluster' in unnamed
      ? { ...NOTHING, clusters: [unnamed] }
      : 'context' in unnamed
        ? { ...NOTHING, contexts: [unnamed] }
        : { ...NOTHING, users: [unnamed] };
  return kind + Buffer.from(writeKubeconfig(config).reveal()).toString('base64');
}
