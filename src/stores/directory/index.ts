export { directoryStore, type DirectoryOptions } from './store.ts';
