import { describe, expect, it } from 'vitest';
import { put, storeContract } from './contract.ts';
import { memoryStore } from './memory.ts';

storeContract('memoryStore', () => memoryStore());

describe('memoryStore', () => {
  it('starts with files that it did not write', async () => {
    const store = memoryStore([{ path: 'nodes/a/x', mode: 0o600, bytes: Buffer.from('x') }]);
    expect((await store.read()).map(({ path, mode }) => [path, mode])).toEqual([['nodes/a/x', 0o600]]);
    expect((await store.written()).size).toBe(0);
    await store.commit({ run: 'r1', sets: [{ id: 'a', changes: [put('nodes/a/x', 'y')] }] });
    expect([...(await store.written()).keys()]).toEqual(['nodes/a/x']);
  });
});
