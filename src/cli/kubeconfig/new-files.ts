import { equalBytes, KubetlsError, Secret } from '../../base/index.ts';
import { replaceFile } from '../../stores/index.ts';
import type { CliCode } from '../context.ts';
import { contentOf, readIfThere, writing } from './files.ts';

export interface NewFile {
  readonly file: string;
  readonly content: Uint8Array | Secret;
}

/** Files that were not there: what stands in the way of one is told before any is written. */
export async function writeNewFiles(files: readonly NewFile[]): Promise<void> {
  const due = files.filter(({ file, content }) => {
    const found = readIfThere(file);
    if (found && !equalBytes(found, contentOf(content))) throw standsThere(file);
    return found === undefined;
  });
  for (const { file, content } of due) {
    const mode = content instanceof Secret ? 0o600 : 0o644;
    await writing(file, () => replaceFile(file, contentOf(content), mode));
  }
}

function standsThere(file: string): KubetlsError<CliCode> {
  return new KubetlsError({
    code: 'cli/conflict',
    message: 'exists already with something else in it',
    where: { file },
    hint: 'move it away, or write to another directory',
  });
}
