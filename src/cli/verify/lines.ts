/** Bytes to lines, with no more in memory than one line and what came with it. */

/** A line without its end; undefined for one that is too long, of which nothing is kept. */
export type MaybeLine = string | undefined;

/** The lines that each part completes. The last one needs no end, and after an end comes none. `most` is in bytes. */
export async function* linesOf(
  parts: AsyncIterable<Buffer>,
  most: number,
): AsyncGenerator<readonly MaybeLine[]> {
  const line = growingLine(most);
  for await (const part of parts) {
    const complete: MaybeLine[] = [];
    let from = 0;
    for (let end = part.indexOf(NEWLINE); end >= 0; end = part.indexOf(NEWLINE, from)) {
      line.add(part.subarray(from, end));
      complete.push(line.take());
      from = end + 1;
    }
    line.add(part.subarray(from));
    if (complete.length > 0) yield complete;
  }
  const last = line.take();
  if (last !== '') yield [last];
}

const NEWLINE = 0x0a;

function growingLine(most: number) {
  let pieces: Buffer[] = [];
  let size = 0;
  return {
    add(piece: Buffer): void {
      size += piece.length;
      if (size > most) pieces = [];
      else if (piece.length > 0) pieces.push(piece);
    },
    take(): MaybeLine {
      const line = size > most ? undefined : Buffer.concat(pieces).toString('utf8');
      pieces = [];
      size = 0;
      return line;
    },
  };
}
