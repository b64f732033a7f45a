/** What the doctor looks at beside the kubeconfigs themselves. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Mode bits of a file; undefined when there is none, or where they mean nothing. */
export function modeOf(file: string): number | undefined {
  if (process.platform === 'win32') return undefined;
  return statSync(file, { throwIfNoEntry: false })?.mode;
}

/** As Go's exec.LookPath: what has a slash is a path, all else is looked for in PATH. */
export function runs(command: string): boolean {
  if (command.includes('/')) return isProgram(command);
  const directories = (process.env['PATH'] ?? '').split(delimiter).filter((directory) => directory !== '');
  return directories.some((directory) => isProgram(join(directory, command)));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
