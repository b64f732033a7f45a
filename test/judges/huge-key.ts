import { type PublicKey, publicKeyFromSpki } from '../../src/x509/index.ts';
import { der, hex } from './der-tree.ts';

/** 9,000 bits that nobody has the private half of. */
export function hugeKey(): PublicKey {
  const modulus = Buffer.alloc(1_126, 0xff);
  modulus[0] = 0;
  const numbers = der(0x30, der(0x02, modulus), der(0x02, hex('010001')));
  return publicKeyFromSpki(
    der(0x30, hex('300d06092a864886f70d0101010500'), der(0x03, Uint8Array.of(0), numbers)),
  );
}
