import { describe, expect, it } from 'vitest';
import type { GateStep } from '../rollout/index.ts';
import { judgeGate } from './judge-gate.ts';
import type { Sight } from './types.ts';

const gate = { healthy: ['me'], proven: ['in/me'], dialled: ['me/out'] } as unknown as GateStep;

function judged(
  states: Partial<Record<string, Sight['state']>>,
  held: readonly string[] = ['me/out'],
  mustSee = true,
) {
  const sights = ['me', 'in/me', 'me/out'].map((id): Sight => ({ id, state: states[id] ?? 'ok', why: '' }));
  const { shut, blind, doubtful } = judgeGate(gate, sights, new Set(held), mustSee);
  const ids = (some: readonly Sight[]) => some.map(({ id }) => id).join();
  return { shut: ids(shut), blind: ids(blind), doubtful: ids(doubtful) };
}

describe('a gate', () => {
  it.each([
    ['all holds', {}, undefined, { shut: '', blind: '', doubtful: '' }],
    ['it is not well', { me: 'unseen' }, undefined, { shut: 'me' }],
    ['nobody gets in', { 'in/me': 'failed' }, undefined, { shut: 'in/me' }],
    [
      'it is well, and one edge cannot be told',
      { 'in/me': 'unseen' },
      undefined,
      { shut: '', doubtful: 'in/me' },
    ],
    [
      'it is not well, and one edge cannot be told',
      { me: 'unseen', 'in/me': 'unseen' },
      undefined,
      { shut: 'me,in/me' },
    ],
    ['what it dials broke', { 'me/out': 'failed' }, undefined, { shut: 'me/out' }],
    ['what it dials was broken before', { 'me/out': 'failed' }, [], { shut: '', doubtful: 'me/out' }],
    ['what it dials is switched off', { 'me/out': 'unseen' }, [], { shut: '', doubtful: 'me/out' }],
    ['it is out of sight', { me: 'hidden' }, undefined, { shut: '', blind: 'me' }],
    ['an edge is out of sight', { 'in/me': 'hidden' }, undefined, { shut: '', blind: '', doubtful: 'in/me' }],
  ] as const)('%s', (_, states, held, expected) => {
    expect(judged(states, held)).toMatchObject(expected);
  });

  it('what was not restarted need not be seen again', () => {
    expect(judged({ me: 'hidden' }, [], false)).toEqual({ shut: '', blind: '', doubtful: 'me' });
  });
});
