import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasOpenssl, openssl } from '../../test/judges/openssl.ts';
import { codeOf } from '../../test/judges/code-of.ts';
import { type Failure, renderFailure } from '../base/index.ts';
import { readPem, readPemAsGo, writePem } from './index.ts';

const A = '-----BEGIN A-----\nAAAA\n-----END A-----\n';
const B = '-----BEGIN B-----\nQUJD\n-----END B-----\n';

function read(text: string) {
  const problems: Failure[] = [];
  const blocks = readPem(text, problems);
  return { labels: blocks.map(({ label }) => label).join(), problems: problems.map(renderFailure), blocks };
}

describe('PEM', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }),
        fc.boolean(),
        (ders, windows) => {
          const text = ders.map((der) => writePem('CERTIFICATE', der)).join('some text\n');
          const blocks = readPem(windows ? text.replaceAll('\n', '\r\n') : text);
          expect(blocks.map(({ bytes }) => Buffer.from(bytes))).toEqual(ders.map((der) => Buffer.from(der)));
        },
      ),
    );
  });

  it('is written in lines of 64 columns', () => {
    expect(writePem('X', new Uint8Array(49))).toBe(
      `-----BEGIN X-----\n${'A'.repeat(64)}\nAA==\n-----END X-----\n`,
    );
    expect(writePem('X', new Uint8Array(48))).toBe(`-----BEGIN X-----\n${'A'.repeat(64)}\n-----END X-----\n`);
    expect(writePem('X', new Uint8Array())).toBe('-----BEGIN X-----\n-----END X-----\n');
  });

  it.skipIf(!hasOpenssl())('is what openssl writes (needs openssl)', () => {
    const pem = openssl(['genpkey', '-algorithm', 'ed25519']).toString();
    const [block] = readPem(pem);
    expect(writePem('PRIVATE KEY', block?.bytes ?? new Uint8Array())).toBe(pem);
  });

  // Which blocks survive is what Go 1.26 answers, pem.Decode in a loop.
  it.each([
    ['text around', `x\n${A}y\n${B}z`, 'A,B'],
    ['no newline at the end', A.trimEnd(), 'A'],
    ['old Macintosh line ends', A.replaceAll('\n', '\r'), ''],
    ['blanks behind the dashes', A.replaceAll('-\n', '- \t\n'), 'A'],
    ['blanks in the content', '-----BEGIN A-----\nA A\tA A\n-----END A-----\n', 'A'],
    ['headers', '-----BEGIN A-----\nk: v\nProc-Type: 4\n\nAAAA\n-----END A-----\n', 'A'],
    ['nothing inside', '-----BEGIN A-----\n-----END A-----\n', 'A'],
    ['a BEGIN with no END before a good block', `-----BEGIN A-----\nAAAA\n${B}`, 'B'],
    ['an END of another label', `-----BEGIN A-----\nAAAA\n-----END B-----\n${B}`, 'B'],
    ['BEGIN inside a line', `x${A}${B}`, 'B'],
    ['content that is no base64', `-----BEGIN A-----\nAA!A\n-----END A-----\n${B}`, 'B'],
    ['wrong padding', `-----BEGIN A-----\nAAA\n-----END A-----\n${B}`, 'B'],
    ['something behind the padding', `-----BEGIN A-----\nAA==AAAA\n-----END A-----\n${B}`, 'B'],
    ['END behind the content in one line', `-----BEGIN A-----\nAAAA-----END A-----\n${B}`, 'B'],
    ['no block at all', 'hello', ''],
  ])('with %s', (_, text, labels) => {
    expect(read(text).labels).toBe(labels);
  });

  it('says what it passed over, with lines', () => {
    const broken = '-----BEGIN A-----\nAAA\n-----END A-----\n';
    const text = `\n${broken}${B}-----BEGIN C-----\nAAAA\n-----END D-----\n ${A}-----BEGIN E-----\n`;
    expect(read(text)).toMatchObject({
      labels: 'B',
      problems: [
        '2: the content is not base64',
        '8: BEGIN and END do not name the same thing',
        '11: BEGIN does not stand at the start of a line',
        '14: a BEGIN line has no END line',
      ],
    });
  });

  it('gives headers and the line of BEGIN', () => {
    const [block] = read(
      `\n\n-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n__proto__: x\n\nAAAA\n-----END A-----\n`,
    ).blocks;
    expect(block?.line).toBe(3);
    expect(Object.entries(block?.headers ?? {})).toEqual([
      ['Proc-Type', '4,ENCRYPTED'],
      ['__proto__', 'x'],
    ]);
  });

  it('is read behind a byte order mark, with a warning, since Go does not see that block', () => {
    expect(read(`\ufeff${A}${B}`)).toMatchObject({
      labels: 'A,B',
      problems: ['1: a byte order mark stands before the first block: Go programs do not see that block'],
    });
    expect(read(`\ufeffsome text\n${A}`)).toMatchObject({ labels: 'A', problems: [] });
  });

  it('is bounded in size', () => {
    expect(codeOf(() => readPem(new Uint8Array(2 ** 26 + 1)))).toBe('x509/too-large');
  });

  it('never fails, and never takes long, on hostile text', () => {
    const line = fc.constantFrom(
      '-----BEGIN A-----',
      '-----END A-----',
      'AAAA',
      'k: v',
      '-----BEGIN ',
      '-----END ',
      '',
    );
    fc.assert(fc.property(fc.array(line), (lines) => readPem(lines.join('\n'), []).length >= 0));
    // 6 MiB each: anything quadratic would run for hours.
    for (const piece of [
      '-----BEGIN A-----\n',
      '\n-----END A-----',
      '-----BEGIN A-----\n-----END B-----\n',
      'a: b\n',
    ]) {
      readPem(`-----BEGIN A-----\n${piece.repeat((6 * 2 ** 20) / piece.length)}`, []);
    }
  });
});

describe('the blocks that Go sees', () => {
  const one = '-----BEGIN A-----\nAAAA\n-----END A-----\n';
  const labels = (text: string) =>
    readPemAsGo(Buffer.from(text)).map(({ label, line }) => `${label} ${line}`);

  it('are all, and not the one behind a byte order mark', () => {
    expect(labels(one + one)).toEqual(['A 1', 'A 4']);
    expect(labels(`\ufeff${one}${one}`)).toEqual(['A 4']);
    expect(labels(`\ufeff\n${one}`)).toEqual(['A 2']);
  });

  it('behind a mark also begin where an END has just been passed over', () => {
    const odd = '-----END -----BEGIN B-----\nAAAA\n-----END B-----\n';
    expect(labels(one + odd)).toEqual(['A 1']);
    expect(labels(`\ufeff${one}${odd}`)).toEqual(['B 4']);
  });
});
