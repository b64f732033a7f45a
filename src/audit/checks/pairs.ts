/** Which key a certificate is read with: told by names, by the place inside of a dump or a keystore, or by flags. */
import type { StatePath } from '../../cluster/index.ts';
import { perView } from '../view/per-view.ts';
import { placeId, placeParts } from '../view/place-id.ts';
import type { Held, HeldKey, View } from '../view/types.ts';

export interface Pair {
  readonly certificates: readonly Held[];
  readonly key: HeldKey;
  /** Ids of their places. */
  readonly certificate: StatePath;
  readonly keyPlace: StatePath;
}

export const besideKey = (path: string) => path.replace(/\.(?:crt|pem|cert)$/, '.key');

export const pairsIn = perView((view): readonly Pair[] => {
  const pairs = new Map<string, Pair>();
  const add = (certificate: StatePath, keyPlace: StatePath) => {
    const key = view.keyIn(keyPlace);
    const certificates = view.inFile(certificate);
    if (!key || certificates.length === 0) return;
    pairs.set(`${certificate}\n${keyPlace}`, { certificates, key, certificate, keyPlace });
  };
  for (const id of view.holders) for (const keyPlace of keyPlacesFor(id)) add(id, keyPlace);
  for (const [certificate, keyPlace] of toldPairs(view)) add(certificate, keyPlace);
  return [...pairs.values()];
});

/** Beside a file the key is another file; in a keystore it has the same name, in a Secret that of the certificate. */
function keyPlacesFor(id: StatePath): readonly StatePath[] {
  const { file, inside } = placeParts(id);
  if (inside === undefined) return besideKey(file) === file ? [] : [besideKey(file)];
  return inside.endsWith('.crt') ? [placeId(file, besideKey(inside))] : [id];
}

/** `--tls-cert-file` and `--tls-private-key-file` of one file: they have the same purpose. */
function toldPairs({ references }: View): (readonly [StatePath, StatePath])[] {
  const keys = new Map<string, StatePath>();
  const id = ({ from, component, purpose }: View['references'][number]) =>
    `${from}\n${component}\n${purpose}`;
  for (const one of references) if (one.role === 'key' && one.to !== undefined) keys.set(id(one), one.to);
  return references.flatMap((one) => {
    const key = one.role === 'certificate' ? keys.get(id(one)) : undefined;
    return key !== undefined && one.to !== undefined ? [[one.to, key] as const] : [];
  });
}
