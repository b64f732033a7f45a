export interface RecordedRow {
  readonly name: string;
  readonly ratio: number;
  readonly unit: string;
  readonly detail: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}
export interface Recorded {
  readonly machine: { readonly node: string; readonly processor: string; readonly cores: number };
  readonly rows: readonly RecordedRow[];
}
export function holds(row: RecordedRow): boolean;
/** `at most 1.5`; `-` for a row that is there to be looked at. */
export function limitText(row: RecordedRow): string;
/** `23% worse than recorded`, within the limit too. */
export function slipText(row: RecordedRow, recorded: number | undefined): string | undefined;
/** The text of docs/benchmarks.md. */
export function benchPage(recorded: Recorded): string;
