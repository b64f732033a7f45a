/** Kubeconfigs of a tree, each by itself, as its own machine sees it. */
import type { StatePath } from '../cluster/index.ts';
import { type Kubeconfig, locateKubeconfig } from '../kubeconfig/index.ts';
import { asSeen, inState, machineOf } from '../trust/index.ts';
import type { Referred } from './checks/form-checks.ts';
import { treeKubeconfigChecks as checks } from './checks/kubeconfig-rows.ts';
import { type AuditedFile, type Subject, subjectsOf } from './kubeconfig-subjects.ts';
import type { Check, World } from './types.ts';
import type { View } from './view/types.ts';

export function kubeconfigFindings(view: View): Referred[] {
  return view.entries.flatMap(({ path, mode, bytes, content }) =>
    content.kind === 'kubeconfig' ? findingsIn(view, path, { mode, bytes, config: content.config }) : [],
  );
}

interface Read {
  readonly mode: number;
  readonly bytes: Uint8Array;
  readonly config: Kubeconfig;
}

function findingsIn(view: View, path: StatePath, { mode, bytes, config }: Read): Referred[] {
  // Where a field stands is asked for only when something is wrong with it.
  const locate: AuditedFile['locate'] = (steps) => locateKubeconfig(bytes, asSeen(path)).locate(steps);
  const file = { config, locate, file: asSeen(path), mode };
  const { files, clusters, users, contexts } = subjectsOf([file], config);
  const world = worldOf(view, path);
  return [
    ...found(path, '', files, checks.files, world),
    ...found(path, 'cluster', clusters, checks.clusters, world),
    ...found(path, 'user', users, checks.users, world),
    ...found(path, 'context', contexts, checks.contexts, world),
  ];
}

function found<One extends Subject>(
  path: StatePath,
  kind: string,
  subjects: readonly One[],
  rows: readonly Check<One>[],
  world: World,
): Referred[] {
  return subjects.flatMap((subject) => {
    const head = kind === '' ? '' : `${kind} ${JSON.stringify(subject.name)}: `;
    return rows.flatMap(({ id, severity, remedy, find }) =>
      find(subject, world).map((trouble): Referred => {
        const { line, column } = subject.where(trouble.field);
        return {
          id,
          spotted: {
            places: [path],
            message: head + trouble.message,
            severity: trouble.severity ?? severity,
            remedy: trouble.remedy ?? remedy,
            ...(line !== undefined && { line }),
            ...(column !== undefined && { column }),
          },
        };
      }),
    );
  });
}

/** Programs of another machine cannot be looked for, and its servers are not asked. */
function worldOf({ inventory, at }: View, path: StatePath): World {
  const machine = machineOf(path);
  const entryAt = (name: string) => {
    const place = inState(name, machine);
    return place === undefined ? undefined : inventory.get(place);
  };
  return {
    at,
    read: (name) => entryAt(name)?.bytes,
    mode: (name) => entryAt(name)?.mode,
    runs: () => true,
    seen: () => undefined,
  };
}
