/** Exit codes: a contract (docs/cli.md), so a table and nothing else. */
export const Exit = {
  ok: 0,
  /** The answer is no: a failed edge, a finding, changes pending. */
  no: 1,
  usage: 2,
  /** Something could not be seen, so the answer is unknown. */
  unknown: 3,
  /** Refused for safety. */
  refused: 4,
  interrupted: 130,
} as const;

const byCode: Readonly<Record<string, number>> = {
  'apply/foreign-files': Exit.refused,
  'apply/breaks-edges': Exit.refused,
  'apply/interrupted': Exit.interrupted,
  'cli/interrupted': Exit.interrupted,
  'cli/conflict': Exit.refused,
  'cli/declined': Exit.refused,
  'cli/locked': Exit.refused,
  'cli/unseen': Exit.unknown,
  'hosts/answer': Exit.unknown,
  'hosts/changed': Exit.refused,
  'hosts/interrupted': Exit.interrupted,
  'hosts/timeout': Exit.unknown,
  'hosts/unreachable': Exit.unknown,
  'plan/authority-elsewhere': Exit.refused,
  'plan/clock': Exit.refused,
  'plan/too-early': Exit.refused,
  'prove/interrupted': Exit.interrupted,
  'plan/world-moved': Exit.refused,
  'rollout/breaks-edges': Exit.refused,
  'rollout/foreign-files': Exit.refused,
  'stores/changed': Exit.refused,
  'stores/locked': Exit.refused,
};

export function exitFor(code: string): number {
  return byCode[code] ?? Exit.usage;
}
