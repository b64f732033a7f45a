/**
 * Trees that somebody else made, on a node or copied from one: walked within bounds, whatever stands there.
 * What is no regular file is never opened, no link leads out, and nothing that is found ends the walk.
 */
import type { Dirent } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { TreeFile } from '../../survey/index.ts';
import { nodeFs } from '../directory/fs-ops.ts';
import { slicer } from '../directory/slices.ts';
import { storeError } from '../errors.ts';
import { LIMITS } from './limits.ts';
import { type Followed, follow, type Root } from './links.ts';
import { isLinkFollowed, isLookedAt, isMachine, isPassed, isWorthAWord } from './machine.ts';
import { notAFile, readFile, systemFailure, unread } from './read.ts';
import { rootAt, rooted, type TreeRoot } from './tree-root.ts';

/** Every file of the trees, in order of path within each. @throws KubetlsError for a root that is not there */
export async function* readTrees(roots: readonly TreeRoot[]): AsyncGenerator<TreeFile, void> {
  const slice = slicer();
  const spent = { files: 0, bytes: 0 };
  for (const { name, path } of roots) {
    const directory = rootAt(path);
    for (const file of filesIn(name, directory)) {
      spent.files++;
      spent.bytes += file.bytes?.length ?? 0;
      if (spent.files > LIMITS.files) throw tooMuch(path, `more than ${LIMITS.files} files`);
      if (spent.bytes > LIMITS.totalBytes) throw tooMuch(path, `more than ${LIMITS.totalBytes} bytes`);
      yield file;
      await slice();
    }
  }
}

function tooMuch(file: string, what: string): Error {
  return storeError({
    code: 'stores/too-many',
    message: `the tree holds ${what}`,
    file,
    hint: 'name the directories of the PKI in it',
  });
}

function* filesIn(name: string, real: string): Generator<TreeFile> {
  if (nodeFs.lstat(real)?.isDirectory()) yield* new Walk(rooted(name, real)).files();
  else yield readFile(rooted(name, dirname(real)), basename(real), basename(real));
}

/** A directory that is still to be walked. `at` is where it stands, `path` what it is called. */
interface Pending {
  readonly path: string;
  readonly at: string;
  readonly depth: number;
  /** Behind a link to a directory no further one is followed: links could multiply a tree without end. */
  readonly linked: boolean;
}

class Walk {
  readonly #root: Root;
  readonly #isMachine: boolean;

  constructor(root: Root) {
    this.#root = root;
    this.#isMachine = isMachine(root.directory, root.ops);
  }

  *files(): Generator<TreeFile> {
    const pending: Pending[] = [{ path: '', at: '', depth: 1, linked: false }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const below: Pending[] = [];
      for (const file of this.#directory(next, below)) {
        if (!this.#isMachine || !file.failure || isWorthAWord(file.path)) yield file;
      }
      // The last is taken first.
      pending.push(...below.reverse());
    }
  }

  *#directory(directory: Pending, below: Pending[]): Generator<TreeFile> {
    let entries: Dirent[];
    try {
      entries = this.#root.ops.readdir(`${this.#root.directory}/${directory.at}`);
    } catch (error) {
      yield unread(this.#root, directory.path, systemFailure(error));
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const onlyWays = this.#isMachine && isPassed(directory.path);
    for (const entry of entries) {
      const path = joined(directory.path, entry.name);
      if (onlyWays && !isLookedAt(path)) continue;
      const at = joined(directory.at, entry.name);
      // U+FFFD stands for octets that are no UTF-8: the name that was read is not the file's.
      if (entry.name.includes('\ufffd')) yield unread(this.#root, path, STRANGE_NAME);
      else if (entry.isDirectory()) yield* this.#descend({ ...directory, path, at }, below);
      else if (entry.isSymbolicLink()) yield* this.#link({ ...directory, path, at }, below);
      else if (entry.isFile()) yield readFile(this.#root, path, at);
      else yield notAFile(this.#root, path);
    }
  }

  *#descend(directory: Pending, below: Pending[]): Generator<TreeFile> {
    if (this.#isMachine && !isLookedAt(directory.path)) return;
    if (directory.depth < LIMITS.depth) below.push({ ...directory, depth: directory.depth + 1 });
    else yield unread(this.#root, directory.path, TOO_DEEP);
  }

  *#link(link: Pending, below: Pending[]): Generator<TreeFile> {
    const { path, at } = link;
    const found = this.#follow(at);
    if ('because' in found) yield unread(this.#root, path, { code: 'stores/link', message: found.because });
    else if (found.stat.isFile()) yield readFile(this.#root, path, found.path);
    else if (!found.stat.isDirectory()) yield notAFile(this.#root, path);
    else if (link.linked) yield unread(this.#root, path, LINK_BEHIND_LINK);
    else if (`${at}/`.startsWith(`${found.path}/`) || found.path === '.') {
      yield unread(this.#root, path, AROUND_ITSELF);
    } else if (!this.#isMachine || isLinkFollowed(at, found.path)) {
      yield* this.#descend({ ...link, at: found.path, linked: true }, below);
    }
  }

  #follow(at: string): Followed {
    try {
      return follow(this.#root, at);
    } catch (error) {
      return { because: systemFailure(error).message };
    }
  }
}

function joined(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

const STRANGE_NAME = {
  code: 'stores/path',
  message: 'has a name that is no UTF-8, and was not opened',
} as const;

const TOO_DEEP = {
  code: 'stores/too-many',
  message: `is nested deeper than ${LIMITS.depth} directories, and was not entered`,
} as const;

const LINK_BEHIND_LINK = {
  code: 'stores/link',
  message: 'is a link to a directory, behind another one: not followed',
} as const;

const AROUND_ITSELF = {
  code: 'stores/link',
  message: 'the link leads to a directory that it stands in',
} as const;
