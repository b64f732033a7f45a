import type { DesiredFile } from '../cluster/index.ts';
import type { Content, FileChange } from '../inventory/index.ts';

/** Its bytes are made when somebody looks, once: a rehearsal asks only what it holds. */
export function newFile(file: DesiredFile, content: Content, write: () => Uint8Array): FileChange {
  let bytes: Uint8Array | undefined;
  return {
    ...file,
    content,
    get bytes() {
      return (bytes ??= write());
    },
  };
}
