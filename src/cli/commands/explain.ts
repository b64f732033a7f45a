import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createExplainer,
  createLogReader,
  explainAll,
  type LogSummary,
  type World,
} from '../../explain/index.ts';
import { type Context, usage } from '../context.ts';
import { Exit } from '../exit.ts';
import { explainJson } from '../explain/json-view.ts';
import { type ExplainReport, printExplained } from '../explain/text-view.ts';
import { openSession } from '../session.ts';
import { shownPath } from '../text.ts';
import { linesOf } from '../verify/lines.ts';

/** Bytes of a line: nobody writes longer ones but by accident. */
const LONGEST_LINE = 1024 * 1024;

/** @returns 3 when no line is known: the answer is unknown then */
export async function run(context: Context, words: readonly string[]): Promise<number> {
  const { console, at, file } = context;
  const summary = await readAll(context, words);
  const world = await worldOf(context);
  const causes = explainAll(
    createExplainer(world),
    summary.known.map(({ reading }) => reading),
  );
  const report: ExplainReport = { ...summary, causes, at, inCluster: world !== undefined };
  if (!world && summary.known.length > 0)
    console.warn(
      `there is no ${shownPath(file)}: the causes are those that such lines have in any cluster`,
      'kubetls adopt DIR describes yours, from a copy of its files; then they are held against it',
    );
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

/** Lines are explained anywhere; undefined where there is no cluster file. */
async function worldOf(context: Context): Promise<World | undefined> {
  const isThere = await stat(context.file).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (!isThere) return undefined;
  const { cluster, inventory, written } = await openSession(context);
  const shown = (path: string) => shownPath(join(context.state, path));
  return { cluster, inventory, written, at: context.at, again: context.again, shown };
}
