/** Values to JSON as kubectl prints them: Go's json.MarshalIndent with four spaces, `<`, `>` and `&` escaped. */
import { isList, isMap, type Json } from './json.ts';

export function writeJson(value: Json, indent = ''): string {
  const inner = `${indent}    `;
  if (isMap(value)) {
    const fields = Array.from(value, ([key, field]) => `${quoted(key)}: ${writeJson(field, inner)}`);
    return block('{', fields, '}', indent);
  }
  if (isList(value)) {
    return block(
      '[',
      value.map((item) => writeJson(item, inner)),
      ']',
      indent,
    );
  }
  return typeof value === 'string' ? quoted(value) : String(value);
}

function block(open: string, items: readonly string[], close: string, indent: string): string {
  if (items.length === 0) return open + close;
  const lines = items.map((item) => `\n${indent}    ${item}`);
  return `${open}${lines.join(',')}\n${indent}${close}`;
}

/** encoding/json, appendString: what HTML and JavaScript would take for something else is escaped too. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
