/** Where in a file, as far as it is another thing than the file: a line of it is not. */
export function insideOf(place: string | undefined): string | undefined {
  return place === undefined || /^line \d+$/.test(place) ? undefined : place;
}
