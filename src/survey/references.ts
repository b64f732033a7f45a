/** Which setting of which component, and which entry of which kubeconfig, names which file. */
import { posix } from 'node:path';
import { FILE_FLAGS, type FileFlag } from './flags.ts';
import { references as kubeconfigReferences } from './kubeconfigs.ts';
import type { SurveyedFile } from './types.ts';

export interface FileReference {
  readonly root: string;
  /** The file that says so: a manifest, a unit, a kubeconfig. */
  readonly from: string;
  /** `kube-apiserver`; `kubeconfig` for an entry of one. */
  readonly component: string;
  /** `client-ca-file`, `cluster demo`. */
  readonly name: string;
  readonly role: FileFlag['role'] | undefined;
  readonly purpose: string;
  /** The path as it stands there. */
  readonly value: string;
  /** Where the file was found, below the same root; undefined when it was not. */
  readonly to: string | undefined;
}

type At = (root: string, path: string) => unknown;

export function referencesIn(
  { root, path: from, material }: Pick<SurveyedFile, 'root' | 'path' | 'material'>,
  at: At,
): FileReference[] {
  const find = (value: string) => located(value, from, (path) => at(root, path) !== undefined);
  const flags = material.settings.flatMap(({ component, name, value }): FileReference[] => {
    const flag = FILE_FLAGS[component]?.[name];
    if (!flag || value === '') return [];
    return [{ root, from, component, name, ...flag, value, to: find(value) }];
  });
  const entries = material.kubeconfigs.flatMap((config) =>
    kubeconfigReferences(config).map(({ path, place }): FileReference => {
      const shared = { root, from, component: 'kubeconfig', name: place, purpose: place };
      return { ...shared, role: undefined, value: path, to: find(path) };
    }),
  );
  return [...flags, ...entries];
}

/**
 * A path as a program on the node would open it, below the root. Where the root is but a part of the node,
 * as /etc/kubernetes/pki is, the longest end of the path that stands there.
 */
function located(value: string, from: string, exists: (path: string) => boolean): string | undefined {
  const path = value.replace(/^\$\{?SNAP_DATA\}?/, SNAP_DATA);
  if (!posix.isAbsolute(path)) {
    const beside = posix.join(posix.dirname(from), path);
    return exists(beside) ? beside : undefined;
  }
  if (path.length > LONGEST) return undefined;
  for (let end = posix.normalize(path), tries = 0; tries < DEEPEST; tries++) {
    const slash = end.indexOf('/');
    if (slash < 0) return undefined;
    end = end.slice(slash + 1);
    if (exists(end)) return end;
  }
  return undefined;
}

/** Characters of a path (linux/limits.h, PATH_MAX), and directories in one another: as far as trees are walked. */
const LONGEST = 4096;
const DEEPEST = 64;

/** snapcraft.io: what a service of a snap finds in this variable. */
const SNAP_DATA = '/var/snap/microk8s/current';
