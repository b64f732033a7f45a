/** What a person means by a certificate, an authority or a key: an id, a path, a fingerprint, a name. */
import { commonName, fingerprint } from '../../x509/index.ts';
import type { Use } from '../view/uses.ts';
import type { Held, View } from '../view/types.ts';

const BY_WORD: Readonly<Record<string, Use>> = {
  cluster: 'cluster-authority',
  etcd: 'etcd-authority',
  'front-proxy': 'front-proxy-authority',
};

/** Shorter ones would name several things. */
const SHORTEST_PRINT = 8;

/** Certificates that the words may mean; of an authority all with the same key count as one. */
export function certificatesMeant(view: View, words: string): readonly Held[] {
  const use = Object.hasOwn(BY_WORD, words) ? BY_WORD[words] : undefined;
  if (use) return once((view.byUse.get(use) ?? []).map(({ held }) => held));
  const inFile = view.inFile(words);
  const own = inFile.find(({ places }) => places.some(({ path, as }) => path === words && as === 'client'));
  if (inFile.length > 0) return [own ?? (inFile[0] as Held)];
  const print = printIn(words);
  if (print !== undefined) return view.certificates.filter(({ sha256 }) => sha256.startsWith(print));
  return view.certificates.filter(({ certificate }) => commonName(certificate.subject) === words);
}

/** The keys that the words may mean, as `Held.key`. */
export function keysMeant(view: View, words: string): readonly string[] {
  const inFile = view.keyIn(words);
  if (inFile) return [inFile.key];
  const print = printIn(words);
  const byPrint =
    print === undefined
      ? []
      : [...view.keys.values()].filter(({ publicKey }) => fingerprint(publicKey.spki).startsWith(print));
  if (byPrint.length > 0) return byPrint.map(({ key }) => key);
  return [...new Set(certificatesMeant(view, words).map(({ key }) => key))];
}

function printIn(words: string): string | undefined {
  const print = words
    .replace(/^sha256:/i, '')
    .replaceAll(':', '')
    .toLowerCase();
  return print.length >= SHORTEST_PRINT && /^[0-9a-f]+$/.test(print) ? print : undefined;
}

function once<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Of several with one name nobody can tell which; of an authority they are one when they share the key. */
export function isOne(held: readonly Held[]): boolean {
  return new Set(held.map(({ key, sha256, isAuthority }) => (isAuthority ? key : sha256))).size === 1;
}
