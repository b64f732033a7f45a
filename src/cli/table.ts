/** A table in plain columns, cut to the width of the terminal where there is one. */
export interface Column {
  readonly title: string;
  /** May be shortened when the terminal is narrow. */
  readonly flexible?: boolean;
}

const GAP = 2;
const NARROWEST = 12;

/** `ellipsis` ends what was cut: one column wide. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  ellipsis = '…',
): string[] {
  const widths = columns.map((column, i) =>
    rows.reduce((most, row) => Math.max(most, displayWidth(row[i] ?? '')), column.title.length),
  );
  shrink(columns, widths, width);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === columns.length - 1 ? cell : fit(cell, widths[i] as number, ellipsis)))
      .join(' '.repeat(GAP))
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}

/** Takes from the widest flexible column until the row fits. */
function shrink(columns: readonly Column[], widths: number[], width: number): void {
  const total = () => widths.reduce((sum, one) => sum + one + GAP, -GAP);
  while (total() > width) {
    let widest = -1;
    for (const [i, column] of columns.entries()) {
      if (column.flexible && (widest < 0 || (widths[i] as number) > (widths[widest] as number))) widest = i;
    }
    if (widest < 0 || (widths[widest] as number) <= NARROWEST) return;
    widths[widest] = (widths[widest] as number) - 1;
  }
}

/** Cut in the middle: names differ at their ends, `kubelet@worker-1` from `kubelet@worker-2`. */
function fit(text: string, width: number, ellipsis: string): string {
  const length = displayWidth(text);
  if (length <= width) return text + ' '.repeat(width - length);
  const characters = [...text];
  const head = startOf(characters, Math.ceil((width - 1) / 2));
  const tail = startOf(characters.reverse(), Math.floor((width - 1) / 2)).reverse();
  const cut = `${head.join('')}${ellipsis}${tail.join('')}`;
  return cut + ' '.repeat(width - displayWidth(cut));
}

/** As many characters as have room. */
function startOf(characters: readonly string[], room: number): string[] {
  let taken = 0;
  const end = characters.findIndex((character) => (taken += displayWidth(character)) > room);
  return characters.slice(0, end);
}

/** Two columns each: UAX 11 Wide and Fullwidth, as far as names and emoji go. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

/** In columns of a terminal. Colour sequences and combining marks take no room. */
export function displayWidth(text: string): number {
  // oxlint-disable-next-line no-control-regex -- the escape that starts a colour
  const bare = text.replace(/\u001b\[\d*m|\p{M}/gu, '');
  let width = 0;
  for (const character of bare) width += WIDE.test(character) ? 2 : 1;
  return width;
}
