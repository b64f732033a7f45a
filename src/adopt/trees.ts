/** Which of the trees are nodes, and where in a tree each file of theirs is. */
import { KubetlsError } from '../base/index.ts';
import { type FileRole, type Recognised, recogniseLayouts } from '../layouts/index.ts';
import type { Survey, SurveyedFile } from '../survey/index.ts';
import { commonName, type Certificate } from '../x509/index.ts';
import type { AdoptCode, AdoptInput } from './types.ts';

export interface Tree {
  /** The node that it is of. */
  readonly name: string;
  readonly root: string;
  /** Where the tree begins below its root: `nodes/cp1/`, or empty. */
  readonly prefix: string;
  readonly layouts: readonly Recognised[];
  readonly files: readonly SurveyedFile[];
  /** The file that has this role, by what of it is meant. */
  file(role: FileRole, what: 'certificate' | 'key' | 'publicKey' | 'kubeconfig'): SurveyedFile | undefined;
  /** The file that a layout calls so, where this tree has that layout. */
  named(wanted: string, layout: string): SurveyedFile | undefined;
  /** The leaf of a pair, the first authority of a bundle. */
  certificate(role: FileRole): Certificate | undefined;
  /** What a component is told on this node. */
  setting(component: string, name: string): string | undefined;
}

/** A file, by its path below where a tree begins; `whole` is the file as it was surveyed. */
interface Below {
  readonly path: string;
  readonly whole: SurveyedFile;
}

/**
 * The nodes in the order of the trees. What a kubelet calls itself is the name of its node, unless two trees
 * say the same, as when one was copied from the other: then the names count that the person gave.
 *
 * @throws KubetlsError `adopt/same-node`
 */
export function treesOf(survey: Survey, input: AdoptInput): Tree[] {
  const found = unnamed(survey, input.named);
  const trees = found.map(({ tree, named }): Tree => {
    const own = ownName(tree);
    const shared = found.some((other) => other.tree !== tree && ownName(other.tree) === own);
    if (own !== undefined) return shared && named ? tree : { ...tree, name: own };
    const member = named ? undefined : memberName(tree);
    const claimed = found.some(
      (one) => one.tree !== tree && [ownName(one.tree), memberName(one.tree)].includes(member),
    );
    return member === undefined || claimed ? tree : { ...tree, name: member };
  });
  for (const [i, { name, root }] of trees.entries()) {
    const other = trees.slice(0, i).find((one) => one.name === name);
    if (other) throw sameNode(name, other.root, root);
  }
  return trees;
}

/**
 * What each file is for, by the layout of the tree that it is in, wherever that begins: the PKI's directory alone, or
 * a directory of trees. By `ROOT/PATH`.
 */
export function rolesIn(survey: Survey): ReadonlyMap<string, FileRole> {
  const all = unnamed(survey, new Set()).flatMap(({ tree: { root, prefix, layouts } }) =>
    layouts.flatMap(({ files }) =>
      files.map(({ path, role }) => [`${root}/${prefix}${path}`, role] as const),
    ),
  );
  // Of layouts side by side the likelier comes first.
  return new Map(all.reverse());
}

function unnamed(survey: Survey, named: ReadonlySet<string>): Unnamed[] {
  return survey.roots.flatMap((root): Unnamed[] => {
    const files = survey.files.filter((file) => file.root === root);
    const own = treeOf({ name: root, root, prefix: '' }, files);
    return own.layouts.length > 0 ? [{ tree: own, named: named.has(root) }] : parts(root, files);
  });
}

interface Unnamed {
  readonly tree: Tree;
  /** Whether its name was given by the person, or by a directory. */
  readonly named: boolean;
}

/** A directory of trees: `nodes/NAME` of a state of kubetls', or NAME of somebody's backup. */
function parts(root: string, files: readonly SurveyedFile[]): Unnamed[] {
  const groups = new Map<string, Below[]>();
  for (const whole of files) {
    const [, directory, path] = /^((?:nodes\/)?[^/]+)\/(.+)$/.exec(whole.path) ?? [];
    if (directory === undefined || path === undefined) continue;
    const group = groups.get(directory) ?? [];
    groups.set(directory, group);
    group.push({ path, whole });
  }
  return [...groups]
    .map(([directory, below]) => {
      const moved = below.map(({ path, whole }) => ({ ...whole, path }));
      const name = directory.slice(directory.lastIndexOf('/') + 1);
      return { tree: treeOf({ name, root, prefix: `${directory}/` }, moved), named: true };
    })
    .filter(({ tree }) => tree.layouts.length > 0);
}

function treeOf(place: Pick<Tree, 'name' | 'root' | 'prefix'>, files: readonly SurveyedFile[]): Tree {
  const layouts = recogniseLayouts(files);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const file: Tree['file'] = (role, what) => {
    for (const layout of layouts) {
      const found = layout.files.find((one) => one.role === role && one.what === what);
      if (found) return byPath.get(found.path);
    }
    return undefined;
  };
  const named: Tree['named'] = (wanted, name) => {
    const found = layouts.find(({ layout }) => layout.name === name);
    const path = found?.files.find((one) => one.wanted === wanted)?.path;
    return path === undefined ? undefined : byPath.get(path);
  };
  const setting: Tree['setting'] = (component, wanted) =>
    files
      .flatMap(({ material }) => material.settings)
      .find((one) => one.component === component && one.name === wanted)?.value;
  const certificate = (role: FileRole) => file(role, 'certificate')?.material.certificates[0]?.value;
  return { ...place, layouts, files, file, named, certificate, setting };
}

/** What kubeadm calls the node's member of etcd (certs/certlist.go): of a PKI's directory without kubeconfigs. */
function memberName(tree: Tree): string | undefined {
  const isOne = tree.layouts[0]?.layout.name === 'kubeadm';
  const member = isOne ? tree.certificate('etcd-server') : undefined;
  const name = member && commonName(member.subject);
  const own = member?.subjectAltNames?.some((one) => one.kind === 'dns' && one.value === name);
  return own ? name : undefined;
}

/** What the node calls itself: its kubelet's user, or what its kubelet is told. */
function ownName(tree: Tree): string | undefined {
  const users = ['kubelet-client', 'kubelet-server'] as const;
  const certificates = [
    ...(tree.file('kubelet-client', 'kubeconfig')?.material.certificates.map(({ value }) => value) ?? []),
    ...users.map((role) => tree.certificate(role)),
  ];
  for (const certificate of certificates) {
    const [, node] = /^system:node:(.+)$/.exec(certificate ? commonName(certificate.subject) : '') ?? [];
    if (node !== undefined) return node;
  }
  return tree.setting('kubelet', 'hostname-override');
}

function sameNode(name: string, first: string, second: string): KubetlsError<AdoptCode> {
  return new KubetlsError({
    code: 'adopt/same-node',
    message: `the trees ${first} and ${second} are both of a node called ${name}`,
    hint: 'say which is which: kubetls adopt cp1=DIR cp2=DIR',
  });
}
