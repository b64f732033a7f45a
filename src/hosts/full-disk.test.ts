/** A disk that is really full, and one that is read-only, below a directory and below a shell on the other side. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, rmSync, truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { change, codeOf } from './contract.ts';
import { directoryHost } from './directory/index.ts';
import { fakeSsh } from './ssh/fake-ssh.fixture.ts';
import { sshHost } from './ssh/index.ts';
import { temporaryTree } from './tree.fixture.ts';

const mayMount = process.getuid?.() === 0 && mountsTmpfs();

function mountsTmpfs(): boolean {
  const { directory, clear } = temporaryTree();
  const mounts = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory]).status === 0;
  if (mounts) execFileSync('umount', [directory]);
  clear();
  return mounts;
}

/** Leaves so much room: for the new key, and not for the certificate. */
function fillUp(file: string, room: number): void {
  const page = Buffer.alloc(4096);
  let size = 0;
  try {
    for (; ; size += page.length) appendFileSync(file, page);
  } catch {
    truncateSync(file, size - room);
  }
}

describe.skipIf(!mayMount)('a disk that takes no more (needs root and mount)', () => {
  it.each(['directory', 'shell'])(
    'over a %s: nothing of the set, said, and it goes on later',
    async (over) => {
      const { directory, at, seed, look, list, clear } = temporaryTree();
      const fake = fakeSsh();
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', directory]);
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
        execFileSync('mount', ['-o', 'remount,ro', directory]);
        expect(await codeOf(write())).toBe('hosts/write');
        await expect(write()).rejects.toThrow(/read-only/i);
        unchanged();
        execFileSync('mount', ['-o', 'remount,rw', directory]);
        expect(await write()).toBe('written');
        expect(look('a.crt')?.trim()).toBe('644 new crt');
        await host.close();
      } finally {
        execFileSync('umount', [directory]);
        fake.remove();
        clear();
      }
    },
  );
});
