/** Where a tree begins. */
import { readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { errno } from '../directory/failures.ts';
import { nodeFs } from '../directory/fs-ops.ts';
import { storeError } from '../errors.ts';
import type { Root } from './links.ts';
import { systemFailure } from './read.ts';

export interface TreeRoot {
  /** What its files are called by: the name of a node. */
  readonly name: string;
  /** A directory, or a single file. */
  readonly path: string;
}

/** @throws KubetlsError for one that is not there */
export function rootAt(path: string): string {
  try {
    return nodeFs.realpath(resolve(path));
  } catch (error) {
    const failure = systemFailure(error);
    throw errno(error) === 'ENOENT'
      ? storeError({ code: 'stores/io', message: 'there is no such tree', file: path, hint: NAMING })
      : storeError({ ...failure, file: path, hint: 'run as somebody who may read it' });
  }
}

const NAMING = 'name a directory, or a file, that is there: DIRECTORY, or NAME=DIRECTORY';

export function rooted(name: string, directory: string): Root {
  return {
    name,
    directory: directory === '/' ? '' : directory,
    ops: nodeFs,
    readlink: (path) => readlinkSync(path),
  };
}
