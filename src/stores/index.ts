export { directoryStore, type DirectoryOptions } from './directory/index.ts';
export type { StoreCode } from './errors.ts';
export { memoryStore } from './memory.ts';
export { replaceFile } from './replace-file.ts';
export type { Batch, FileSet, Recovery, Store } from './types.ts';
export { readTrees, type TreeRoot } from './tree/index.ts';
