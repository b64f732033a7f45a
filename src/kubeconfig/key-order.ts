/**
 * The order of keys in what Go writes (go.yaml.in/yaml/v2 sorter.go): runs of digits compare as numbers,
 * letters come after everything else. That is no order for some keys (`5u` < `017` < `0o` < `5u`), where
 * Go's result hangs on chance: a plain sort first makes ours depend on nothing but the keys.
 */
export function inKeyOrder<T>(entries: Iterable<readonly [string, T]>): (readonly [string, T])[] {
  const plain = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return plain.sort(([a], [b]) => compareKeys(a, b));
}

function compareKeys(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  const at = left.findIndex((character, i) => character !== right[i]);
  const l = left[at];
  const r = right[at];
  if (l === undefined || r === undefined) return left.length - right.length;
  const isLeftLetter = LETTER.test(l);
  if (isLeftLetter !== LETTER.test(r)) return isLeftLetter ? 1 : -1;
  return (isLeftLetter ? 0 : compareNumbers(left, right, at)) || compareCodePoints(l, r);
}

/** `<` compares halves of surrogate pairs, which come before U+E000. */
function compareCodePoints(l: string, r: string): number {
  return (l.codePointAt(0) ?? 0) - (r.codePointAt(0) ?? 0);
}

const LETTER = /\p{L}/u;
const DIGIT = /\d/;

/** The digits from `at` on; a digit before them that is not zero makes their leading zeros count. */
function compareNumbers(left: readonly string[], right: readonly string[], at: number): number {
  const [l, r] = [digitsFrom(left, at), digitsFrom(right, at)];
  const inside = (left[at] === '0' || right[at] === '0') && isInsideNumber(left, at);
  const [numberL, numberR] = inside ? [l, r] : [l.replace(/^0+/, ''), r.replace(/^0+/, '')];
  if (numberL.length !== numberR.length) return numberL.length - numberR.length;
  if (numberL !== numberR) return numberL < numberR ? -1 : 1;
  return l.length - r.length;
}

function isInsideNumber(characters: readonly string[], at: number): boolean {
  let i = at - 1;
  while (characters[i] === '0') i--;
  return DIGIT.test(characters[i] ?? '');
}

function digitsFrom(characters: readonly string[], at: number): string {
  const end = characters.findIndex((character, i) => i >= at && !DIGIT.test(character));
  return characters.slice(at, end < 0 ? undefined : end).join('');
}
