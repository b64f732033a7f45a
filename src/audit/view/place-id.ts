/**
 * Where something stands, as one string: a file, or a file and where in it, as with the field of an object in a
 * dump. NUL parts the two, which no path can have, so that such a place is never taken for a file.
 */
import type { StatePath } from '../../cluster/index.ts';

export function placeId(path: StatePath, inside: string | undefined): StatePath {
  return inside === undefined ? path : `${path}\0${inside}`;
}

/** The file, and where in it; `inside` is undefined for a file as a whole. */
export function placeParts(id: StatePath): { readonly file: StatePath; readonly inside: string | undefined } {
  const end = id.indexOf('\0');
  return end < 0 ? { file: id, inside: undefined } : { file: id.slice(0, end), inside: id.slice(end + 1) };
}

/** `dump.yaml: Secret kube-system/web, data.tls.crt` */
export function placeText(id: StatePath): string {
  const { file, inside } = placeParts(id);
  return inside === undefined ? file : `${file}: ${inside}`;
}
