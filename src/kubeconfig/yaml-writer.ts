/**
 * Values to YAML in the form that Go writes (sigs.k8s.io/yaml over go.yaml.in/yaml/v2): keys sorted, lists
 * not indented, strings plain where kubectl reads them back as strings. Two things differ from Go's bytes
 * and mean the same: long text is not folded, text of several lines is double-quoted.
 */
import { isList, isMap, type Json, type JsonMap } from './json.ts';
import { inKeyOrder } from './key-order.ts';
import { resolvePlain } from './plain-scalar.ts';

export function writeYaml(value: JsonMap): string {
  const lines: string[] = [];
  writeMap(value, '', '', lines);
  return `${lines.join('\n')}\n`;
}

/** `first` stands before the first line instead of the indentation: the dash of a list. */
function writeMap(map: JsonMap, indent: string, first: string, lines: string[]): void {
  let lead = first === '' ? indent : first;
  for (const [key, value] of inKeyOrder(map)) {
    writeAfter(`${lead}${scalar(key)}:`, value, indent, lines);
    lead = indent;
  }
}

function writeAfter(head: string, value: Json, indent: string, lines: string[]): void {
  if (isMap(value) && value.size > 0) {
    lines.push(head);
    writeMap(value, `${indent}  `, '', lines);
  } else if (isList(value) && value.length > 0) {
    lines.push(head);
    writeList(value, indent, indent, lines);
  } else {
    lines.push(`${head} ${leaf(value)}`);
  }
}

function writeList(list: readonly Json[], indent: string, first: string, lines: string[]): void {
  let lead = first;
  for (const item of list) {
    if (isMap(item) && item.size > 0) writeMap(item, `${indent}  `, `${lead}- `, lines);
    else if (isList(item) && item.length > 0) writeList(item, `${indent}  `, `${lead}- `, lines);
    else lines.push(`${lead}- ${leaf(item)}`);
    lead = indent;
  }
}

function leaf(value: Json): string {
  if (typeof value === 'string') return scalar(value);
  if (isMap(value)) return '{}';
  if (isList(value)) return '[]';
  return typeof value === 'number' ? float(value) : String(value);
}

/** strconv.FormatFloat(value, 'g', -1, 64), after a way through JSON that makes integers of whole numbers. */
function float(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  const whole = Number.isInteger(value) && power < 19;
  if (whole || (power >= -4 && power < 6)) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** yaml/v2 encode.go, stringv, and emitterc.go, yaml_emitter_analyze_scalar. */
function scalar(text: string): string {
  // Go leaves `<<` plain, as a key too, where it then reads something else.
  if (resolvePlain(text) !== undefined || BASE_60.test(text) || text === '<<') return doubleQuoted(text);
  if (UNPRINTABLE.test(text)) return doubleQuoted(text);
  if (INDICATOR_FIRST.test(text) || INDICATOR_INSIDE.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return text;
}

/** Other readers of YAML 1.1 take these for numbers, and dates for dates. */
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$|^\d{4}-\d\d?-\d\d?(?:$|[Tt ])/;
const INDICATOR_FIRST = /^(?:[ #,[\]{}&*!|>'"%@`]|[-?:](?: |$)|---|\.\.\.)/;
const INDICATOR_INSIDE = /:(?: |$)| #| $/;
/** What Go does not print as it is (yamlprivateh.go, is_printable), and every kind of line break. */
const UNPRINTABLE = /[^\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

function doubleQuoted(text: string): string {
  const inside = Array.from(text, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return UNPRINTABLE.test(character) ? escapeOf(character) : character;
  });
  return `"${inside.join('')}"`;
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
  }).concat(Object.entries({ '\x1b': 'e', '\u0085': 'N', '\u00a0': '_', '\u2028': 'L', '\u2029': 'P' })),
);

function escapeOf(character: string): string {
  const short = SHORT.get(character);
  if (short !== undefined) return `\\${short}`;
  const code = character.codePointAt(0) ?? 0;
  const [letter, width] =
    code <= 0xff ? (['x', 2] as const) : code <= 0xffff ? (['u', 4] as const) : (['U', 8] as const);
  return `\\${letter}${code.toString(16).toUpperCase().padStart(width, '0')}`;
}
