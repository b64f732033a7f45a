/**
 * What an unquoted YAML scalar means to Go: go.yaml.in/yaml/v2 resolve.go, the YAML 1.1 dialect in which
 * `yes`, `0o17` and `1_000` are no strings while dates and `1:30` are. One table for the reader, which
 * must see what kubectl sees, and for the writer, which must quote what kubectl would take for something
 * else.
 */
const NULL = /^(?:|~|null|Null|NULL)$/;
const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const SPECIAL_FLOAT = /^(?:\.nan|\.NaN|\.NAN|[-+]?(?:\.inf|\.Inf|\.INF))$/;
const INTEGER = /^[-+]?(?:0[bB][01]+|0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const UINT64_MAX = 2n ** 64n - 1n;
const INT64_MIN = -(2n ** 63n);
/** Longer digits are a float to Go, and BigInt's work on them is not linear. */
const INTEGER_DIGITS = 72;

/** The value, or `undefined` when it is a string. Not a number stands for every `.nan`. */
export function resolvePlain(text: string): null | boolean | number | bigint | undefined {
  if (NULL.test(text)) return null;
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  if (SPECIAL_FLOAT.test(text)) return specialFloat(text);
  if (!/^[-+.0-9]/.test(text)) return undefined;
  // Go drops underscores from what starts with a sign or a digit, not from `._5`.
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  if (digits.length <= INTEGER_DIGITS && INTEGER.test(digits)) {
    const integer = toInteger(digits);
    if (integer >= INT64_MIN && integer <= UINT64_MAX) return integer;
  }
  return FLOAT.test(digits) ? Number(digits) : undefined;
}

function specialFloat(text: string): number {
  if (/nan/i.test(text)) return Number.NaN;
  return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function toInteger(digits: string): bigint {
  const magnitude = digits.replace(/^[-+]/, '');
  const value = BigInt(/^0[0-7]+$/.test(magnitude) ? `0o${magnitude.slice(1)}` : magnitude);
  return digits.startsWith('-') ? -value : value;
}
