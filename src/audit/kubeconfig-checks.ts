/** Every check of `kubetls kubeconfig doctor`, by what it looks at. */
import { clusterProblems, contextProblems, type Problem, userProblems } from '../kubeconfig/index.ts';
import { clusterChecks } from './kubeconfig-cluster-checks.ts';
import { contextChecks } from './kubeconfig-context-checks.ts';
import { fileChecks } from './kubeconfig-file-checks.ts';
import type { ClusterSubject, ContextSubject, FileSubject, UserSubject } from './kubeconfig-subjects.ts';
import { userChecks } from './kubeconfig-user-checks.ts';
import type { Check, Trouble } from './types.ts';

type Code = Problem['code'];

/** What client-go refuses before it dials, by its code: the id of the finding, and what to do. */
const refusals = [
  ['kubeconfig/not-found', 'name-unknown', 'correct the name, or add what it names'],
  ['kubeconfig/namespace', 'namespace-invalid', 'use lower-case letters, digits and -, at most 63'],
  ['kubeconfig/server', 'server-missing', 'add server: https://HOST:PORT'],
  ['kubeconfig/proxy-url', 'proxy-invalid', 'write http://, https:// or socks5:// before the proxy'],
  ['kubeconfig/ambiguous', 'path-and-data', 'remove one of the two: the data is what counts'],
  [
    'kubeconfig/unreadable',
    'file-missing',
    'put the file there, or correct the path: it starts at the kubeconfig',
  ],
  ['kubeconfig/key-missing', 'key-missing', 'add the key that belongs to the certificate'],
  ['kubeconfig/authentication', 'credentials-conflict', 'leave one complete way to authenticate'],
] as const satisfies readonly (readonly [Code, string, string])[];

function refused<Subject>(
  problems: (subject: Subject, exists: (path: string) => boolean) => readonly Problem[],
): Check<Subject>[] {
  return refusals.map(([code, id, remedy]) => ({
    id,
    severity: 'error',
    remedy,
    find: (subject, { read }) =>
      problems(subject, (path) => read(path) !== undefined)
        .filter((problem) => problem.code === code)
        .map(({ text }): Trouble => ({ message: text })),
  }));
}

export const kubeconfigChecks: {
  readonly files: readonly Check<FileSubject>[];
  readonly clusters: readonly Check<ClusterSubject>[];
  readonly users: readonly Check<UserSubject>[];
  readonly contexts: readonly Check<ContextSubject>[];
} = {
  files: fileChecks,
  clusters: [
    ...refused<ClusterSubject>(({ name, cluster }, exists) => clusterProblems(name, cluster, exists)),
    ...clusterChecks,
  ],
  users: [
    ...refused<UserSubject>(({ name, user }, exists) => userProblems(name, user, exists)),
    ...userChecks,
  ],
  contexts: [
    ...refused<ContextSubject>(({ name, context, merged }) => contextProblems(name, context, merged)),
    ...contextChecks,
  ],
};
