/** Of a length in pixels: a tenth is enough, and the same on every machine. */
export function at(length: number): string {
  return String(Math.round(length * 10) / 10);
}
