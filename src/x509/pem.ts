import { asBuffer, concatBytes, type Failure, KubetlsError } from '../base/index.ts';
import type { X509Code } from './codes.ts';
import { latin1 } from './strings.ts';
import type { PemBlock } from './types.ts';

/**
 * PEM as Go reads it (encoding/pem.Decode): blocks may stand among other text, begin at the start of a
 * line, and a malformed one is passed over. The search follows Go step by step, since which of several
 * broken blocks survive is decided by its order: the first END, then the last BEGIN before it.
 *
 * One thing differs: Go does not see a block behind a byte order mark; here it is read, and reported. What Go sees:
 * `readPemAsGo`.
 */
const BEGIN = Buffer.from('-----BEGIN ');
const END = Buffer.from('\n-----END ');
const DASHES = '-----';
const NEWLINE = 0x0a;
/** Ours: some 20,000 certificates. */
const MAX_BYTES = 64 * 2 ** 20;
const MAX_PROBLEMS = 100;

/**
 * The blocks of a PEM text, in order. `problems`, when given, receives what was passed over, with lines.
 *
 * @throws KubetlsError `x509/too-large`
 */
export function readPem(input: string | Uint8Array, problems?: Failure[]): PemBlock[] {
  if (input.length > MAX_BYTES) {
    throw new KubetlsError({
      code: 'x509/too-large',
      message: `a PEM text has more than ${MAX_BYTES} bytes`,
    });
  }
  const bytes = typeof input === 'string' ? Buffer.from(input, 'utf8') : asBuffer(input);
  const bom = hasByteOrderMark(bytes);
  const text = bom ? bytes.subarray(3) : bytes;
  const found: Found[] = [];
  const refused = new Map<number, Refusal>();
  for (let at = 0; at >= 0; ) at = nextBlock(text, at, found, refused);
  const lines = lineCounter(text);
  const blocks = found.map(({ begin, ...block }) => ({ ...block, line: lines(begin) }));
  if (problems) {
    if (bom && found[0]?.begin === 0) problems.push(BOM_PROBLEM);
    for (const problem of overlooked(text, found, refused)) problems.push(problem);
  }
  return blocks;
}

const BLANK = Uint8Array.of(0x20);

/**
 * The blocks that encoding/pem sees: none behind a byte order mark. To Go that is text before a BEGIN, as a blank is;
 * and then other blocks may be found than those that follow.
 */
export function readPemAsGo(bytes: Uint8Array, problems?: Failure[]): PemBlock[] {
  if (!hasByteOrderMark(bytes)) return readPem(bytes, problems);
  if (problems) readPem(bytes, problems);
  return readPem(concatBytes([BLANK, bytes]));
}

export function hasByteOrderMark([first, second, third]: Uint8Array): boolean {
  return first === 0xef && second === 0xbb && third === 0xbf;
}

interface Found extends Omit<PemBlock, 'line'> {
  /** Offset of its BEGIN. */
  readonly begin: number;
}

interface Refusal {
  readonly code: X509Code;
  readonly message: string;
}

const REFUSALS = {
  begin: { code: 'x509/pem-begin', message: 'a BEGIN line does not end with five dashes' },
  start: { code: 'x509/pem-begin', message: 'BEGIN does not stand at the start of a line' },
  header: { code: 'x509/pem-header', message: 'headers are not followed by an END line' },
  end: { code: 'x509/pem-end', message: 'BEGIN and END do not name the same thing' },
  missing: { code: 'x509/pem-end', message: 'a BEGIN line has no END line' },
  base64: { code: 'x509/pem-base64', message: 'the content is not base64' },
} as const satisfies Record<string, Refusal>;

const BOM_PROBLEM: Failure<X509Code> = {
  code: 'x509/pem-bom',
  message: 'a byte order mark stands before the first block: Go programs do not see that block',
  where: { line: 1 },
  hint: 'save the file without a byte order mark',
};

