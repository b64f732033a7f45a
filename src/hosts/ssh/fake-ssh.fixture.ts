/** Programs in place of ssh: they run on this machine what was meant for the other side, or worse. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';

export function fakeSsh() {
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-fake-'));
  let count = 0;
  return {
    directory,
    /** A program with this body. `"$remote"` is the command for the other side, `"$@"` all words. */
    program: (body: string): string => {
      const path = join(directory, `ssh-${++count}`);
      writeFileSync(path, `#!/bin/sh\nfor remote in "$@"; do :; done\n${body}\n`, { mode: 0o755 });
      return path;
    },
    /** A directory with these programs, to stand first in PATH. */
    tools: (bodies: Readonly<Record<string, string>>): string => {
      const path = join(directory, `bin-${++count}`);
      mkdirSync(path);
      for (const [name, body] of Object.entries(bodies))
        writeFileSync(join(path, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
      return path;
    },
    /** A directory with every tool of busybox. */
    busybox: (busybox: string): string => {
      const path = join(directory, `busybox-${++count}`);
      mkdirSync(path);
      const names = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).split('\n').filter(Boolean);
      for (const name of names) symlinkSync(busybox, join(path, name));
      return path;
    },
    read: (name: string): string => readFileSync(join(directory, name), 'utf8'),
    remove: (): void => rmSync(directory, { recursive: true, force: true }),
  };
}
