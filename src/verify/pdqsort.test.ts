import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { sortedAsGo } from './pdqsort.ts';

const numbers = (count: number, of: (i: number) => number) => Array.from({ length: count }, (_, i) => of(i));

/** The same below each limit at every run, on both sides. */
function chance(count: number, limit: number): number[] {
  let state = count;
  return numbers(count, () => ((state = (state * 1_103_515 + 12_345) % 2 ** 31) >> 8) % limit);
}

/** Keys that this very sort is at its worst with: M. D. McIlroy, A Killer Adversary for Quicksort (1999). */
function killer(count: number): number[] {
  const keys = numbers(count, () => count);
  let [solid, candidate] = [0, 0];
  const ids = numbers(count, (i) => i);
  sortedAsGo(ids, (a, b) => {
    if (keys[a] === count && keys[b] === count) keys[a === candidate ? a : b] = solid++;
    if (keys[a] === count) candidate = a;
    else if (keys[b] === count) candidate = b;
    return keys[a]! - keys[b]!;
  });
  return keys;
}

/** Each seventeenth is another's, those before it changed already. */
function nearlySorted(sorted: readonly number[]): number[] {
  const keys = [...sorted];
  for (let i = 0; i < keys.length; i += 17) keys[i] = keys[(i * 7) % keys.length]!;
  return keys;
}

/** SHA-256 of the order in which the keys come out, in short. */
function orderOf(keys: readonly number[]): string {
  const items = keys.map((key, id) => ({ key, id }));
  const ids = sortedAsGo(items, (a, b) => a.key - b.key).map(({ id }) => `${id},`);
  return createHash('sha256').update(ids.join('')).digest('hex').slice(0, 16);
}

// Printed by Go 1.26, slices.SortFunc: chance, chance with few equals, upwards, downwards by twos and nearly by ones, up and
// down, saw, nearly sorted, killer.
it.each([
  [
    12,
    '6ff0cacc8c9e6337 b0aec3792b269125 49d12d5a8e83f25b f31ca28dd8ac2e00 532a5a06b28cf73a f42c37333d557d5c d0cb0d53b512f162 49d12d5a8e83f25b 49d12d5a8e83f25b',
  ],
  [
    13,
    'f9801c99bf9d3b60 9a045eb1612b846d 47a0f91fbacb3dc0 f1c418c8de5b6109 fb5b5bc820f258c8 8044b6484f998060 9cd028feb34a232b 47a0f91fbacb3dc0 d6905475bccc52f1',
  ],
  [
    49,
    '145173fc23c25500 e9ece74fcc84b2a9 fd62a66a6d3196a3 091fb4e224eb827c 3fbe19c8353f5e67 c1cd17bad0e8fedc 45c79b33a8eb10d9 460b1b509458acdd 2c435ed5cd9e2075',
  ],
  [
    50,
    '3c2a4aed7b88d1fb 26b4c6ac078f46e5 077ba6995d23b61f 877af8101ddd70d6 0d464d9dc5ee9675 1ee78f730e448620 ac6a17b8450b1299 aa639e74edaa942f 9be6d213b66aa517',
  ],
  [
    60,
    'b5825b142b0af663 bf847212cb8fb3af 8f719ba4e112f1e6 6d2788a14641dbae 27acc4c0136a9737 559b431128d16732 ac00f67bf4539849 52054c1f9db1b14b 503b061a435960c6',
  ],
  [
    200,
    '07ff27b43d216fce c49e0d29f6d9e624 22cd66eafbd9b7df c2699123d1647c1d 1b7cd88785735411 95c9713f65b7c81a 77b0f8c226451172 4606c9dea94a6047 2dc41e9f63c4bd68',
  ],
  [
    1000,
    'eca3db69188c8b96 e7df57497e0c8eb5 c76dd6f3c1710343 8da2d5b874524846 f9a1b0e4eccfa30b f6ce7723ddb98708 0f14605605065838 ad3e71bfba299c83 fa6376d75002465e',
  ],
])('%i elements come out in the order of Go', (count, expected) => {
  const halves = numbers(count, (i) => i >> 1);
  const orders = [
    chance(count, 3),
    chance(count, 40),
    halves,
    numbers(count, (i) => (count - i) >> 1),
    numbers(count, (i) => count - i + (i > 0 && i % 16 === 0 ? 1 : 0)),
    numbers(count, (i) => Math.min(i, count - i) >> 1),
    numbers(count, (i) => i % 5),
    nearlySorted(halves),
    killer(count),
  ];
  expect(orders.map(orderOf).join(' ')).toBe(expected);
});
