import type { Edge } from '../cluster/index.ts';
import { isRecognized } from './judge.ts';
import type { Observation, Outcome, Refusal, RefusalResult } from './types.ts';

const REFUSALS: readonly Refusal[] = ['no-certificate', 'wrong-authority'];

/**
 * What the endpoint of this edge must refuse, by its policy: in the handshake where that verifies, else
 * with 401, or with 403 for a client that it takes for anonymous. An edge that works without a certificate
 * says nothing about its endpoint.
 */
export function predictRefusals(edge: Edge): readonly Pick<RefusalResult, 'refusal' | 'predicted'>[] {
  if (edge.presents.kind === 'none') return [];
  return REFUSALS.map((refusal) => ({ refusal, predicted: REFUSED }));
}

const REFUSED: Outcome = { ok: true, error: undefined };

/** ok: it was refused, as it must be. Undefined: nothing was seen. */
export function judgeRefusal(edge: Edge, refusal: Refusal, { result }: Observation): Outcome | undefined {
  if (result.kind === 'unreachable') return undefined;
  const recognized = isRecognized(result);
  if (result.kind !== 'accepted' && !recognized) return REFUSED;
  const as = recognized ? `, without rights: ${result.text}` : asWhom(result);
  return { ok: false, error: `${edge.endpoint.id} let in ${INTRUDERS[refusal]}${as}` };
}

function asWhom({ identity }: { readonly identity: string | undefined }): string {
  return identity === undefined ? '' : ` as ${identity}`;
}

const INTRUDERS: Readonly<Record<Refusal, string>> = {
  'no-certificate': 'a client without a certificate',
  'wrong-authority': 'a client with a certificate of an unknown authority',
};
