/** "Did you mean": the nearest of some words. */
import { editDistance } from './edit-distance.ts';

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
