/** PEM texts as people and programs leave them behind: whole, cut, pasted together, converted. */
import type { Chance } from './chance.ts';

/** What may stand in a bundle: label and content. */
export type Material = readonly (readonly [label: string, bytes: Uint8Array])[];

/** What a block is written as, line by line. */
interface Written {
  begin: string;
  headers: string;
  body: string;
  end: string;
}

type Change = (block: Written, chance: Chance) => void;

const LABELS = [
  'CERTIFICATE',
  'TRUSTED CERTIFICATE',
  'X',
  '',
  'A-----',
  'EC PRIVATE KEY',
  'certificate',
  '\xe9',
];
const HEADERS = [
  'A: b',
  'A: b\n',
  'A:b\nC : d\n',
  'Proc-Type: 4,ENCRYPTED\nDEK-Info: x,00\n',
  ':',
  '\n',
  'A',
  ' A:\tb ',
  'A: \xff',
  'a: b\r\n\r',
];
const STRAY = [
  '!',
  '-',
  '_',
  '=',
  '==',
  ' ',
  '\t',
  '\n',
  '\n\n',
  '\r',
  '\xe9',
  '\0',
  'A',
  ':',
  '\n\v\n',
  '-----',
  '\n-----',
];
const BEGINS = [
  '-----BEGIN ',
  ' -----BEGIN ',
  '----BEGIN ',
  '-----BEGIN',
  '\t-----BEGIN ',
  '------BEGIN ',
  'x-----BEGIN ',
];
const ENDS = ['-----END ', ' -----END ', '----END ', '-----END', '\t-----END ', '------END ', '-----BEGIN '];
const TAILS = ['----', '------', '----- ', '-----\t ', '----- x', '', '-----\r', '-----\xa0'];
const BETWEEN = [
  '',
  '',
  '\n',
  '# words\n',
  'words',
  'a: b\n',
  '-----BEGIN CERTIFICATE-----\n',
  '-----END CERTIFICATE-----\n',
  '\n-----END ',
  '-----BEGIN ',
  ' ',
  '\r\n',
  '\xef\xbb\xbf',
  '\0',
  'subject=CN = a\n\n',
];

const BLOCK_CHANGES: readonly Change[] = [
  (block, { pick }) => (block.headers = `${pick(HEADERS)}\n`),
  (block, { pick }) => (block.begin = block.begin.replace('-----BEGIN ', pick(BEGINS))),
  (block, { pick }) => (block.end = block.end.replace('-----END ', pick(ENDS))),
  (block, { pick }) => (block.begin = block.begin.replace(/-----$/, pick(TAILS))),
  (block, { pick }) => (block.end = block.end.replace(/-----$/, pick(TAILS))),
  (block, { pick }) => (block.begin = `-----BEGIN ${pick(LABELS)}-----`),
  (block, { pick }) => (block.end = `-----END ${pick(LABELS)}-----`),
  (block) => (block.end = ''),
  (block) => (block.begin = ''),
  (block, { pick }) => (block.body = wrapped(block.body, pick([1, 3, 63, 65, 76, 4096]))),
  (block, { below, pick }) => (block.body = inserted(block.body, below(block.body.length + 1), pick(STRAY))),
  (block, { below }) => (block.body = block.body.slice(below(8))),
  (block, { below }) => (block.body = block.body.slice(0, -1 - below(8))),
  (block) => (block.body = block.body.replaceAll('=', '')),
  (block, { pick }) => (block.body += pick(['=', '==', '====', 'AAAA', 'AA==', '\n', '  \t'])),
  (block) => (block.body = ''),
];

type TextChange = (text: string, chance: Chance) => string;

const TEXT_CHANGES: readonly TextChange[] = [
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\r'),
  (text) => text.replaceAll(/^/gm, '  '),
  (text) => text.replaceAll('\n', ' \t\n'),
  (text) => text.replaceAll('\n', '\\n'),
  (text) => text.trimEnd(),
  (text) => `\xef\xbb\xbf${text}`,
  (text, { below }) => text.slice(0, below(text.length + 1)),
  (text, { below }) => text.slice(below(text.length + 1)),
  (text, { below, pick }) => inserted(text, below(text.length + 1), pick(STRAY)),
  (text, { below }) => inserted(text, below(text.length + 1), String.fromCharCode(below(256))),
  (text, { below }) => withLines(text, (lines) => lines.splice(below(lines.length), 1)),
  (text, { below }) =>
    withLines(text, (lines) => lines.splice(below(lines.length), 0, lines[below(lines.length)]!)),
  (text, { below }) => withLines(text, (lines) => lines.push(...lines.splice(below(lines.length), 2))),
];

/** Of octets: what is no UTF-8 stands in some. */
export function pemText(material: Material, chance: Chance): Buffer {
  const { pick, below, oneIn, repeat } = chance;
  const blocks = repeat(1 + below(3), () => {
    const block = writtenAs(...pick(material));
    if (!oneIn(3)) repeat(1 + below(2), () => pick(BLOCK_CHANGES)(block, chance));
    return textOf(block, oneIn(8) ? '' : '\n');
  });
  let text = blocks.map((block) => pick(BETWEEN) + block).join('') + pick(BETWEEN);
  if (!oneIn(2)) text = pick(TEXT_CHANGES)(text, chance);
  return Buffer.from(text, 'latin1');
}

function writtenAs(label: string, bytes: Uint8Array): Written {
  const body = wrapped(Buffer.from(bytes).toString('base64'), 64);
  return { begin: `-----BEGIN ${label}-----`, headers: '', body, end: `-----END ${label}-----` };
}

function textOf({ begin, headers, body, end }: Written, last: string): string {
  return `${begin}\n${headers}${body}\n${end}${last}`;
}

function wrapped(base64: string, columns: number): string {
  return (base64.replaceAll('\n', '').match(new RegExp(`.{1,${columns}}`, 'g')) ?? []).join('\n');
}

function inserted(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}

function withLines(text: string, change: (lines: string[]) => unknown): string {
  const lines = text.split('\n');
  change(lines);
  return lines.join('\n');
}