/** Tries the block of the first END after `from`; returns where to go on, or -1 when no more can follow. */
function nextBlock(text: Buffer, from: number, found: Found[], refused: Map<number, Refusal>): number {
  let end = text.indexOf(END, from);
  if (end < 0) return -1;
  const afterEnd = end + END.length;
  // Only what lies between is searched: the whole stays linear.
  const begin = from + text.subarray(from, end).lastIndexOf(BEGIN);
  if (begin < from) return afterEnd;
  if (begin > from && text[begin - 1] !== NEWLINE) return refuse('start');

  const typeLine = lineAt(text, begin + BEGIN.length);
  let rest = typeLine.next;
  if (!typeLine.text.endsWith(DASHES)) return refuse('begin');
  const label = typeLine.text.slice(0, -DASHES.length);

  const headers = new Map<string, string>();
  for (;;) {
    if (rest >= text.length) return give('missing');
    const line = lineAt(text, rest);
    const colon = line.text.indexOf(':');
    if (colon < 0) break;
    headers.set(line.text.slice(0, colon).trim(), line.text.slice(colon + 1).trim());
    rest = line.next;
  }
  if (headers.size > 0 && end < rest) {
    // Go goes on behind the END that it first saw; when the headers ran past that too, it gives up.
    return afterEnd < rest ? give('header') : refuse('header');
  }
  const endLine = lineAt(text, afterEnd);
  if (endLine.text !== `${label}${DASHES}`) return refuse('end');

  // An empty block has but one newline between BEGIN and END, which the BEGIN line has already taken.
  if (end < rest) end = rest;
  const der = decodeBase64(text, rest, end);
  if (!der) return refuse('base64');
  found.push({ label, headers: Object.fromEntries(headers), bytes: der, begin });
  return endLine.next;

  function refuse(why: keyof typeof REFUSALS): number {
    refused.set(begin, REFUSALS[why]);
    return afterEnd;
  }
  function give(why: keyof typeof REFUSALS): number {
    refused.set(begin, REFUSALS[why]);
    return -1;
  }
}

/** The line at `from` without line end and trailing blanks, and where the next one starts. */
function lineAt(text: Buffer, from: number): { text: string; next: number } {
  const newline = text.indexOf(NEWLINE, from);
  const next = newline < 0 ? text.length : newline + 1;
  let end = newline < 0 ? text.length : newline;
  if (newline > from && text[end - 1] === 0x0d) end--;
  while (end > from && (text[end - 1] === 0x20 || text[end - 1] === 0x09)) end--;
  return { text: latin1(text, from, end), next };
}

/** 0 to 63: its value; 64: padding; 65: blank, to be passed over; 255: refused. */
const BASE64 = new Uint8Array(256).fill(255);
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';
for (let value = 0; value < DIGITS.length; value++) BASE64[DIGITS.charCodeAt(value)] = value;
for (const blank of ' \t\r\n') BASE64[blank.charCodeAt(0)] = 65;

/** Go's base64.StdEncoding: padded, nothing after the padding; unused bits of the last group are ignored. */
function decodeBase64(text: Buffer, start: number, end: number): Uint8Array | undefined {
  let digits = 0;
  let padding = 0;
  for (let at = start; at < end; at++) {
    const value = BASE64[text[at]!]!;
    if (value < 64) {
      if (padding > 0) return undefined;
      digits++;
    } else if (value === 64) {
      padding++;
    } else if (value === 255) {
      return undefined;
    }
  }
  if ((digits + padding) % 4 !== 0 || padding > 2) return undefined;
  // Own memory: a slice of the shared pool would keep 8 KiB alive for each block.
  const out = Buffer.alloc((digits * 3) >> 2);
  out.write(latin1(text, start, end), 'base64');
  return new Uint8Array(out.buffer, out.byteOffset, out.length);
}

/** Line numbers (from 1) of ascending offsets. */
function lineCounter(text: Buffer): (offset: number) => number {
  let line = 1;
  let next = text.indexOf(NEWLINE);
  return (offset) => {
    for (; next >= 0 && next < offset; next = text.indexOf(NEWLINE, next + 1)) line++;
    return line;
  };
}

/** BEGINs that gave no block, with the reason; of very many the first. */
function* overlooked(
  text: Buffer,
  found: readonly Found[],
  refused: ReadonlyMap<number, Refusal>,
): Generator<Failure<X509Code>> {
  const good = new Set(found.map((block) => block.begin));
  const lines = lineCounter(text);
  let left = MAX_PROBLEMS;
  for (let at = text.indexOf(BEGIN); at >= 0 && left > 0; at = text.indexOf(BEGIN, at + 1)) {
    if (good.has(at)) continue;
    const startsLine = at === 0 || text[at - 1] === NEWLINE;
    const why = refused.get(at) ?? (startsLine ? REFUSALS.missing : REFUSALS.start);
    left--;
    yield { ...why, where: { line: lines(at) } };
  }
}

/** One block: base64 in lines of 64 columns, a newline at the end (RFC 7468, 2). */
export function writePem(label: string, der: Uint8Array): string {
  const base64 = asBuffer(der).toString('base64');
  let text = `-----BEGIN ${label}-----\n`;
  for (let at = 0; at < base64.length; at += 64) text += `${base64.slice(at, at + 64)}\n`;
  return `${text}-----END ${label}-----\n`;
}
