import { isMap, Opaque } from './json.ts';
import { withClusterPaths, withUserPaths } from './paths.ts';
import type { Kubeconfig, Preferences } from './types.ts';

export interface KubeconfigFile {
  readonly config: Kubeconfig;
  /** Where the file stands: relative paths in it start here. Absent: paths stay as they are. */
  readonly directory?: string;
}

/**
 * Several files as one, as kubectl sees the list in KUBECONFIG (clientcmd/loader.go, Load): of entries
 * with the same name the first file's wins whole, of single values the first that is set. Paths come out
 * resolved where a file has a directory, since the result has none of its own.
 */
export function mergeKubeconfigs(files: readonly KubeconfigFile[]): Kubeconfig {
  const configs = files.map(({ config, directory }) =>
    directory === undefined ? config : withPaths(config, directory),
  );
  const extensions = firstOfEach(configs.map((config) => config.extensions ?? []));
  const preferences = mergePreferences(configs.flatMap((config) => config.preferences ?? []));
  const unknown = mergeUnknown(configs.map((config) => config.unknown));
  return {
    ...(preferences === undefined ? {} : { preferences }),
    clusters: firstOfEach(configs.map((config) => config.clusters)),
    contexts: firstOfEach(configs.map((config) => config.contexts)),
    users: firstOfEach(configs.map((config) => config.users)),
    currentContext: configs.find((config) => config.currentContext !== '')?.currentContext ?? '',
    ...(extensions.length === 0 ? {} : { extensions }),
    ...(unknown === undefined ? {} : { unknown }),
  };
}

function withPaths(config: Kubeconfig, directory: string): Kubeconfig {
  return {
    ...config,
    clusters: config.clusters.map((entry) => ({
      ...entry,
      cluster: withClusterPaths(entry.cluster, directory),
    })),
    users: config.users.map((entry) => ({ ...entry, user: withUserPaths(entry.user, directory) })),
  };
}

function firstOfEach<T extends { readonly name: string }>(lists: readonly (readonly T[])[]): T[] {
  const byName = new Map<string, T>();
  for (const entry of lists.flat()) if (!byName.has(entry.name)) byName.set(entry.name, entry);
  return [...byName.values()];
}

/** The one struct that client-go merges field by field. */
function mergePreferences(all: readonly Preferences[]): Preferences | undefined {
  if (all.length === 0) return undefined;
  const extensions = firstOfEach(all.map((preferences) => preferences.extensions ?? []));
  const unknown = mergeUnknown(all.map((preferences) => preferences.unknown));
  return {
    ...(all.some(({ colors }) => colors === true) ? { colors: true } : {}),
    ...(extensions.length === 0 ? {} : { extensions }),
    ...(unknown === undefined ? {} : { unknown }),
  };
}

function mergeUnknown(all: readonly (Opaque | undefined)[]): Opaque | undefined {
  const fields = all.toReversed().flatMap((opaque) => {
    const map = opaque?.reveal();
    return isMap(map) ? [...map] : [];
  });
  return fields.length === 0 ? undefined : new Opaque(new Map(fields));
}
