/**
 * The rows of `kubetls kubeconfig doctor` that stand in a tree's audit too, by reference. Dates, groups and usages
 * of embedded certificates are looked at with all other certificates, and servers are not asked.
 */
import { CLUSTER, CONTEXT, FILE, USER } from './kubeconfig-words.ts';
import { kubeconfigChecks } from '../kubeconfig-checks.ts';
import type { Check } from '../types.ts';
import type { CheckRow } from './types.ts';

type Words = Readonly<Record<string, readonly [title: string, why: string, source: string]>>;

function chosen<Subject>(checks: readonly Check<Subject>[], words: Words): readonly Check<Subject>[] {
  return checks.filter(({ id }) => Object.hasOwn(words, id));
}

function rowsOf<Subject>(checks: readonly Check<Subject>[], words: Words): CheckRow[] {
  return checks.flatMap(({ id, severity, remedy }) => {
    const [title, why, source] = words[id] ?? [];
    return title === undefined || why === undefined || source === undefined
      ? []
      : [{ id, group: 'kubeconfigs', severity, title, why, remedy, source }];
  });
}

/** What is looked at. */
export const treeKubeconfigChecks = {
  files: chosen(kubeconfigChecks.files, FILE),
  clusters: chosen(kubeconfigChecks.clusters, CLUSTER),
  users: chosen(kubeconfigChecks.users, USER),
  contexts: chosen(kubeconfigChecks.contexts, CONTEXT),
};

/** What is listed. Some rules hold for several parts of a kubeconfig: each once. */
export const kubeconfigRows: readonly CheckRow[] = [
  ...new Map(
    [
      ...rowsOf(kubeconfigChecks.files, FILE),
      ...rowsOf(kubeconfigChecks.clusters, CLUSTER),
      ...rowsOf(kubeconfigChecks.users, USER),
      ...rowsOf(kubeconfigChecks.contexts, CONTEXT),
    ].map((row) => [row.id, row]),
  ).values(),
];
