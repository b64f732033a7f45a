/** Lengths are pixels. */

export interface Sized {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface Joined {
  readonly from: string;
  readonly to: string;
  /** Lines of more weight are kept shorter. */
  readonly weight: number;
  /** Room for the words on it; undefined when there are none. */
  readonly label: { readonly width: number; readonly height: number } | undefined;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** `x` and `y` are of the middle. */
export interface Placed extends Sized, Point {}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Placed[];
  /** In the order of the lines that were given, from box to box, with the middle of the label. */
  readonly routes: readonly { readonly points: readonly Point[]; readonly label: Point | undefined }[];
}
