import { expect, it } from 'vitest';
import { pointProblem } from './curve-points.ts';

it('no octets at all are no point, whatever follows them', () => {
  const following = Uint8Array.of(0x04, 0x19);
  expect(pointProblem(following, 0, 0, 384)).toBe('ecdsa: invalid uncompressed public key');
  expect(pointProblem(following, 0, 1, 384)).toBe('invalid P384 point encoding');
});
