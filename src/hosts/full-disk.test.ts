/** A disk that is really full, and one that is read-only, below a directory and below a shell on the other side. */
import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fillUp, mayMount, mountSmall, remount, unmount } from '../../test/support/small-disk.ts';
import { change, codeOf } from './contract.ts';
import { directoryHost } from './directory/index.ts';
import { fakeSsh } from './ssh/fake-ssh.fixture.ts';
import { sshHost } from './ssh/index.ts';
import { temporaryTree } from './tree.fixture.ts';

describe.skipIf(!mayMount)('a disk that takes no more (needs root and mount)', () => {
  it.each(['directory', 'shell'])(
    'over a %s: nothing of the set, said, and it goes on later',
    async (over) => {
      const { directory, at, seed, look, list, clear } = temporaryTree();
      const fake = fakeSsh();
      mountSmall(directory, 400);
      try {
        seed('a.crt', 'old crt');
        seed('a.key', 'old key', 0o600);
        const base = `${directory.slice(1)}/`;
        const changes = [
          { path: `${base}a.crt`, remove: true as const },
          change(`${base}a.key`, 'new key'.padEnd(20_000), 0o600),
          change(`${base}a.crt`, 'new crt'.padEnd(20_000)),
        ];
        const program = fake.program('sh -c "$remote"');
        const host = over === 'shell' ? sshHost('ssh://node', { program }) : directoryHost('/');
        const write = () =>
          host.write([{ id: 'a', changes }], { run: 'r', backup: `${base}backup` }).then(() => 'written');
        const unchanged = (): void => {
          expect([look('a.crt'), look('a.key')]).toEqual(['644 old crt', '600 old key']);
          expect(list().filter((path) => path.includes('.kubetls-'))).toEqual([]);
        };
        fillUp(at('ballast'), 28 * 1024);
        await expect(write()).rejects.toThrow(/no space is left/i);
        unchanged();
        rmSync(at('ballast'));
        remount(directory, 'ro');
        expect(await codeOf(write())).toBe('hosts/write');
        await expect(write()).rejects.toThrow(/read-only/i);
        unchanged();
        remount(directory, 'rw');
        expect(await write()).toBe('written');
        expect(look('a.crt')?.trim()).toBe('644 new crt');
        await host.close();
      } finally {
        unmount(directory);
        fake.remove();
        clear();
      }
    },
  );
});
