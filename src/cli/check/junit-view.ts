/** Findings as JUnit XML: a test case for each check, so that what passed is seen, too. */
import {
  type CheckRow,
  checkTable,
  type Group,
  GROUPS,
  type Severity,
  type TreeFinding,
} from '../../audit/index.ts';
import { escaped, toRfc3339 } from '../../base/index.ts';
import { type CheckReport, whereText } from './report.ts';

/** @param failing severities that fail a check */
export function checkJunit(report: CheckReport, failing: readonly Severity[]): string {
  const { findings, at, shown } = report;
  const byId = new Map<string, TreeFinding[]>();
  for (const finding of findings) byId.set(finding.id, [...(byId.get(finding.id) ?? []), finding]);
  const isFailed = ({ id }: CheckRow) =>
    byId.get(id)?.some(({ severity }) => failing.includes(severity)) ?? false;
  const caseOf = (row: CheckRow) => caseText(row, byId.get(row.id) ?? [], isFailed(row), shown);
  const suites = (Object.keys(GROUPS) as Group[]).map((group) => {
    const rows = checkTable.filter((row) => row.group === group);
    const failures = rows.filter(isFailed).length;
    const head = `  <testsuite name="${escaped(GROUPS[group])}" tests="${rows.length}" failures="${failures}" errors="0" skipped="0" timestamp="${toRfc3339(at)}">`;
    return [head, ...rows.map(caseOf), '  </testsuite>'].join('\n');
  });
  const failures = checkTable.filter(isFailed).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="kubetls check" tests="${checkTable.length}" failures="${failures}" errors="0">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function caseText(
  { id, group, title }: CheckRow,
  findings: readonly TreeFinding[],
  failed: boolean,
  shown: CheckReport['shown'],
): string {
  const open = `    <testcase classname="kubetls.${group}" name="${escaped(id)}"`;
  if (findings.length === 0) return `${open}/>`;
  const text = findings
    .map((finding) => {
      const { severity, evidence, remedy } = finding;
      return escaped(`${severity}: ${whereText(finding, shown)}: ${evidence}; ${remedy}`);
    })
    .join('\n');
  const body = failed
    ? `<failure message="${escaped(title)}" type="${escaped(findings[0]?.severity ?? '')}">${text}</failure>`
    : `<system-out>${text}</system-out>`;
  return `${open}>${body}</testcase>`;
}
