/**
 * Values to YAML in the form that Go writes (sigs.k8s.io/yaml over go.yaml.in/yaml/v2): keys sorted, lists
 * not indented, strings plain where kubectl reads them back as strings. Two things differ from Go's bytes
 * and mean the same: long text is not folded, text of several lines is double-quoted.
 */
import { isList, isMap, type Json, type JsonMap } from './json.ts';
import { compareKeys } from './key-order.ts';
import { resolvePlain } from './plain-scalar.ts';

export function writeYaml(value: JsonMap): string {
  const lines: string[] = [];
  writeMap(value, '', '', lines);
  return `${lines.join('\n')}\n`;
}

/** `first` stands before the first line instead of the indentation: the dash of a list. */
function writeMap(map: JsonMap, indent: string, first: string, lines: string[]): void {
  let lead = first === '' ? indent : first;
  for (const [key, value] of [...map].sort(([a], [b]) => compareKeys(a, b))) {
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
  if (typeof value !== 'number' || Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return '.nan';
  return value < 0 ? '-.inf' : '.inf';
}

/** yaml/v2 encode.go, stringv, and emitterc.go, yaml_emitter_analyze_scalar. */
function scalar(text: string): string {
  if (resolvePlain(text) !== undefined || BASE_60.test(text) || text === '<<') return JSON.stringify(text);
  if (UNPRINTABLE.test(text)) return doubleQuoted(text);
  if (INDICATOR_FIRST.test(text) || INDICATOR_INSIDE.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return text;
}

/** Other readers of YAML 1.1 take these for numbers, and dates for dates. */
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$|^\d{4}-\d\d?-\d\d?(?:$|[Tt ])/;
const INDICATOR_FIRST = /^(?:[ #,[\]{}&*!|>'"%@`]|[-?:](?: |$)|---|\.\.\.)/;
const INDICATOR_INSIDE = /:(?: |$)| #| $/;
const UNPRINTABLE = /[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** JSON's escapes are YAML's; what JSON leaves as it is and YAML does not allow is added. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
