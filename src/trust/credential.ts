import { Secret } from '../base/index.ts';
import type { Edge } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { GoRules } from '../verify/index.ts';
import type { Certificate } from '../x509/index.ts';
import { clientSide } from './client-side.ts';
import type { Chain, Pair } from './pair.ts';
import { type Broken, bytesOf, type Source } from './sources.ts';

/** What a client shows in a handshake, as found: PEM, the certificate with all that follows it. */
export interface Material {
  readonly kind: 'material';
  readonly leaf: Certificate;
  readonly certificate: Uint8Array;
  readonly key: Secret;
}

/** Undefined when the client shows no certificate. For the same files it is the same object. */
export function credentialOf(
  edge: Edge,
  inventory: Inventory,
  rules?: GoRules,
): Material | Broken | undefined {
  const { presents } = clientSide(edge, inventory, rules);
  if (presents.kind === 'nothing') return undefined;
  return presents.kind === 'broken' ? presents : materialOf(presents);
}

const known = new WeakMap<Chain, { readonly key: Source; readonly material: Material }>();

function materialOf({ chain, certificate, key }: Pair): Material {
  const last = known.get(chain);
  if (last?.key === key) return last.material;
  const { leaf } = chain;
  const secret = new Secret(bytesOf(key));
  const material: Material = { kind: 'material', leaf, certificate: bytesOf(certificate), key: secret };
  known.set(chain, { key, material });
  return material;
}
