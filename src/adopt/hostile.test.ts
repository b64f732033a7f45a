// Whatever stands in the files: a coded refusal or an adoption whose plan can be made, and nothing else.
import { describe, expect, it } from 'vitest';
import { adopted, type TreeEntry } from '../../test/support/adopted.ts';
import { applied, clusterOf, NOW } from '../../test/support/small-cluster.ts';
import { KubetlsError } from '../base/index.ts';

const ROUNDS = 25;

async function filesOf(spec: Record<string, unknown>): Promise<TreeEntry[]> {
  const { inventory } = await applied(clusterOf(spec));
  return [...inventory.entries.values()].map(({ path, mode, bytes }) => ({ root: 'n', path, mode, bytes }));
}

/** mulberry32: the same numbers at every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Three files are cut off, emptied, damaged, taken away, or hold what another one holds. */
function spoilt(files: readonly TreeEntry[], random: (below: number) => number): TreeEntry[] {
  const changed = [...files];
  for (let i = 0; i < 3; i++) {
    const at = random(changed.length);
    const file = changed[at];
    const other = changed[random(changed.length)];
    if (!file || !other) continue;
    const bytes = Buffer.from(file.bytes);
    const kinds = [
      () => bytes.subarray(0, random(bytes.length + 1)),
      () => other.bytes,
      () => Buffer.concat([bytes, other.bytes]),
      () => {
        if (bytes.length > 0) bytes[random(bytes.length)] = random(256);
        return bytes;
      },
    ];
    if (random(6) === 0) changed.splice(at, 1);
    else changed[at] = { ...file, bytes: kinds[random(kinds.length)]?.() ?? bytes };
  }
  return changed;
}

describe('a spoilt tree', () => {
  it.each<[string, Record<string, unknown>]>([
    ['of flat', {}],
    ['of kubeadm', { profile: 'kubeadm', users: [] }],
  ])('%s is adopted or refused', async (_, spec) => {
    const files = await filesOf(spec);
    const random = randomFrom(7);
    let refused = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const tree = spoilt(files, random);
      try {
        adopted(tree, NOW, { named: new Set() });
      } catch (error) {
        expect(error).toBeInstanceOf(KubetlsError);
        refused++;
      }
    }
    // Three spoilt files of forty leave enough to tell what it is.
    expect(refused).toBeLessThan(ROUNDS / 4);
  });
});
