/** A state directory of its own for each test, and the few looks at it that they share. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach } from 'vitest';
import { KubetlsError } from '../../base/index.ts';
import { put } from '../contract.ts';
import type { Batch, Store } from '../index.ts';
import { directoryStore } from './index.ts';

export const CRT = 'nodes/a/pki/a.crt';
export const KEY = 'nodes/a/pki/a.key';
export const pair: Batch = {
  run: 'r1',
  sets: [{ id: 'a', changes: [put(KEY, 'k1', 0o600), put(CRT, 'c1')] }],
};
export const isRoot = process.getuid?.() === 0;

export interface State {
  /** Holds everything that the tests of a file make. */
  readonly base: string;
  root: string;
  store: Store;
  /** Full path of something in the state directory. */
  at(path: string): string;
  /** Octal. */
  mode(path: string): string;
  /** A run of one batch; of `pair`, when left out. */
  write(batch?: Batch): Promise<void>;
}

/** To be called once in a test file, outside of any test. */
export function freshState(): State {
  const base = fs.mkdtempSync(join(tmpdir(), 'kubetls-state-'));
  const state: State = {
    base,
    root: base,
    store: directoryStore(base),
    at: (path) => join(state.root, path),
    mode: (path) => (fs.lstatSync(state.at(path)).mode & 0o7777).toString(8),
    write: async (batch = pair) => {
      await state.store.commit(batch);
      await state.store.finish(batch.run);
    },
  };
  beforeEach(() => {
    state.root = join(fs.mkdtempSync(join(base, 't-')), 'state');
    state.store = directoryStore(state.root);
  });
  afterAll(() => fs.rmSync(base, { recursive: true, force: true }));
  return state;
}

export async function failure(operation: Promise<unknown>): Promise<KubetlsError> {
  const error: unknown = await operation.catch((thrown: unknown) => thrown);
  if (error instanceof KubetlsError) return error;
  throw new Error(`expected a coded failure, got ${String(error)}`);
}
