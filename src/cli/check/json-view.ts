import type { CheckRow, TreeFinding } from '../../audit/index.ts';
import { toRfc3339 } from '../../base/index.ts';
import { findingsSummary } from '../findings-view.ts';
import type { CheckReport } from './report.ts';

/** `kubetls/check/v1` */
export function checkJson({ at, findings, excepted, certificates, edges, shown }: CheckReport): object {
  return {
    schema: 'kubetls/check/v1',
    at: toRfc3339(at),
    certificates,
    edges: edges ?? null,
    findings: findings.map((finding) => findingJson(finding, shown)),
    excepted: excepted.map(({ finding, exception }) => ({
      ...findingJson(finding, shown),
      reason: exception.reason,
      until: toRfc3339(exception.until).slice(0, 10),
    })),
    summary: findingsSummary(findings),
  };
}

function findingJson(
  { id, severity, where, message, remedy, group, title, evidence, places }: TreeFinding,
  shown: CheckReport['shown'],
) {
  return {
    id,
    severity,
    where: { ...where, file: shown(where.file ?? '') },
    message,
    remedy,
    group,
    title,
    evidence,
    places: places.map(shown),
  };
}

/** `kubetls/checks/v1`: the table. */
export function listJson(rows: readonly CheckRow[]): object {
  return { schema: 'kubetls/checks/v1', checks: rows };
}
