/**
 * Text as a YAML scalar, in the style and with the line breaks that Go gives it (go.yaml.in/yaml/v2
 * encode.go, stringv; emitterc.go, yaml_emitter_analyze_scalar and the writers below it). Text with a line
 * break that is none to Go's encoder (U+2028, U+2029) is double-quoted here, and means the same.
 */
import { resolvePlain } from './plain-scalar.ts';

/** Words that would begin behind this column begin a line (emitterc.go, best_width). */
const BEST_WIDTH = 80;

/** A key stands on one line. */
export function keyScalar(text: string): string {
  const style = styleOf(text);
  return style === 'plain' ? text : style === 'single' ? singleQuoted(text) : doubleQuoted(text);
}

/** A value: `head` stands before it on its line, `indent` before each line that follows. */
export function textScalar(text: string, head: string, indent: string): string {
  if (text.includes('\n') && isBlock(text)) return literal(text, indent);
  const style = styleOf(text);
  const line = { column: [...head].length, indent };
  if (style === 'plain') return folded(text, line, style);
  if (style === 'single') return folded(singleQuoted(text), line, style);
  return folded(doubleQuoted(text), line, style);
}

type Style = 'plain' | 'single' | 'double';

function styleOf(text: string): Style {
  // Go leaves `<<` plain, as a key too, where it then reads something else.
  if (resolvePlain(text) !== undefined || BASE_60.test(text) || text === '<<') return 'double';
  if (UNPRINTABLE.test(text)) return 'double';
  return INDICATOR_FIRST.test(text) || INDICATOR_INSIDE.test(text) ? 'single' : 'plain';
}

/** Other readers of YAML 1.1 take these for numbers, and dates for dates. */
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$|^\d{4}-\d\d?-\d\d?(?:$|[Tt ])/;
const INDICATOR_FIRST = /^(?:[ #,[\]{}&*!|>'"%@`]|[-?:](?: |$)|---|\.\.\.)/;
const INDICATOR_INSIDE = /:(?: |$)| #| $/;
/** What Go does not print as it is (yamlprivateh.go, is_printable), and every kind of line break. */
const UNPRINTABLE = /[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

/** A literal block holds what can be printed; a space before a line's end or at the last one would be lost. */
function isBlock(text: string): boolean {
  return !UNPRINTABLE.test(text.replaceAll('\n', '')) && !/ (?:\n|$)/.test(text);
}

/** The line breaks at the end: none (`-`), one, or all of them (`+`). */
function literal(text: string, indent: string): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = text.replace(/\n$/, '').split('\n');
  return [`|${hint}${chomp}`, ...lines.map((line) => (line === '' ? '' : indent + line))].join('\n');
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function doubleQuoted(text: string): string {
  const inside = Array.from(text, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return UNPRINTABLE.test(character) ? escapeOf(character) : character;
  });
  return `"${inside.join('')}"`;
}

/**
 * Breaks the line at a single space behind the width. Between quotes neither the first nor the last
 * character is such a space, and a double-quoted line that begins with a space says so by a backslash.
 */
function folded(
  written: string,
  { column, indent }: { column: number; indent: string },
  style: Style,
): string {
  const characters = [...written];
  if (column + characters.length <= BEST_WIDTH) return written;
  const quotes = style === 'plain' ? 0 : 1;
  let at = column;
  let out = '';
  for (const [i, character] of characters.entries()) {
    const inside = style === 'plain' || (i > quotes && i < characters.length - 1 - quotes);
    const next = characters[i + 1];
    const alone = characters[i - 1] !== ' ' && (style === 'double' || next !== ' ');
    if (character === ' ' && at > BEST_WIDTH && inside && alone) {
      const escape = style === 'double' && next === ' ' ? '\\' : '';
      out += `\n${indent}${escape}`;
      at = indent.length + escape.length;
    } else {
      out += character;
      at++;
    }
  }
  return out;
}

const SHORT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '\0': '0',
    '\x07': 'a',
    '\b': 'b',
    '\t': 't',
    '\n': 'n',
    '\v': 'v',
    '\f': 'f',
    '\r': 'r',
  }).concat(Object.entries({ '\x1b': 'e', '\u0085': 'N', '\u2028': 'L', '\u2029': 'P' })),
);

function escapeOf(character: string): string {
  const short = SHORT.get(character);
  if (short !== undefined) return `\\${short}`;
  const code = character.codePointAt(0) ?? 0;
  const [letter, width] =
    code <= 0xff ? (['x', 2] as const) : code <= 0xffff ? (['u', 4] as const) : (['U', 8] as const);
  return `\\${letter}${code.toString(16).toUpperCase().padStart(width, '0')}`;
}
