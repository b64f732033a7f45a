import { withoutKeys } from './secret.ts';

/**
 * Failures are coded values with facts; their text is rendered once, here, and printed at the edge.
 *
 * A code is `<room>/<what>`, stable, and never reused for something else. Each room lists its own codes
 * in a union type, so that the compiler keeps the list closed.
 */

/** Where a failure is: a file (with line and column, both from 1), a byte offset in some DER, a name. */
export interface Where {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Offset in bytes from the start of the value that was read. */
  readonly offset?: number;
  /** Path inside a structure, such as `spec.nodes[2].addresses` or `tbsCertificate.validity`. */
  readonly path?: string;
}

export interface Failure<Code extends string = string> {
  readonly code: Code;
  /** One sentence, no trailing full stop; never holds key material. */
  readonly message: string;
  readonly where?: Where;
  /** What the reader can do about it: a sentence or a command. */
  readonly hint?: string;
}

/** The one error class. Everything else that is thrown is a defect of ours. */
export class KubetlsError<Code extends string = string> extends Error implements Failure<Code> {
  override readonly name = 'KubetlsError';
  readonly code: Code;
  readonly where?: Where;
  readonly hint?: string;

  constructor(failure: Failure<Code>, options?: ErrorOptions) {
    super(withoutKeys(failure.message), options);
    this.code = failure.code;
    if (failure.where !== undefined) this.where = failure.where;
    if (failure.hint !== undefined) this.hint = withoutKeys(failure.hint);
  }
}

/** The failure in what was caught; anything else is a defect and goes on up. */
export function expectedFailure(error: unknown): KubetlsError {
  if (error instanceof KubetlsError) return error as KubetlsError;
  throw error;
}

/** `kubetls.yaml:12:7: spec.nodes[2]: ` as far as known; empty when nothing is. */
export function renderWhere(where: Where | undefined): string {
  if (!where) return '';
  const place = [where.file, where.line, where.column].filter((part) => part !== undefined).join(':');
  const offset = where.offset === undefined ? undefined : `byte ${where.offset}`;
  return [place || undefined, where.path, offset].filter((part) => part !== undefined).join(': ');
}

/** `where: message`, one line. */
export function renderFailure(failure: Failure): string {
  const place = renderWhere(failure.where);
  return withoutKeys(place === '' ? failure.message : `${place}: ${failure.message}`);
}
