import type { FileChange, FoundFile } from '../inventory/index.ts';
import { sha256 } from './digest.ts';
import { changedSince, storeError } from './errors.ts';
import { checkBatch, checkLines, checkPath, checkPrefix, checkRun } from './path.ts';
import type { Batch, FileSet, Store } from './types.ts';

/** A store in memory: for tests and dry runs. Nothing is ever half done here, so a recovery only closes the run. */
export function memoryStore(files: Iterable<FoundFile> = [], name = 'memory'): Store {
  const tree = new Map<string, FoundFile>();
  const written = new Map<string, string>();
  const ledger: string[] = [];
  let open: string | undefined;
  for (const file of files) tree.set(checkPath(file.path), copied(file));

  function apply(change: FileChange): void {
    if ('remove' in change) {
      tree.delete(change.path);
      written.delete(change.path);
      return;
    }
    tree.set(change.path, copied(change));
    written.set(change.path, sha256(change.bytes));
  }

  function refuseChanged({ changes, seen }: FileSet): void {
    for (const { path } of seen ? changes : []) {
      const found = tree.get(path);
      if ((found && sha256(found.bytes)) !== seen?.get(path)) throw changedSince(path);
    }
  }

  function refuseOther(run: string): void {
    if (open === undefined || open === run) return;
    throw storeError({ code: 'stores/interrupted', message: `the run ${open} is not finished` });
  }

  return {
    name,
    read: async (prefix) => below(tree, prefix === undefined ? undefined : checkPrefix(prefix)).map(copied),
    readFile: async (path) => {
      const file = tree.get(checkPath(path));
      return file && copied(file);
    },
    begin: async (run) => {
      refuseOther(checkRun(run));
      open = run;
    },
    commit: async (batch: Batch, progress) => {
      checkBatch(batch);
      refuseOther(batch.run);
      open = batch.run;
      batch.sets.forEach((set, index) => {
        refuseChanged(set);
        for (const change of set.changes) apply(change);
        progress?.(index + 1);
      });
    },
    finish: async (run) => {
      refuseOther(checkRun(run));
      open = undefined;
    },
    recover: async () => {
      const run = open;
      open = undefined;
      return run === undefined ? undefined : { run, finished: [], undone: [], left: [] };
    },
    interrupted: async () => undefined,
    written: async () => new Map(written),
    appendLedger: async (lines) => {
      checkLines(lines);
      ledger.push(...lines);
    },
    readLedger: async () => [...ledger],
  };
}

function below(tree: ReadonlyMap<string, FoundFile>, prefix: string | undefined): FoundFile[] {
  return [...tree.values()]
    .filter(({ path }) => prefix === undefined || path === prefix || path.startsWith(`${prefix}/`))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Bytes are copied in and out: what a caller does to its buffer must not reach the tree. */
function copied({ path, mode, bytes }: FoundFile): FoundFile {
  return { path, mode, bytes: Uint8Array.from(bytes) };
}
