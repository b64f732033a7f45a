import { KubetlsError } from '../base/index.ts';

/** What can go wrong with a store. */
export type StoreCode =
  | 'stores/path'
  | 'stores/set'
  | 'stores/line'
  | 'stores/link'
  | 'stores/not-a-file'
  | 'stores/too-large'
  | 'stores/too-many'
  | 'stores/no-space'
  | 'stores/read-only'
  | 'stores/permission'
  | 'stores/io'
  | 'stores/locked'
  | 'stores/changed'
  | 'stores/interrupted'
  | 'stores/journal-damaged';

export interface StoreFailure {
  readonly code: StoreCode;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly hint?: string;
  readonly cause?: unknown;
}

export function storeError({
  code,
  message,
  file,
  line,
  hint,
  cause,
}: StoreFailure): KubetlsError<StoreCode> {
  return new KubetlsError<StoreCode>(
    {
      code,
      message,
      ...(file !== undefined && { where: { file, ...(line !== undefined && { line }) } }),
      ...(hint !== undefined && { hint }),
    },
    cause === undefined ? undefined : { cause },
  );
}

export function changedSince(path: string): KubetlsError<StoreCode> {
  return storeError({
    code: 'stores/changed',
    message: 'was changed by somebody else since the plan was made',
    file: path,
    hint: 'nothing of this step was written; look at a new plan: kubetls plan',
  });
}
