import type { EdgeProof, ProofReport, ProofState, RefusalProof } from './types.ts';

/**
 * Unknown is never ok. An edge that holds although it was predicted to fail is not proven, and neither is
 * one whose endpoint still presents what its file no longer holds: it will fail when the process is restarted
 * or the old certificate ends, whichever comes first.
 */
export function proofState({ predicted, observed }: EdgeProof): ProofState {
  if (!observed) return predicted.ok ? 'unknown' : 'failed';
  return observed.ok && predicted.ok && !observed.stale ? 'ok' : 'failed';
}

export function refusalState({ observed }: RefusalProof): ProofState {
  if (!observed) return 'unknown';
  return observed.ok ? 'ok' : 'failed';
}

/**
 * The whole report's: failed when anything failed, else unknown when anything is, else ok. What a program holds
 * counts where it was seen to be old: the edges are proven without it, and much of it shows on the nodes only.
 */
export function reportState({ edges, refusals, memory = [] }: ProofReport): ProofState {
  const old = memory.filter(({ state }) => state === 'stale').map((): ProofState => 'failed');
  const states = [...edges.map(proofState), ...refusals.map(refusalState), ...old];
  if (states.includes('failed')) return 'failed';
  return states.includes('unknown') || states.length === 0 ? 'unknown' : 'ok';
}
