/**
 * Which layout a tree has, by evidence: of how many rows some file is there. The tree may begin at the root of
 * a node or anywhere on the way to the files, as a copy of /etc/kubernetes/pki does.
 */
import type { SurveyedFile } from '../survey/index.ts';
import { flat } from './flat.ts';
import { hardWay, hardWayCfssl } from './hard-way.ts';
import { kubeadm, minikube } from './kubeadm.ts';
import { kubesprayEtcd, microk8s, talosSecrets } from './others.ts';
import { k3s, rke2 } from './rancher.ts';
import type { FileRole, Layout, LayoutRow } from './types.ts';

/** Every layout that is known, the commonest first. */
export const LAYOUTS: readonly Layout[] = [
  kubeadm,
  flat,
  hardWay,
  hardWayCfssl,
  k3s,
  rke2,
  microk8s,
  minikube,
  kubesprayEtcd,
  talosSecrets,
];

export interface Recognised {
  readonly layout: Layout;
  /** What of the layout's paths the tree begins below: `etc/kubernetes/pki`; empty at the root of a node. */
  readonly base: string;
  /** Files that the layout names, each with what it is for. */
  readonly files: readonly RecognisedFile[];
}

export interface RecognisedFile {
  readonly role: FileRole;
  readonly what: 'certificate' | 'key' | 'publicKey' | 'kubeconfig' | 'field';
  /** As in the layout's table: on a node. */
  readonly wanted: string;
  /** Where it is in the tree. */
  readonly path: string;
}

/** A single file is no evidence: every second PKI has a `ca.crt`. */
const EVIDENCE = 2;

/** Layouts of one tree, the likeliest first; several may stand side by side. None: nobody knows this one. */
export function recogniseLayouts(tree: readonly SurveyedFile[]): Recognised[] {
  const files = tree.filter(({ failure }) => failure === undefined);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const found = LAYOUTS.flatMap((layout) =>
    tableOf(layout).map(({ base, rows }) => ({
      layout,
      base,
      files: [...filesOf(rows, byPath), ...(base === '' ? fieldFiles(layout, files) : [])],
    })),
  ).filter((one) => one.files.length >= EVIDENCE && rowsFound(one) >= EVIDENCE);
  found.sort((a, b) => rowsFound(b) - rowsFound(a) || a.base.length - b.base.length || share(b) - share(a));
  return withoutRepeated(found);
}

function rowsFound({ files }: Recognised): number {
  return new Set(files.map(({ role, wanted }) => `${role} ${wanted.replace(/(-key)?\.[a-z]+$/, '')}`)).size;
}

/** Of a small layout that is there as a whole against a large one of which a part is. */
function share(one: Recognised): number {
  return rowsFound(one) / one.layout.rows.length;
}

/** A file speaks for one layout: the next ones need evidence of their own. */
function withoutRepeated(found: readonly Recognised[]): Recognised[] {
  const taken = new Set<string>();
  const kept: Recognised[] = [];
  for (const one of found) {
    const own = { ...one, files: one.files.filter(({ path }) => !taken.has(path)) };
    if (rowsFound(own) < EVIDENCE || kept.some(({ layout }) => layout === one.layout)) continue;
    for (const { path } of one.files) taken.add(path);
    kept.push(one);
  }
  return kept;
}

/** A file of a layout, and where it is in a tree that begins at one of the bases. */
interface Wanted {
  readonly role: FileRole;
  readonly what: RecognisedFile['what'];
  readonly wanted: string;
  readonly path: string;
}

interface Table {
  readonly base: string;
  readonly rows: readonly Wanted[];
}

const tables = new WeakMap<Layout, readonly Table[]>();

/** By base: a layout is the same for each of thousands of trees. */
function tableOf(layout: Layout): readonly Table[] {
  let table = tables.get(layout);
  if (!table) {
    const all = layout.rows.flatMap((row) =>
      pathsOf(row).map(([what, wanted]) => ({ role: row.role, what, wanted })),
    );
    table = basesOf(layout).map((base) => ({
      base,
      rows: all.flatMap((one): Wanted[] => {
        const path = below(base, one.wanted);
        return path === undefined ? [] : [{ ...one, path }];
      }),
    }));
    tables.set(layout, table);
  }
  return table;
}

/** Every directory on the way to a file of the layout, and none. */
function basesOf({ rows }: Layout): string[] {
  const bases = new Set(['']);
  for (const row of rows) {
    for (const [, path] of pathsOf(row)) {
      const names = path.split('/');
      for (let depth = 1; depth < names.length; depth++) bases.add(names.slice(0, depth).join('/'));
    }
  }
  return [...bases];
}

const KINDS = ['certificate', 'key', 'publicKey', 'kubeconfig'] as const;

function pathsOf(row: LayoutRow): (readonly [RecognisedFile['what'], string])[] {
  return KINDS.flatMap((kind) => {
    const path = row[kind];
    return path === undefined ? [] : [[kind, path] as const];
  });
}

function filesOf(rows: readonly Wanted[], byPath: ReadonlyMap<string, unknown>): RecognisedFile[] {
  return rows.flatMap(({ role, what, wanted, path }) =>
    matching(path, byPath).map((found) => ({ role, what, wanted, path: found })),
  );
}

function below(base: string, path: string): string | undefined {
  if (base === '') return path;
  return path.startsWith(`${base}/`) ? path.slice(base.length + 1) : undefined;
}

function matching(wanted: string, files: ReadonlyMap<string, unknown>): string[] {
  if (!wanted.includes('*')) return files.has(wanted) ? [wanted] : [];
  const [head = '', tail = ''] = wanted.split('*');
  return [...files.keys()].filter((path) => {
    const part = path.slice(head.length, path.length - tail.length);
    return path.startsWith(head) && path.endsWith(tail) && part !== '' && !/\/|-key$/.test(part);
  });
}

function fieldFiles({ rows }: Layout, files: readonly SurveyedFile[]): RecognisedFile[] {
  return rows.flatMap(({ role, field }) => {
    if (field === undefined) return [];
    return files
      .filter(({ material: { certificates, keys } }) =>
        [...certificates, ...keys].some(({ place }) => place === field),
      )
      .map(({ path }) => ({ role, what: 'field' as const, wanted: field, path }));
  });
}
