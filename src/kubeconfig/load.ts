/** Which files make the configuration, and which of them a change goes to (client-go clientcmd/config.go). */
import { mergeKubeconfigs } from './merge.ts';
import type { Kubeconfig, NamedCluster, NamedContext, NamedUser } from './types.ts';

export type NamedEntry = NamedCluster | NamedContext | NamedUser;

/** A file that is there, under the name by which it was asked for. */
export interface KubeconfigSource {
  readonly file: string;
  readonly config: Kubeconfig;
}

export interface LoadedKubeconfig {
  /** In the order of precedence. */
  readonly sources: readonly KubeconfigSource[];
  /** All of them as one: of entries with the same name the first file's wins. Paths are as they stand there. */
  readonly config: Kubeconfig;
  /** Where new entries and the current context are written. */
  readonly target: string;
  /** The file that an entry of `config` came from. */
  readonly originOf: (entry: NamedEntry) => string;
}

export function loadKubeconfigs(sources: readonly KubeconfigSource[], target: string): LoadedKubeconfig {
  const origins = new Map<NamedEntry, string>();
  for (const { file, config } of sources) {
    for (const list of [config.clusters, config.contexts, config.users]) {
      for (const entry of list) origins.set(entry, file);
    }
  }
  return {
    sources,
    config: mergeKubeconfigs(sources.map(({ config }) => ({ config }))),
    target,
    originOf: (entry) => origins.get(entry) ?? target,
  };
}

/**
 * The files that are looked at, from the value of KUBECONFIG: each once, and the home directory's when it is
 * empty (GetEnvVarFiles, deduplicate). Empty names are passed over.
 */
export function kubeconfigList(variable: string | undefined, home: string, separator: string): string[] {
  if (!variable) return [home];
  return [...new Set(variable.split(separator))].filter((file) => file !== '');
}

/** GetDefaultFilename: the only one, else the first that is there, else the last. */
export function targetOf(files: readonly string[], exists: (file: string) => boolean): string {
  const there = files.length > 1 ? files.find(exists) : undefined;
  return there ?? files.at(-1) ?? '';
}
