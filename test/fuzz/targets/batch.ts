import { asBuffer } from '../../../src/base/index.ts';
import { answerTo, answerToBad } from '../../../src/cli/verify/answer.ts';
import { linesOf, type MaybeLine } from '../../../src/cli/verify/lines.ts';
import { createParser } from '../../../src/cli/verify/parsed.ts';
import { readQuestion } from '../../../src/cli/verify/question.ts';
import { goRules } from '../../../src/verify/index.ts';
import { piecesOf } from '../pieces.ts';
import { listed, mustHold, never, type Target } from '../target.ts';

/** What is asked of `kubetls verify --batch`: nobody there catches anything. */
export const batchTargets: Readonly<Record<string, Target>> = {
  batch: never('text', answerAll, {
    words: listed(
      '"id":¦"leaf":¦"intermediates":[¦"roots":[¦"at":"¦"usage":"client"¦"usage":"any"¦"name":"¦null¦{}¦[]¦"AAAA"',
      '2027-01-31T00:00:00Z¦0000-01-01T0:00:00,5+24:60¦9999-12-31T23:59:59.999999999-24:60¦.0000001Z¦\n¦\r\n¦\\ud800',
      '"-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n"¦\\ufeff¦__proto__¦*.a.b¦[::1]¦10.0.0.1',
    ),
    pace: 1 / 2,
  }),
};

/** Of a line, which then has an end or is too long. */
const MOST = 4096;
const NOW = Date.UTC(2026, 10, 28);
const FARTHEST = 24 * 60 + 60;

/** The first octet says how it is cut into pieces, and by which release it is judged. */
async function answerAll(bytes: Uint8Array): Promise<void> {
  const [first = 0] = bytes;
  const text = asBuffer(bytes).subarray(1);
  const lines = await linesIn(piecesOf(text, first));
  const whole = await linesIn([text]);
  mustHold(JSON.stringify(lines) === JSON.stringify(whole), 'lines do not depend on how they arrive');
  const rules = goRules(31 + (first % 7));
  const parse = createParser(rules);
  for (const line of lines) {
    if (line === undefined || line.trim() === '') continue;
    mustHold(!line.includes('\n'), 'a line is one');
    const question = readQuestion(line);
    const answer =
      'problem' in question ? answerToBad(question) : answerTo(question, parse, { now: NOW, rules });
    mustHold(answer.ok === (answer.error === ''), 'a no has words');
    mustHold(answer.chains === answer.chain_lengths.length, 'chains are counted');
    if ('problem' in question || question.at === undefined) continue;
    const { at, utcOffset } = question.at;
    mustHold(Number.isFinite(at) && Math.abs(utcOffset) <= FARTHEST, 'an instant is one');
  }
}

async function linesIn(pieces: Iterable<Buffer>): Promise<MaybeLine[]> {
  const read: (readonly MaybeLine[])[] = [];
  for await (const lines of linesOf(arriving(pieces), MOST)) read.push(lines);
  return read.flat();
}

async function* arriving(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* pieces;
}
