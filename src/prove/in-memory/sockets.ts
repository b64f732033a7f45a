/** What the handshakes of the edges showed of the programs that answered. */
import { asBuffer } from '../../base/index.ts';
import type { Edge } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import {
  clientSide,
  type Observation,
  type Observed,
  type SocketSight,
  type Trial,
  type Verdict,
} from '../../trust/index.ts';

interface Seen {
  leaf: Uint8Array | undefined;
  authorities: readonly Uint8Array[];
  readonly trials: Map<string, Trial>;
}

export class Sockets {
  readonly #seen = new Map<string, Seen>();

  add(
    edge: Edge,
    inventory: Inventory,
    observation: Observation,
    predicted: Verdict,
    judged: Observed,
  ): void {
    const { id } = edge.endpoint;
    const seen = this.#seen.get(id) ?? { leaf: undefined, authorities: [], trials: new Map<string, Trial>() };
    this.#seen.set(id, seen);
    const { presented, acceptableAuthorities = [] } = observation;
    seen.leaf ??= presented[0];
    if (seen.authorities.length === 0) seen.authorities = acceptableAuthorities;
    const answer = answerTo(edge, observation, predicted, judged);
    const { presents } = clientSide(edge, inventory);
    if (answer === undefined || presents.kind !== 'pair') return;
    const { chain } = presents;
    const { issuer, authorityKeyId } = chain.leaf;
    // A thousand kubelets of one authority say the same.
    const key = [edge.as, answer, hex(issuer.der), hex(authorityKeyId ?? new Uint8Array())].join(' ');
    seen.trials.set(key, { chain, as: edge.as, answer });
  }

  sights(): ReadonlyMap<string, SocketSight> {
    return new Map(
      [...this.#seen].map(([id, { trials, ...seen }]) => [id, { ...seen, trials: [...trials.values()] }]),
    );
  }
}

const hex = (bytes: Uint8Array): string => asBuffer(bytes).toString('hex');

/** Undefined: it says nothing of the authority. A refusal does where all else was in order. */
function answerTo(
  { endpoint }: Edge,
  { result, acceptableAuthorities }: Observation,
  predicted: Verdict,
  judged: Observed,
): Trial['answer'] | undefined {
  if (acceptableAuthorities === undefined || !predicted.client.ok) return undefined;
  if (judged.client.ok) return 'let in';
  // etcd also closes on peers that come from another address.
  if (result.kind === 'refused') return endpoint.clients.peerAddressCheck ? undefined : 'refused';
  return result.kind === 'denied' && result.status === 401 ? 'refused' : undefined;
}
