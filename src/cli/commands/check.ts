import { resolve } from 'node:path';
import {
  applyExceptions,
  auditTree,
  checkTable,
  countCertificates,
  type Exception,
  idHint,
  parseExceptions,
  type Severity,
  type TreeInput,
  type TreeFinding,
} from '../../audit/index.ts';
import { checkHtml } from '../check/html-view.ts';
import { checkJson, listJson } from '../check/json-view.ts';
import { checkJunit } from '../check/junit-view.ts';
import { printList } from '../check/list-view.ts';
import type { Live } from '../check/live.ts';
import { type CheckReport, RUNNING_CLUSTER } from '../check/report.ts';
import { checkSarif } from '../check/sarif-view.ts';
import { printCheck } from '../check/text-view.ts';
import { answerCompromised, answerWithout } from '../check/reach-view.ts';
import { lookAt } from '../check/look-at.ts';
import type { CommandOptions } from '../command.ts';
import { type Context, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { passwordFrom } from '../password.ts';
import { readText } from '../session.ts';

/** A megabyte of reasons: nobody reads more. */
const LARGEST_EXCEPTIONS = 1024 * 1024;

/** What ends with 1: everything that is at least as bad. */
const FAILING: Readonly<Record<string, readonly Severity[]>> = {
  error: ['error'],
  warning: ['error', 'warning'],
  info: ['error', 'warning', 'info'],
  never: [],
};

export async function run(
  context: Context,
  words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console } = context;
  const choice = { only: chosen(options['only']), skip: chosen(options['skip']) };
  const failing = failingFor(options['failOn']);
  if (options['list'] === true) {
    if (console.json) console.printJson(listJson(checkTable));
    else printList(console, checkTable);
    return Exit.ok;
  }
  const exceptions = await exceptionsFrom(options['exceptions']);
  const password = await passwordFrom(options['passwordFile']);
  const live = await liveFrom(context, options);
  const { input, looked, shown } = await lookAt(context, words, password, live);
  const { without, compromised } = options;
  if (typeof without === 'string') return answerWithout(context, input, meant(shown, input, without));
  if (typeof compromised === 'string')
    return answerCompromised(context, input, meant(shown, input, compromised));
  const found = auditTree(input, choice);
  const report: CheckReport = {
    ...applyExceptions(found, exceptions, context.at),
    at: context.at,
    looked,
    shown,
    unseen: live?.live.unseen.map(({ what }) => what) ?? [],
    certificates: countCertificates(input),
    edges: judgedEdges(input),
    checks: choice.only?.size ?? checkTable.length - (choice.skip?.size ?? 0),
  };
  print(context, report, failing);
  const shut = report.findings.some(({ id }) => id === 'file-unseen');
  const unseen = [...(input.unread ?? []), ...(live?.live.unseen ?? [])];
  return exitOf(report.findings, failing, shut || unseen.length > 0);
}

function judgedEdges({ cluster, derived }: TreeInput): number | undefined {
  if (cluster) return cluster.edges.length;
  return derived && derived.cluster.edges.length - derived.unseen.size;
}

async function liveFrom(context: Context, { live, kubeconfig }: CommandOptions): Promise<Live | undefined> {
  if (live !== true) {
    if (kubeconfig !== undefined) throw usage('--kubeconfig is for --live');
    return undefined;
  }
  if (context.elsewhen) throw usage('--at and --live: a running cluster is judged as it is now');
  // Loaded here alone: Node's HTTPS takes 3 ms, a thirtieth of a small run.
  const { lookAtApi } = await import('../check/live.ts');
  const seen = await lookAtApi(context, typeof kubeconfig === 'string' ? kubeconfig : undefined);
  const { console, again } = context;
  const hint = `${again('prove')} says which edges hold; where the API is down by its certificates: ${again('rescue')}`;
  for (const { what, why } of seen.live.unseen)
    console.warn(`unknown: ${what}: ${why}`, what === RUNNING_CLUSTER ? hint : undefined);
  return seen;
}

function print({ console, form, version }: Context, report: CheckReport, failing: readonly Severity[]): void {
  if (form === 'json') console.printJson(checkJson(report));
  else if (form === 'sarif') console.printJson(checkSarif(report, version));
  else if (form === 'junit') console.printRaw(checkJunit(report, failing));
  else if (form === 'html') console.printRaw(checkHtml(report, version));
  else printCheck(console, report);
}

/** What could not be read may be anything: without an error the answer is unknown then. */
function exitOf(findings: readonly TreeFinding[], failing: readonly Severity[], unseen: boolean): number {
  if (findings.some(({ severity }) => failing.includes(severity))) return Exit.no;
  return unseen && failing.length > 0 ? Exit.unknown : Exit.ok;
}

function failingFor(option: CommandOptions[string]): readonly Severity[] {
  const word = typeof option === 'string' ? option : 'error';
  const failing = Object.hasOwn(FAILING, word) ? FAILING[word] : undefined;
  if (!failing) throw usage(`--fail-on takes ${Object.keys(FAILING).join(', ')}, not ${word}`);
  return failing;
}

/** A path as it was typed, as it stands in the state. */
function meant(shown: (path: string) => string, { inventory }: TreeInput, words: string): string {
  const typed = resolve(words);
  return [...inventory.entries.keys()].find((path) => resolve(shown(path)) === typed) ?? words;
}

/** Ids, also several in one word. */
function chosen(option: CommandOptions[string]): ReadonlySet<string> | undefined {
  const ids = (Array.isArray(option) ? option : []).flatMap((word: string) => word.split(','));
  for (const id of ids) {
    if (!checkTable.some((row) => row.id === id))
      throw usage(`there is no check ${JSON.stringify(id)}`, idHint(id));
  }
  return ids.length === 0 ? undefined : new Set(ids);
}

async function exceptionsFrom(option: CommandOptions[string]): Promise<readonly Exception[]> {
  if (typeof option !== 'string') return [];
  return parseExceptions(await readText(resolve(option), LARGEST_EXCEPTIONS), option);
}
