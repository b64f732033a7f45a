/**
 * A small cluster's life in two runs. The second one does everything that a run can do to a file; each
 * file's content names its pair and version, so that a torn pair or half a file is seen by reading it.
 */
import { cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileChange } from '../../src/inventory/index.ts';
import { directoryStore, type FileSet, type Store } from '../../src/stores/index.ts';
import type { FsOps } from '../../src/stores/directory/fs-ops.ts';

const NODE = 'nodes/master/etc/kubernetes/pki';

/** Longer than one write of half of it could hide. */
const FILLER = 'x'.repeat(1_000);

function file(
  kind: 'crt' | 'key',
  pair: string,
  version: number,
  mode = kind === 'key' ? 0o600 : 0o644,
): FileChange {
  return { path: pathOf(kind, pair), mode, bytes: Buffer.from(`${pair} ${version} ${kind} ${FILLER} end`) };
}

function pathOf(kind: string, pair: string): string {
  return pair === 'new' ? `nodes/worker/var/lib/kubelet/pki/${pair}.${kind}` : `${NODE}/${pair}.${kind}`;
}

const remove = (kind: 'crt' | 'key', pair: string): FileChange => ({
  path: pathOf(kind, pair),
  remove: true,
});
const pair = (name: string, version: number): FileChange[] => [
  file('key', name, version),
  file('crt', name, version),
];

export const before: readonly FileSet[] = ['renew', 'rekey', 'mode', 'gone', 'same'].map((name) => ({
  id: name,
  changes: pair(name, 1),
}));

/** The key stays: a certificate of the same version of the key, so both carry version 1 and another text. */
const renewed = (text: string): FileChange => ({
  path: pathOf('crt', 'renew'),
  mode: 0o644,
  bytes: Buffer.from(`renew 1 crt ${text} ${FILLER} end`),
});

export const after: readonly FileSet[] = [
  { id: 'renew', changes: [renewed('renewed')] },
  { id: 'rekey', changes: [remove('crt', 'rekey'), ...pair('rekey', 2)] },
  { id: 'new', changes: pair('new', 1) },
  { id: 'mode', changes: [file('key', 'mode', 1, 0o400)] },
  { id: 'gone', changes: [remove('crt', 'gone'), remove('key', 'gone')] },
  { id: 'same', changes: pair('same', 1) },
  { id: 'renew again', changes: [renewed('renewed again')] },
];

/** As `apply` does: what an earlier run left comes first. */
export async function apply(store: Store, run: string, sets: readonly FileSet[]): Promise<void> {
  await store.recover();
  await store.commit({ run, sets });
  await store.finish(run);
}

/** A process of its own, as far as the lock can tell; an earlier one of these is dead. */
export function processStore(root: string, ops?: FsOps): Store {
  const holder = { pid: process.pid, started: `test-${++processes}`, host: 'test' };
  return directoryStore(root, { holder, ...(ops && { ops }) });
}

let processes = 0;

/** Content files as they stand, `mode bytes` by path, read without the store. */
export function tree(root: string): Record<string, string> {
  return Object.fromEntries(
    ['authorities', 'nodes', 'users']
      .flatMap((top) => filesBelow(root, top))
      .map((path) => {
        const full = join(root, path);
        return [
          path,
          `${(lstatSync(full).mode & 0o7777).toString(8)} ${readFileSync(full, 'utf8')}`,
        ] as const;
      }),
  );
}

export function filesBelow(root: string, top: string): string[] {
  const full = join(root, top);
  if (!lstatSync(full, { throwIfNoEntry: false })) return [];
  return readdirSync(full, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(root, `${top}/${entry.name}`) : [`${top}/${entry.name}`],
  );
}

/** What no reader may ever see; temporaries apart, which no reader looks at. */
export function wrongs(found: Record<string, string>): string[] {
  const wrong: string[] = [];
  const versions = new Map<string, Map<string, string>>();
  for (const [path, text] of Object.entries(found)) {
    if (path.includes('/.kubetls-')) continue;
    const [, name = '', version = '', kind = ''] = text.split(' ', 4);
    const isWhole = text.endsWith(` ${FILLER} end`) && path.endsWith(`/${name}.${kind}`);
    if (!isWhole) wrong.push(`${path} is not whole`);
    versions.set(name, (versions.get(name) ?? new Map<string, string>()).set(kind, version));
  }
  for (const [name, byKind] of versions) {
    const [crt, key] = [byKind.get('crt'), byKind.get('key')];
    if (crt !== undefined && key !== undefined && crt !== key)
      wrong.push(`${name} is torn: ${crt} with ${key}`);
    if (crt !== undefined && key === undefined) wrong.push(`${name} has a certificate and no key`);
  }
  return wrong;
}

/** Where hundreds of copies of a state may come and go: in memory, where there is such a place. */
export function scratch(name: string): string {
  return mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `kubetls-${name}-`));
}

/** Another state directory with the same files, beside it. */
export function copyOf(root: string): string {
  const copy = join(mkdtempSync(join(root, '..', 'c-')), 'state');
  cpSync(root, copy, { recursive: true });
  return copy;
}
