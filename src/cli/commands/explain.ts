import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CauseOfLines,
  createExplainer,
  createLogReader,
  explainAll,
  type LogSummary,
  type World,
} from '../../explain/index.ts';
import type { CommandOptions } from '../command.ts';
import { type Context, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { explainJson } from '../explain/json-view.ts';
import { type ExplainReport, printExplained } from '../explain/text-view.ts';
import { openSession } from '../session.ts';
import { shellWord, shownPath } from '../text.ts';
import { treesAsOne } from '../trees/as-one.ts';
import { linesOf } from '../verify/lines.ts';

/** Bytes of a line: nobody writes longer ones but by accident. */
const LONGEST_LINE = 1024 * 1024;

/** @returns 3 when no line is known: the answer is unknown then */
export async function run(
  context: Context,
  words: readonly string[],
  options: CommandOptions,
): Promise<number> {
  const { console, at, file } = context;
  const trees = options['tree'] as readonly string[];
  const summary = await readAll(context, words);
  const held = await (trees.length === 0 ? byState(context) : byTrees(context, trees));
  const causes = explainAll(
    createExplainer(held?.world),
    summary.known.map(({ reading }) => reading),
  ).map((cause) => (held?.stands ? asItStands(cause, held.stands) : cause));
  const report: ExplainReport = { ...summary, causes, at, inCluster: held !== undefined };
  if (!held && summary.known.length > 0) {
    const why = trees.length === 0 ? `there is no ${shownPath(file)}: ` : '';
    console.warn(
      `${why}the causes are those that such lines have in any cluster`,
      trees.length === 0
        ? 'kubetls explain --tree DIR looks for them on a node, or in a copy of it'
        : undefined,
    );
  }
  if (console.json) console.printJson(explainJson(report));
  else printExplained(console, report);
  return summary.known.length > 0 ? Exit.ok : Exit.unknown;
}

/** The words are one line, as a person pastes it with or without quotes; none, or `-`: standard input. */
async function readAll({ unheard }: Context, words: readonly string[]): Promise<LogSummary> {
  const log = createLogReader();
  if (words.length > 0 && !(words.length === 1 && words[0] === '-')) {
    const lines = words.join(' ').split('\n');
    if (lines.every((line) => line.trim() === '')) throw nothingToExplain();
    for (const line of lines) log.add(line);
    return log.summary();
  }
  if (words.length === 0 && process.stdin.isTTY) throw nothingToExplain();
  for await (const lines of linesOf(process.stdin as AsyncIterable<Buffer>, LONGEST_LINE)) {
    for (const line of lines) log.add(line);
    if (unheard.aborted) break;
  }
  return log.summary();
}

function nothingToExplain(): Error {
  return usage('there is no line to explain', 'kubetls explain "LINE", or kubetls explain < kubelet.log');
}

/** What lines are held against. */
interface Held {
  readonly world: World;
  /** Where a file really stands, if not where kubetls would have it. */
  readonly stands?: (path: string) => string;
}

/** Lines are explained anywhere; undefined where there is no cluster file. */
async function byState(context: Context): Promise<Held | undefined> {
  const isThere = await stat(context.file).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (!isThere) return undefined;
  const { cluster, inventory, written } = await openSession(context);
  const shown = (path: string) => shownPath(join(context.state, path));
  return { world: { cluster, inventory, written, at: context.at, again: context.again, shown } };
}

/** Undefined where the trees do not tell who dials whom: that was said. */
async function byTrees(context: Context, trees: readonly string[]): Promise<Held | undefined> {
  const { at, again, state } = context;
  const { cluster, judged, inventory, shown } = await treesAsOne(context, trees, undefined);
  if (!cluster) return undefined;
  const world: World = {
    // Of an edge whose files stand elsewhere nothing is missing.
    cluster: { ...cluster, edges: judged },
    inventory,
    // As after adoption, which takes over what it finds.
    written: new Map([...inventory.entries.values()].map(({ path, sha256 }) => [path, sha256])),
    at,
    again,
    first: ['kubetls adopt', ...trees.map(shellWord)].join(' '),
    shown: (path) => shownPath(join(state, path)),
  };
  return { world, stands: (path) => (inventory.get(path) ? shown(path) : onItsNode(path)) };
}

/** What is not there has no place in a tree: its place is that on the node. */
function onItsNode(path: string): string {
  return path.replace(/^nodes\/([^/]+)(\/.+)$/, '$2 on $1');
}

function asItStands(cause: CauseOfLines, stands: (path: string) => string): CauseOfLines {
  const inText = (text: string) => text.replaceAll(/\bnodes\/[^\s:,]+/g, stands);
  return { ...cause, files: cause.files.map(stands), evidence: cause.evidence.map(inText) };
}
