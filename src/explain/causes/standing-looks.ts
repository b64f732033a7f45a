/** Causes in files that no connection shows: the keys by which a cluster signs tokens and what nodes ask for. */
import type { CopyItem, Item, StatePath } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { sameKey } from '../../x509/index.ts';
import type { Evidence } from '../evidence.ts';

/** A cluster's files, without its edges. */
export interface Standing {
  readonly items: readonly Item[];
  readonly inventory: Inventory;
}

type Look = (standing: Standing) => Evidence | undefined;

export const standingLooks = {
  /** kube-controller-manager --cluster-signing-cert-file and -key-file. */
  signingBundle: (standing) =>
    gathered(
      copiesOf(standing, /^authorities\/cluster\/.*\.key$/).flatMap(({ file: { path } }) => {
        const certificate = beside(path, 'crt');
        const count = certificatesAt(standing, certificate).length;
        return count > 1
          ? [
              {
                text: [`${certificate} holds ${count} certificates, and ${path} signs for one`],
                files: [certificate],
              },
            ]
          : [];
      }),
    ),
  signingPair: (standing) =>
    gathered(
      copiesOf(standing, /^authorities\/cluster\/.*\.key$/).flatMap(({ file: { path } }) => {
        const certificate = beside(path, 'crt');
        const [first] = certificatesAt(standing, certificate);
        const key = publicKeyAt(standing, path);
        if (!first || !key || sameKey(first.publicKey, key)) return [];
        return [{ text: [`${certificate} and ${path} do not belong together`], files: [path, certificate] }];
      }),
    ),
  /** kube-apiserver --service-account-key-file and --service-account-signing-key-file. */
  tokenKeys: (standing) => {
    const copies = copiesOf(standing, /^authorities\/service-account\/.*\.key$/);
    const [model] = copies;
    const modelKey = model && publicKeyAt(standing, model.file.path);
    return gathered(
      copies.flatMap(({ file: { path } }) => {
        const file = beside(path, 'pub');
        const [signs, verifies] = [publicKeyAt(standing, path), publicKeyAt(standing, file)];
        if (signs && verifies && !sameKey(signs, verifies))
          return [{ text: [`${file} is not the public key of ${path}, which signs`], files: [file, path] }];
        const isOther = signs && modelKey && !sameKey(signs, modelKey);
        return isOther
          ? [{ text: [`${path} is another key than ${model.file.path}`], files: [path, model.file.path] }]
          : [];
      }),
    );
  },
} satisfies Readonly<Record<string, Look>>;

function copiesOf({ items }: Standing, from: RegExp): readonly CopyItem[] {
  return items.flatMap((item) => (item.kind === 'copy' && from.test(item.from) ? [item] : []));
}

const beside = (path: StatePath, extension: string): StatePath => path.replace(/\.key$/, `.${extension}`);

function certificatesAt({ inventory }: Standing, path: StatePath) {
  const content = inventory.get(path)?.content;
  return content?.kind === 'certificates' ? content.certificates : [];
}

function publicKeyAt({ inventory }: Standing, path: StatePath) {
  const content = inventory.get(path)?.content;
  if (content?.kind === 'private-key') return content.key.publicKey;
  return content?.kind === 'public-key' ? content.key : undefined;
}

function gathered(all: readonly Evidence[]): Evidence | undefined {
  if (all.length === 0) return undefined;
  return { text: all.flatMap(({ text }) => text), files: [...new Set(all.flatMap(({ files }) => files))] };
}
