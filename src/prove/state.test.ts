import { describe, expect, it } from 'vitest';
import type { EdgeProof, RefusalProof } from './types.ts';
import { proofState, refusalState, reportState } from './state.ts';

const ok = { ok: true, error: undefined };
const no = { ok: false, error: 'x509: certificate signed by unknown authority' };
const edge = (predicted: object, observed?: object) => ({ predicted, observed }) as unknown as EdgeProof;
const refusal = (observed?: object) => ({ predicted: ok, observed }) as unknown as RefusalProof;

describe('words are honest', () => {
  it('unknown is never green', () => {
    expect(proofState(edge(ok))).toBe('unknown');
    expect(reportState({ at: 0, handshakesAt: 0, edges: [edge(ok, ok), edge(ok)], refusals: [] })).toBe(
      'unknown',
    );
    expect(reportState({ at: 0, handshakesAt: 0, edges: [], refusals: [] })).toBe('unknown');
    expect(reportState({ at: 0, handshakesAt: 0, edges: [edge(ok, ok)], refusals: [refusal()] })).toBe(
      'unknown',
    );
  });

  it('what is seen to fail failed, and so did what holds against its prediction', () => {
    expect(proofState(edge(ok, no))).toBe('failed');
    expect(proofState(edge(no, ok))).toBe('failed');
    expect(proofState(edge(no))).toBe('failed');
    expect(refusalState(refusal(no))).toBe('failed');
  });

  it('an endpoint that still presents what its file no longer holds is not proven', () => {
    expect(proofState(edge(ok, { ...ok, stale: true }))).toBe('failed');
  });

  it('one failure outweighs everything unknown', () => {
    expect(reportState({ at: 0, handshakesAt: 0, edges: [edge(ok), edge(ok, no)], refusals: [] })).toBe(
      'failed',
    );
    expect(reportState({ at: 0, handshakesAt: 0, edges: [edge(ok, ok)], refusals: [refusal(ok)] })).toBe(
      'ok',
    );
  });
});
