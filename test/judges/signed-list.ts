/** A CRL, signed, for tests. */
import { toRfc3339 } from '../../src/base/index.ts';
import { type Name, type PrivateKey, signatureAlgorithmFor, signBytes } from '../../src/x509/index.ts';
import { der, hex } from './der-tree.ts';

export interface ListDraft {
  readonly issuer: Name;
  readonly key: PrivateKey;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly serials?: readonly Uint8Array[];
}

export function signedList({ issuer, key, thisUpdate, nextUpdate, serials = [] }: ListDraft): Uint8Array {
  const algorithm = signatureAlgorithmFor(key.publicKey).identifier;
  const date = (at: number) => der(0x17, Buffer.from(toRfc3339(at).slice(2).replace(/[-:T]/g, '')));
  const entries = serials.map((serial) => der(0x30, der(0x02, serial), date(thisUpdate)));
  const number = der(0x30, hex('0603551d14'), der(0x04, der(0x02, Uint8Array.of(1))));
  const keyId = der(0x30, hex('0603551d23'), der(0x04, der(0x30, der(0x80, Uint8Array.of(1, 2, 3)))));
  const tbs = der(
    0x30,
    der(0x02, Uint8Array.of(1)),
    algorithm,
    issuer.der,
    date(thisUpdate),
    date(nextUpdate),
    ...(entries.length > 0 ? [der(0x30, ...entries)] : []),
    der(0xa0, der(0x30, keyId, number)),
  );
  return der(0x30, tbs, algorithm, der(0x03, Uint8Array.of(0), signBytes(key, tbs)));
}
