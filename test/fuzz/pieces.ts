/** A text as it may arrive over a socket: in pieces of a few sizes, all of them the same for the same number. */
const SIZES = [1, 2, 7, 64, 1024, 1 << 16];

export function* piecesOf(text: Buffer, cut: number): Generator<Buffer> {
  const size = SIZES[cut % SIZES.length]!;
  // No text is worth a hundred thousand pieces.
  const step = Math.max(size, text.length >> 10);
  for (let at = 0; at < text.length; at += step) yield text.subarray(at, at + step);
}
