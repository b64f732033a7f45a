import type { Edge } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { type Certificate, commonName, fingerprint } from '../x509/index.ts';
import { clientSide } from './client-side.ts';

/** An edge in names for people: what is presented, and who is trusted. */
export interface EdgeWords {
  readonly presented: EdgeWord;
  readonly trusted: EdgeWord;
}

/** `because` goes with `nothing`, `anything` and `nobody`. */
interface EdgeWord {
  readonly text: string;
  readonly because: string | undefined;
}

export function edgeWords(edge: Edge, inventory: Inventory): EdgeWords {
  const { presents, trusts } = clientSide(edge, inventory);
  return { presented: presentedText(presents), trusted: trustedText(trusts) };
}

function presentedText(presents: ReturnType<typeof clientSide>['presents']): EdgeWord {
  if (presents.kind === 'pair') return { text: called(presents.chain.leaf), because: undefined };
  return { text: 'nothing', because: presents.kind === 'broken' ? presents.error : presents.because };
}

function trustedText(trusts: ReturnType<typeof clientSide>['trusts']): EdgeWord {
  if (trusts.kind === 'skipped') return { text: 'anything', because: trusts.because };
  if (trusts.kind === 'broken') return { text: 'nobody', because: trusts.error };
  return { text: trusts.pool.certificates.map(called).join(', ') || 'nobody', because: undefined };
}

function called(certificate: Certificate): string {
  return commonName(certificate.subject) || `sha256:${fingerprint(certificate.der).slice(0, 12)}`;
}
