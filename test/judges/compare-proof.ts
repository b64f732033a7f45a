import type { Outcome, Verdict } from '../../src/trust/index.ts';

/** Where an observation differs from its prediction; nothing when they agree. */
export interface Difference {
  readonly direction: 'server' | 'client';
  readonly predicted: Outcome;
  readonly observed: Outcome;
}

/**
 * Predicted against observed, each direction by itself. The client judges the server in the same words
 * both times. The endpoint's reasons stay in its log; on the wire they are an alert or a status, so that
 * for the client only yes and no are compared.
 */
export function compareProof(predicted: Verdict, observed: Verdict): readonly Difference[] {
  const differences: Difference[] = [];
  const { server, client } = predicted;
  if (server.ok !== observed.server.ok || server.error !== observed.server.error) {
    differences.push({ direction: 'server', predicted: server, observed: observed.server });
  }
  if (client.ok !== observed.client.ok) {
    differences.push({ direction: 'client', predicted: client, observed: observed.client });
  }
  return differences;
}
