/** `verify --batch`: a JSON line for each JSON line, as long as somebody asks and somebody reads. */
import type { GoRules } from '../../verify/index.ts';
import type { Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { type Answer, answerTo, answerToBad } from './answer.ts';
import { linesOf, type MaybeLine } from './lines.ts';
import { createParser } from './parsed.ts';
import { readQuestion } from './question.ts';

const LONGEST_MIB = 64;
/** A bundle of 30,000 roots in one line. */
const LONGEST_LINE = LONGEST_MIB * 2 ** 20;

/** By `rules`, or those of the newest release. @returns 0 when every line was a question */
export async function runBatch(
  { console, clock, at, elsewhen, unheard }: Context,
  rules?: GoRules,
): Promise<number> {
  const parse = createParser(rules);
  let allGood = true;
  const answer = (line: MaybeLine): Answer => {
    const question =
      line === undefined
        ? { id: null, problem: `the line is longer than ${LONGEST_MIB} MiB` }
        : readQuestion(line);
    if (!('problem' in question))
      return answerTo(question, parse, { now: elsewhen ? at : clock.now(), rules });
    allGood = false;
    return answerToBad(question);
  };
  for await (const lines of linesOf(process.stdin as AsyncIterable<Buffer>, LONGEST_LINE)) {
    const answers = lines.filter((line) => line?.trim() !== '').map(answer);
    if (answers.length > 0) await console.printJsonLines(answers, unheard);
    if (unheard.aborted) break;
  }
  return allGood ? Exit.ok : Exit.usage;
}
