/** An input changed in one to eight places: octets, pieces, words of the target's language. */
import { type Below, oneOf } from './random.ts';
import { mutateDer, mutateEncoded } from './mutate-structure.ts';

/** What an input is made of: decides which changes have a chance to get past the first check. */
export type Language = 'der' | 'text' | 'octets';

export interface Mutable {
  readonly language: Language;
  /** Words of the language, in latin1. */
  readonly words: readonly string[];
}

/** Values at which arithmetic goes wrong. */
const BOUNDARIES = [0, 1, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xff, 0x0a, 0x20, 0x30];

type Change = (input: Buffer, below: Below, target: Mutable, other: Buffer) => Buffer;

const OCTETS: readonly Change[] = [
  (input, below) => replaced(input, below, (octet) => octet ^ (1 << below(8))),
  (input, below) => replaced(input, below, () => below(256)),
  (input, below) => replaced(input, below, (octet) => octet + below(33) - 16),
  (input, below) => replaced(input, below, () => oneOf(BOUNDARIES, below)),
];

const PIECES: readonly Change[] = [
  (input, below) => input.subarray(0, below(input.length + 1)),
  (input, below) => spliced(input, below, 0, piece(input, below)),
  (input, below) => spliced(input, below, below(below(64) + 1), Buffer.alloc(0)),
  (input, below) => spliced(input, below, 0, Buffer.alloc(1 + below(8), below(256))),
  (input, below, { words }) => spliced(input, below, 0, word(words, below)),
  (input, below, { words }) => {
    const found = word(words, below);
    return spliced(input, below, found.length, found);
  },
  (input, below, _, other) => spliced(input, below, below(64), piece(other, below)),
];

const LINES: readonly Change[] = [
  renamed,
  (input, below) => changedLines(input, below, (lines, at) => void lines.splice(at, 1)),
  (input, below) => changedLines(input, below, (lines, at) => void lines.splice(at, 0, lines[at] ?? '')),
  (input, below) =>
    changedLines(input, below, (lines, at) => void lines.push(...lines.splice(at, 1 + below(3)))),
  (input, below) => changedLines(input, below, (lines, at) => (lines[at] = `  ${lines[at]}`)),
  (input, below) =>
    changedLines(input, below, (lines, at) => (lines[at] = (lines[at] ?? '').replace(/^ {1,2}/, ''))),
  (input, below, { words }) =>
    changedLines(input, below, (lines, at) => {
      const value = word(words, below).toString('latin1');
      lines[at] = (lines[at] ?? '').replace(/([:=-] ?).*$/, (_, before: string) => before + value);
    }),
];

const STRUCTURE: Readonly<Record<Language, readonly Change[]>> = {
  der: [mutateDer, mutateDer, mutateDer],
  text: [...LINES, mutateEncoded],
  octets: [],
};

/** `other` is a second input of the corpus, of which a piece may be taken over. */
export function mutated(input: Buffer, other: Buffer, target: Mutable, below: Below): Buffer {
  const changes = [OCTETS, PIECES, STRUCTURE[target.language]].filter((list) => list.length > 0);
  let out = input;
  for (let left = 1 << below(4); left > 0; left--) {
    out = oneOf(oneOf(changes, below), below)(out, below, target, other);
  }
  return out;
}

function replaced(input: Buffer, below: Below, change: (octet: number) => number): Buffer {
  if (input.length === 0) return input;
  const out = Buffer.from(input);
  const at = below(out.length);
  out[at] = change(out[at]!);
  return out;
}

function spliced(input: Buffer, below: Below, remove: number, insert: Buffer): Buffer {
  const at = below(input.length + 1);
  return Buffer.concat([input.subarray(0, at), insert, input.subarray(at + remove)]);
}

function piece(of: Buffer, below: Below): Buffer {
  const start = below(of.length);
  return of.subarray(start, start + 1 + below(below(64) + 1));
}

function word(words: readonly string[], below: Below): Buffer {
  return Buffer.from(words.length === 0 ? '' : oneOf(words, below), 'latin1');
}

/** A word everywhere by another: what stands twice must agree, as a block's BEGIN and END. */
function renamed(input: Buffer, below: Below, { words }: Mutable): Buffer {
  const text = input.toString('latin1');
  const names = text.match(/[A-Za-z_][\w-]*/g);
  if (!names) return input;
  const other = oneOf([...words, ...MEMBERS], below);
  return Buffer.from(
    text.replaceAll(oneOf(names, below), () => other),
    'latin1',
  );
}

/** Names that every object has a member of: a table that is an object finds them. */
const MEMBERS = ['__proto__', '__defineGetter__', 'constructor', 'hasOwnProperty', 'toString', 'valueOf'];

function changedLines(input: Buffer, below: Below, change: (lines: string[], at: number) => void): Buffer {
  const lines = input.toString('latin1').split('\n');
  change(lines, below(lines.length));
  return Buffer.from(lines.join('\n'), 'latin1');
}
