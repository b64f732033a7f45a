import { expect, it } from 'vitest';
import type { FoundFile } from '../inventory/index.ts';
import { codeOf, hostContract } from './contract.ts';
import { memoryHost } from './memory.ts';

hostContract('memoryHost', async () => {
  const files = new Map<string, FoundFile>();
  return {
    host: memoryHost(files),
    base: '',
    seed: (path, text, mode = 0o644) => files.set(path, { path, mode, bytes: Buffer.from(text) }),
    look: (path) => {
      const file = files.get(path);
      return file && `${file.mode.toString(8)} ${Buffer.from(file.bytes).toString()}`;
    },
    list: () => [...files.keys()].sort(),
    remove: async () => undefined,
  };
});

it('answers commands as it is told to, and has none otherwise', async () => {
  const asked: (readonly string[])[] = [];
  const host = memoryHost(new Map(), {
    answer: (command) => {
      asked.push(command);
      return { status: 3, stdout: 'out', stderr: '' };
    },
  });
  expect(await host.run(['systemctl', 'restart', 'kubelet'], { timeout: 1_000 })).toMatchObject({
    status: 3,
  });
  expect(asked).toEqual([['systemctl', 'restart', 'kubelet']]);
  expect(await codeOf(memoryHost().run(['true'], { timeout: 1_000 }))).toBe('hosts/no-commands');
});
