/** A proof as a table, and as JSON (`kubetls/prove/v1`). */
import { toRfc3339 } from '../base/index.ts';
import {
  type EdgeProof,
  type ProofReport,
  type ProofState,
  proofState,
  type RefusalProof,
  refusalState,
} from '../prove/index.ts';
import type { Outcome, Verdict } from '../trust/index.ts';
import type { Console } from './console.ts';
import { countHeld, type MemoryContext, memoryJson, memoryLine, printMemory } from './prove/memory-view.ts';
import { type Column, renderTable } from './table.ts';
import { number, plural, printable, relative } from './text.ts';

const columns: readonly Column[] = [
  { title: 'WHO', flexible: true },
  { title: '-> WHOM', flexible: true },
  { title: 'PRESENTED', flexible: true },
  { title: 'TRUSTED', flexible: true },
  { title: 'EXPIRES' },
  { title: 'VERDICT' },
];

/** Edges that are shown one by one. */
const SHOWN = 60;

/** `context`: where the report says what programs hold. */
export function proofJson(report: ProofReport, context?: MemoryContext): object {
  const { memory } = report;
  return {
    schema: 'kubetls/prove/v1',
    at: toRfc3339(report.at),
    edges: report.edges.map((proof) => {
      const { edge, predicted, observed, unknown, logs } = proof;
      return {
        id: edge.id,
        client: edge.client.name,
        server: edge.endpoint.id,
        name: edge.name,
        presented: proof.words.presented.text,
        trusted: proof.words.trusted.text,
        state: proofState(proof),
        predicted: verdictJson(predicted),
        observed: observed ? { ...verdictJson(observed), stale: observed.stale } : null,
        unknown: unknown ?? null,
        expires: timeJson(predicted.expires),
        logs,
      };
    }),
    refusals: report.refusals.map((proof) => ({
      id: proof.id,
      endpoint: proof.endpoint.id,
      refusal: proof.refusal,
      state: refusalState(proof),
      predicted: outcomeJson(proof.predicted),
      observed: proof.observed ? outcomeJson(proof.observed) : null,
      unknown: proof.unknown ?? null,
    })),
    inMemory: memory && context ? memoryJson(memory, context) : null,
    summary: {
      edges: report.edges.length,
      ...count(report.edges.map(proofState)),
      refusals: count(report.refusals.map(refusalState)),
      inMemory: memory ? countHeld(memory) : null,
    },
  };
}

function verdictJson({ server, client, expires, notes, ...outcome }: Verdict): object {
  return {
    ...outcomeJson(outcome),
    server: outcomeJson(server),
    client: outcomeJson(client),
    expires: timeJson(expires),
    notes,
  };
}

const outcomeJson = ({ ok, error }: Outcome): object => ({ ok, error: error ?? null });
const timeJson = (at: number | undefined): string | null => (at === undefined ? null : toRfc3339(at));

export function printProof(console: Console, report: ProofReport, context?: MemoryContext): void {
  const { edges, refusals, memory } = report;
  const { colors, symbols } = console;
  const folded = !console.verbose && edges.length > SHOWN;
  const reasons = new Footnotes();
  const groups = folded ? groupsOf(edges) : edges.map((proof): Group => [proof]);
  const shown = folded ? groups.slice(0, SHOWN) : groups;
  const rows = shown.map((group) => rowFor(console, group, report.at, reasons));
  const [head = '', ...lines] = renderTable(columns, rows, console.width, symbols.more);
  console.print(head);
  for (const [i, line] of lines.entries()) {
    console.print(line);
    const [first] = shown[i] as Group;
    for (const text of [...whyNot(first), ...logged(first)]) console.print(`  ${text}`);
  }
  if (groups.length > shown.length) {
    console.print(`${symbols.more} and ${plural(groups.slice(SHOWN).flat().length, 'more edge')}`);
  }
  for (const [i, text] of reasons.texts.entries()) console.print(colors.dim(`[${i + 1}] ${printable(text)}`));
  if (folded) console.print(colors.dim('(edges of a kind in one row; -v shows every edge)'));
  printRefusals(console, refusals);
  if (memory && context) printMemory(console, memory, context);
  console.print();
  console.print(summaryLine(console, report));
  if (memory) console.print(memoryLine(console, memory));
}

/** Those that are not as they must be; with -v all. */
function printRefusals(console: Console, refusals: readonly RefusalProof[]): void {
  const told = refusals.filter((one) => console.verbose || refusalState(one) !== 'ok');
  const shown = console.verbose ? told : told.slice(0, SHOWN);
  for (const proof of shown) {
    const said = proof.observed?.error ?? proof.unknown ?? 'refused';
    console.print(`${mark(console, refusalState(proof))} ${printable(proof.id)}: ${printable(said)}`);
  }
  if (told.length > shown.length) {
    console.print(`${console.symbols.more} and ${plural(told.length - shown.length, 'more connection')}`);
  }
}

type Group = readonly [EdgeProof, ...EdgeProof[]];

