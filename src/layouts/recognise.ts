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
  const found = LAYOUTS.flatMap((layout) =>
    basesOf(layout).map((base) => ({ layout, base, files: filesOf(layout, base, files) })),
  ).filter((one) => rowsFound(one) >= EVIDENCE);
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

function filesOf({ rows }: Layout, base: string, files: readonly SurveyedFile[]): RecognisedFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return rows.flatMap((row) => [
    ...pathsOf(row).flatMap(([what, wanted]) =>
      matching(below(base, wanted), byPath).map((path) => ({ role: row.role, what, wanted, path })),
    ),
    ...fieldFiles(row, base, files),
  ]);
}

function below(base: string, path: string): string | undefined {
  if (base === '') return path;
  return path.startsWith(`${base}/`) ? path.slice(base.length + 1) : undefined;
}

function matching(wanted: string | undefined, files: ReadonlyMap<string, unknown>): string[] {
  if (wanted === undefined) return [];
  if (!wanted.includes('*')) return files.has(wanted) ? [wanted] : [];
  const [head = '', tail = ''] = wanted.split('*');
  return [...files.keys()].filter((path) => {
    const part = path.slice(head.length, path.length - tail.length);
    return path.startsWith(head) && path.endsWith(tail) && part !== '' && !/\/|-key$/.test(part);
  });
}

function fieldFiles(
  { role, field }: LayoutRow,
  base: string,
  files: readonly SurveyedFile[],
): RecognisedFile[] {
  if (field === undefined || base !== '') return [];
  return files
    .filter(({ material: { certificates, keys } }) =>
      [...certificates, ...keys].some(({ place }) => place === field),
    )
    .map(({ path }) => ({ role, what: 'field', wanted: field, path }));
}
