/** "Did you mean": the nearest of some words. */

/** The word at the smallest edit distance, if that is a slip of the hand; else the only one that holds the text. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  if (text.length > 64) return undefined;
  const lower = text.toLowerCase();
  let best: { word: string; distance: number } | undefined;
  for (const word of words) {
    const distance = editDistance(lower, word.toLowerCase());
    if (!best || distance < best.distance) best = { word, distance };
  }
  if (best && best.distance <= Math.max(1, Math.floor(text.length / 3))) return best.word;
  const [holder, ...others] =
    text.length < 3 ? [] : words.filter((word) => word.toLowerCase().includes(lower));
  return others.length === 0 ? holder : undefined;
}

/** `did you mean "flat"?`, else all of them: `one of: flat, kubeadm`. */
export function hintFor(text: string, words: readonly string[]): string {
  const near = nearest(text, words);
  return near === undefined ? `one of: ${words.join(', ')}` : `did you mean "${near}"?`;
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(before, j - 2) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
