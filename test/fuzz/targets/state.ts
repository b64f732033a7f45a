import { chainHead, serialsByAuthority } from '../../../src/apply/ledger.ts';
import { merged, without } from '../../../src/carry/owed.ts';
import { owedText, parseOwed } from '../../../src/carry/owed-text.ts';
import { type Plan, planView, requireSamePlan, savedInstant } from '../../../src/plan/index.ts';
import { foldLines, type JournalState } from '../../../src/stores/directory/journal.ts';
import { isContentPath } from '../../../src/stores/path.ts';
import { listed, mustHold, target, type Target } from '../target.ts';

const JSON_WORDS = listed(
  'null¦[]¦{}¦""¦0¦-1¦1e999¦true¦"__proto__"¦"constructor"¦\\u0000¦\\ud800¦,¦:¦{"a":¦[¦]¦}',
);

const PLAN: Plan = {
  at: Date.UTC(2026, 10, 28),
  cluster: 'demo',
  world: '0'.repeat(64),
  actions: [],
  summary: { create: 0, replace: 0, rewrite: 0, remove: 0, keep: 0 },
  warnings: [],
};

export const stateTargets: Readonly<Record<string, Target>> = {
  'saved-plan': target('text', (bytes) => readSavedPlan(textOf(bytes)), {
    words: [...JSON_WORDS, '"schema":"kubetls/plan/v1"', '"at":"2026-11-28T00:00:00.000Z"', '"world":'],
  }),
  journal: target('text', (bytes) => useJournal(foldLines(textOf(bytes).split('\n'), 'journal')), {
    words: [
      ...JSON_WORDS,
      '"event":"done"',
      '"event":"staged"',
      '"event":"kept"',
      '"seq":1',
      '"backup":"a/b"',
    ],
  }),
  ledger: target('text', (bytes) => readLedger(textOf(bytes).split('\n')), {
    words: [...JSON_WORDS, '"authority":"', '"serial":"0a"', '"event":"void"'],
  }),
  owed: target('text', (bytes) => readOwed(textOf(bytes)), {
    words: [...JSON_WORDS, '"stage":"gate"', '"restarted"', '"down":true', '"node":"a"', '"component":'],
  }),
};

function readOwed(text: string): void {
  const owed = parseOwed(text, 'rollout');
  mustHold(owedText(parseOwed(owedText(owed), 'rollout')) === owedText(owed), 'it is read as it is written');
  const places = merged(owed, owed);
  for (const place of places) {
    mustHold(without(places, place).length === places.length - 1, 'a place is owed once');
  }
}

/** As every file of the state is read: what is no UTF-8 becomes U+FFFD. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function readSavedPlan(text: string): void {
  const at = savedInstant(text, 'plan.json');
  requireSamePlan(text, 'plan.json', { ...PLAN, at });
  mustHold(JSON.stringify(JSON.parse(text)) === JSON.stringify(planView({ ...PLAN, at })), 'plans are equal');
}

function useJournal({ state, used }: { state: JournalState; used: number }): void {
  mustHold(used >= 0 && state.next >= 1, 'counts');
  for (const { steps } of state.pending.values()) {
    for (const { path, put } of steps) {
      mustHold(isContentPath(path), 'only content is renamed or removed');
      mustHold(put === undefined || !put.temporary.includes('/'), 'a temporary stands beside its file');
    }
  }
}

function readLedger(lines: readonly string[]): void {
  for (const serials of serialsByAuthority(lines).values()) mustHold(serials.size > 0, 'a serial at least');
  chainHead(lines.at(-1));
}
