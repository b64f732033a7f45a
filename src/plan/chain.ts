/** What somebody put behind a leaf, for those who trust only the top of its chain. */
import { equalBytes, type Instant } from '../base/index.ts';
import { type Certificate, sameKey } from '../x509/index.ts';

/** The certificates behind the leaf of `found`, as long as all of them hold and they lead on from `issuer`. */
export function chainBehind(
  found: readonly Certificate[],
  issuer: Certificate,
  now: Instant,
): readonly Certificate[] {
  const [, ...chain] = found;
  const [above] = chain;
  const leadsOn =
    above !== undefined &&
    equalBytes(above.subject.der, issuer.subject.der) &&
    sameKey(above.publicKey, issuer.publicKey);
  return leadsOn && chain.every(({ notBefore, notAfter }) => notBefore <= now && now <= notAfter)
    ? chain
    : [];
}
