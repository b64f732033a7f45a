/** Words into lines of so many columns, cut to so many lines. */

/** East Asian wide and full-width characters, and what is drawn as a picture: two columns (Unicode UAX 11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f000}-\u{1faff}\u{20000}-\u{3ffff}]|\p{Extended_Pictographic}/u;

/** In columns of a font whose characters are all as wide. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += WIDE.test(character) ? 2 : 1;
  return columns;
}

const CUT = '…';

/** The beginning and the end, where names differ. */
export function shortened(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const characters = [...text];
  const head = taken(characters, Math.ceil((columns - 1) / 2));
  const tail = taken(characters.toReversed(), Math.floor((columns - 1) / 2)).toReversed();
  return [...head, CUT, ...tail].join('');
}

function taken(characters: readonly string[], columns: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => (used += columnsOf(character)) > columns);
  return characters.slice(0, end < 0 ? undefined : end);
}

/** Longer than any name and any sentence of Go: what is longer is an attack, and no picture shows it whole. */
const LONGEST = 600;

export function clipped(text: string): string {
  return text.length > LONGEST
    ? shortened(text.slice(0, LONGEST / 2) + text.slice(-LONGEST / 2), LONGEST - 1)
    : text;
}

/** Breaks between words; a word that is longer than a line where the line ends. */
export function wrapped(text: string, columns: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (columnsOf(line) > columns && lines.length <= most) {
      const head = taken([...line], columns).join('');
      if (head === '') break;
      lines.push(head);
      line = line.slice(head.length);
    }
    if (lines.length > most) break;
  }
  if (line !== '') lines.push(line);
  if (lines.length <= most) return lines;
  const last = taken([...(lines[most - 1] ?? '')], columns - 1).join('');
  return [...lines.slice(0, most - 1), last + CUT];
}
