/** A table in plain columns, cut to the width of the terminal where there is one. */
export interface Column {
  readonly title: string;
  /** May be shortened when the terminal is narrow. */
  readonly flexible?: boolean;
}

const GAP = 2;
const NARROWEST = 12;

export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const widths = columns.map((column, i) =>
    Math.max(column.title.length, ...rows.map((row) => displayWidth(row[i] ?? ''))),
  );
  shrink(columns, widths, width);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === columns.length - 1 ? cell : fit(cell, widths[i] as number)))
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

function fit(text: string, width: number): string {
  const length = displayWidth(text);
  if (length <= width) return text + ' '.repeat(width - length);
  return `${[...text].slice(0, width - 1).join('')}…`;
}

/** Colour sequences take no room. */
function displayWidth(text: string): number {
  // oxlint-disable-next-line no-control-regex -- the escape that starts a colour
  return [...text.replace(/\u001b\[\d*m/g, '')].length;
}
