/** The work itself, the same in every process: drafts of orders to certificates and keys. */
import { systemKeys } from '../apply/index.ts';
import type { Instant, Random } from '../base/index.ts';
import { type Authority, issueCertificate } from '../issue/index.ts';
import { CURVES } from '../x509/index.ts';
import type { BulkOrder, Draft, Made } from './types.ts';

/** The order with what making it will draw, in the order in which it does. */
export function draftOf({ template, key }: BulkOrder, random: Random): Draft {
  const drawn: Uint8Array[] = [];
  if (typeof key === 'string' && key in CURVES) {
    drawn.push(random.bytes(CURVES[key as keyof typeof CURVES].octets));
  }
  drawn.push(random.bytes(Math.ceil(template.serialBits / 8)));
  return { template, key, drawn };
}

/** @throws KubetlsError as `issueCertificate` */
export function makerFor(authority: Authority, now: Instant): (draft: Draft) => Made {
  let left: Uint8Array[] = [];
  const random: Random = {
    bytes() {
      const bytes = left.shift();
      // One draw in 2^32 is no key; then the whole order is to be drawn again.
      if (!bytes) throw new Error('a number that was drawn makes no key or serial number');
      return bytes;
    },
  };
  const keys = systemKeys(random);
  return ({ template, key, drawn }) => {
    left = [...drawn];
    const made = typeof key === 'string' ? keys.generate(key) : undefined;
    const publicKey = typeof key === 'string' ? made!.publicKey : key;
    const { der } = issueCertificate({ template, publicKey, authority, now, random });
    return { certificate: der, key: made && { publicKey, pkcs8: made.pkcs8.reveal() } };
  };
}