/** By kind (the same component dials the same kind of endpoint, in the same way) and outcome; what does not hold first. */
function groupsOf(proofs: readonly EdgeProof[]): Group[] {
  const groups = new Map<string, [EdgeProof, ...EdgeProof[]]>();
  for (const proof of proofs) {
    const { client, endpoint, presents, trusts } = proof.edge;
    const how = `${client.component} ${presents.kind} ${trusts.kind} ${endpoint.component} ${endpoint.port}`;
    const kind = [how, proofState(proof), ...whyNot(proof)];
    const group = groups.get(kind.join(' '));
    if (group) group.push(proof);
    else groups.set(kind.join(' '), [proof]);
  }
  const rank = ([first]: Group) => ranks[proofState(first)];
  return [...groups.values()].sort((a, b) => rank(a) - rank(b));
}

const ranks: Readonly<Record<ProofState, number>> = { failed: 0, unknown: 1, ok: 2 };

function rowFor(console: Console, group: Group, at: number, reasons: Footnotes): string[] {
  const [first] = group;
  if (group.length === 1) return row(console, first, at, reasons);
  const several = (names: readonly string[]) => {
    const [name = '', ...more] = new Set(names);
    return more.length === 0 ? name : `${name} and ${number(more.length)} more`;
  };
  const ends = group.flatMap(({ predicted }) => predicted.expires ?? []);
  const soonest = ends.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return [
    several(group.map(({ edge }) => edge.client.name)),
    several(group.map(({ edge }) => edge.endpoint.id)),
    several(group.map(({ words }) => reasons.mark(words.presented))),
    several(group.map(({ words }) => reasons.mark(words.trusted))),
    ends.length === 0 ? '-' : relative(soonest, at),
  ]
    .map(printable)
    .concat(`${mark(console, proofState(first))} ${plural(group.length, 'edge')}`);
}

function row(console: Console, proof: EdgeProof, at: number, reasons: Footnotes): string[] {
  const { edge, words, predicted } = proof;
  const expires = predicted.expires === undefined ? '-' : relative(predicted.expires, at);
  return [
    edge.client.name,
    edge.endpoint.id,
    reasons.mark(words.presented),
    reasons.mark(words.trusted),
    expires,
    mark(console, proofState(proof)),
  ].map((cell, i) => (i === 5 ? cell : printable(cell)));
}

/** Reasons that many rows share, each said once below the table. */
class Footnotes {
  readonly texts: string[] = [];

  mark({ text, because }: { readonly text: string; readonly because: string | undefined }): string {
    if (because === undefined) return text;
    if (!this.texts.includes(because)) this.texts.push(because);
    return `${text} [${this.texts.indexOf(because) + 1}]`;
  }
}

/** Why an edge is not proven, in the words of the side that refuses; both when they differ. */
function whyNot(proof: EdgeProof): string[] {
  const { predicted, observed, unknown } = proof;
  const noticed = (observed?.notes ?? []).filter((note) => !predicted.notes.includes(note)).map(printable);
  if (proofState(proof) === 'ok') return noticed;
  const said = (verdict: { ok: boolean; error: string | undefined }) =>
    verdict.ok ? 'ok' : (verdict.error ?? 'refused');
  // Both hold, and what runs is not what stands on disk: the notices say it.
  if (observed?.ok && predicted.ok) return noticed;
  if (observed && !observed.ok && !predicted.ok) return [printable(said(observed)), ...noticed];
  const seen = observed ? `observed: ${said(observed)}` : `not observed: ${unknown ?? 'no answer'}`;
  return [...[`predicted: ${said(predicted)}`, seen].map(printable), ...noticed];
}

/** What the endpoint writes; the client's words are the reason itself. */
function logged({ edge, logs }: EdgeProof): string[] {
  const line = logs.find(({ component }) => component === edge.endpoint.id);
  return line ? [printable(`${line.component} logs: ${line.text}`)] : [];
}

function mark({ colors, symbols }: Console, state: ProofState): string {
  if (state === 'ok') return colors.green(`${symbols.ok} proven`);
  return state === 'failed'
    ? colors.red(`${symbols.failed} failed`)
    : colors.yellow(`${symbols.unknown} unknown`);
}

function summaryLine({ colors }: Console, { edges, refusals }: ProofReport): string {
  const { ok, failed, unknown } = count(edges.map(proofState));
  const refused = count(refusals.map(refusalState));
  const parts = [
    `${number(ok)} of ${plural(edges.length, 'edge')} proven by a fresh handshake`,
    failed > 0 ? colors.red(`${number(failed)} failed`) : '0 failed',
    ...(unknown > 0 ? [colors.yellow(`${number(unknown)} unknown`)] : []),
    `${number(refused.ok)} of ${plural(refusals.length, 'connection')} that must be refused ${refused.ok === 1 ? 'was' : 'were'} refused`,
  ];
  return `${parts.join(', ')}.`;
}

function count(states: readonly ProofState[]): Record<ProofState, number> {
  const counts: Record<ProofState, number> = { ok: 0, failed: 0, unknown: 0 };
  for (const state of states) counts[state]++;
  return counts;
}
