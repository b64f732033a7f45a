/**
 * Values to YAML in the form that Go writes (sigs.k8s.io/yaml over go.yaml.in/yaml/v2): keys sorted, lists
 * not indented, strings plain where kubectl reads them back as strings.
 */
import { isList, isMap, type Json, type JsonMap } from './json.ts';
import { inKeyOrder } from './key-order.ts';
import { keyScalar, textScalar } from './yaml-scalar.ts';

export function writeYaml(value: JsonMap): string {
  const lines: string[] = [];
  writeMap(value, '', '', lines);
  return `${lines.join('\n')}\n`;
}

/** `first` stands before the first line instead of the indentation: the dash of a list. */
function writeMap(map: JsonMap, indent: string, first: string, lines: string[]): void {
  let lead = first === '' ? indent : first;
  for (const [key, value] of inKeyOrder(map)) {
    writeAfter(`${lead}${keyScalar(key)}:`, value, indent, lines);
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
    lines.push(withLeaf(`${head} `, value, indent));
  }
}

function writeList(list: readonly Json[], indent: string, first: string, lines: string[]): void {
  let lead = first;
  for (const item of list) {
    if (isMap(item) && item.size > 0) writeMap(item, `${indent}  `, `${lead}- `, lines);
    else if (isList(item) && item.length > 0) writeList(item, `${indent}  `, `${lead}- `, lines);
    else lines.push(withLeaf(`${lead}- `, item, indent));
    lead = indent;
  }
}

/** What goes on in a next line stands two columns right of `indent`. */
function withLeaf(head: string, value: Json, indent: string): string {
  if (typeof value === 'string') return head + textScalar(value, head, `${indent}  `);
  if (isMap(value)) return `${head}{}`;
  if (isList(value)) return `${head}[]`;
  return head + (typeof value === 'number' ? float(value) : String(value));
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
