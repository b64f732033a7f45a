/** One line of the table. Without a limit it is there to be looked at. */
export interface Row {
  readonly name: string;
  readonly ratio: number;
  /** What the ratio is of: `times node -e 0`, `of a bare loop`. */
  readonly unit: string;
  readonly detail: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}
