/** A temporary directory to stand on, and a look at it that goes past the host. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export function temporaryTree() {
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-host-'));
  const at = (path: string): string => join(directory, path);
  return {
    directory,
    at,
    seed: (path: string, text: string, mode = 0o644): void => {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), text);
      chmodSync(at(path), mode);
    },
    look: (path: string): string | undefined => {
      const stat = lstatSync(at(path), { throwIfNoEntry: false });
      return stat?.isFile() === true
        ? `${(stat.mode & 0o7777).toString(8)} ${readFileSync(at(path), 'utf8')}`
        : undefined;
    },
    list: (): string[] =>
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
        .sort(),
    mode: (path: string): string => (lstatSync(at(path)).mode & 0o7777).toString(8),
    clear: (): void => rmSync(directory, { recursive: true, force: true }),
  };
}
