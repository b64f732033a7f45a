import type { Failure } from '../base/index.ts';
import { loadKubeconfigs } from '../kubeconfig/index.ts';
import { kubeconfigChecks } from './kubeconfig-checks.ts';
import { type AuditedFile, type Subject, subjectsOf } from './kubeconfig-subjects.ts';
import type { Check, Finding, Severity, World } from './types.ts';

const ORDER: readonly Severity[] = ['error', 'warning', 'info'];

/** Every check on kubeconfigs that make one configuration, in their order of precedence; the worst come first. */
export function auditKubeconfigs(sources: readonly AuditedFile[], world: World): Finding[] {
  const { config } = loadKubeconfigs(sources, '');
  const { files, clusters, users, contexts } = subjectsOf(sources, config);
  const findings = [
    ...audit('', files, kubeconfigChecks.files, world),
    ...audit('cluster', clusters, kubeconfigChecks.clusters, world),
    ...audit('user', users, kubeconfigChecks.users, world),
    ...audit('context', contexts, kubeconfigChecks.contexts, world),
  ];
  return findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

function audit<One extends Subject>(
  kind: string,
  subjects: readonly One[],
  checks: readonly Check<One>[],
  world: World,
): Finding[] {
  const head = (name: string) => (kind === '' ? '' : `${kind} ${JSON.stringify(name)}: `);
  return subjects.flatMap((subject) =>
    checks.flatMap(({ id, severity, remedy, find }) =>
      find(subject, world).map(
        (trouble): Finding => ({
          id,
          severity: trouble.severity ?? severity,
          where: subject.where(trouble.field),
          message: head(subject.name) + trouble.message,
          remedy: trouble.remedy ?? remedy,
        }),
      ),
    ),
  );
}

/** A file that kubectl would not load, and nothing else of it can be said. */
export function unloadableFile({ code, message, where = {} }: Failure): Finding {
  return {
    id: code === 'kubeconfig/duplicate-name' ? 'name-twice' : 'file-unloadable',
    severity: 'error',
    where,
    message: `this file does not load: ${message}`,
    remedy: 'correct it there: until then every kubectl that looks at it ends with this sentence',
  };
}
