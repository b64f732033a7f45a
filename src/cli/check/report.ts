/** What `kubetls check` has found, as every form of it prints it. */
import type { Excepted, Severity, TreeFinding } from '../../audit/index.ts';

/** What is unseen where the API does not answer at all. */
export const RUNNING_CLUSTER = 'the running cluster';

export interface CheckReport extends Excepted {
  readonly at: number;
  /** The state directory or the trees, for people. */
  readonly looked: string;
  /** What the running cluster did not show, which may be anything. */
  readonly unseen: readonly string[];
  readonly certificates: number;
  readonly checks: number;
  /** How many were judged; undefined where nobody knows who dials whom. */
  readonly edges: number | undefined;
  /** A path of a finding as a person would type it here. */
  readonly shown: (path: string) => string;
}

/** Findings of one check and one severity, in the order of the report. */
export interface Block {
  readonly severity: Severity;
  readonly findings: readonly [TreeFinding, ...TreeFinding[]];
}

export function blocksOf(findings: readonly TreeFinding[]): Block[] {
  const blocks = new Map<string, [TreeFinding, ...TreeFinding[]]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.id}`;
    const block = blocks.get(key);
    if (block) block.push(finding);
    else blocks.set(key, [finding]);
  }
  return Array.from(blocks.values(), (all) => ({ severity: all[0].severity, findings: all }));
}

/** Remedies differ now and then within one check: each once. */
export function remediesOf({ findings }: Block): string[] {
  return [...new Set(findings.map(({ remedy }) => remedy))];
}

/** The first of its places, with the line when it is known. */
export function whereText({ where, places }: TreeFinding, shown: CheckReport['shown']): string {
  const line = where.line === undefined ? '' : `:${where.line}`;
  return `${shown(places[0] ?? where.file ?? '')}${line}`;
}
