/** CRLs of a tree. Their bytes are looked at here, since an inventory has no word for them. */
import { asBuffer, expectedFailure } from '../../base/index.ts';
import type { Entry } from '../../inventory/index.ts';
import { parseRevocationList, readPem } from '../../x509/index.ts';
import type { HeldList } from './types.ts';

const BEGIN = '-----BEGIN X509 CRL-----';

export function listsIn(entries: readonly Entry[]): HeldList[] {
  return entries.flatMap(({ path, bytes, content }): HeldList[] => {
    if (content.kind !== 'unreadable') return [];
    const isPem = asBuffer(bytes).includes(BEGIN);
    if (!isPem && content.failure.code !== 'inventory/der') return [];
    try {
      const ders = isPem ? readPem(bytes).filter(({ label }) => label === 'X509 CRL') : [{ bytes }];
      return ders.map((one) => ({ path, isPem, list: parseRevocationList(one.bytes) }));
    } catch (error) {
      expectedFailure(error);
      return [];
    }
  });
}
