import { asBuffer } from '../../base/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import type { Beyond } from './beyond.ts';
import { placeId } from './place-id.ts';
import { insideOf } from './inside.ts';
import type { HeldList } from './types.ts';

const BEGIN = '-----BEGIN X509 CRL-----';

/** CRLs of a tree: an inventory has no word for them. */
export function listsIn(beyond: Beyond, inventory: Inventory): HeldList[] {
  return [...beyond].flatMap(([path, { revocationLists }]) => {
    if (revocationLists.length === 0) return [];
    const isPem = asBuffer(inventory.get(path)?.bytes ?? new Uint8Array()).includes(BEGIN);
    return revocationLists.map(({ value, place }) => ({
      path: placeId(path, insideOf(place)),
      isPem,
      list: value,
    }));
  });
}
