/** Kubeconfigs on disk: which they are, how they are read, locked and written. */
import { closeSync, constants, existsSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { asBuffer, expectedFailure, KubetlsError, Secret } from '../../base/index.ts';
import {
  type KubeconfigCode,
  kubeconfigList,
  type KubeconfigSource,
  type LoadedKubeconfig,
  loadKubeconfigs,
  parseKubeconfig,
  targetOf,
  writeKubeconfig,
} from '../../kubeconfig/index.ts';
import { replaceFile } from '../../stores/index.ts';
import type { CliCode } from '../context.ts';
import { errnoText } from '../problems.ts';

/** What the reader of kubeconfigs takes; one byte more tells that there is more. */
const LARGEST = 16 * 1024 * 1024 + 1;

/** The files of `--kubeconfig`, else those of the environment, there or not. */
export function kubeconfigFiles(option: string | undefined): string[] {
  if (option) return [option];
  return kubeconfigList(process.env['KUBECONFIG'], join(homedir(), '.kube', 'config'), delimiter);
}

/** Reads all that are there; the others are passed over, as client-go does. */
export function loadFiles(files: readonly string[]): LoadedKubeconfig {
  const sources = files.flatMap((file): KubeconfigSource[] => {
    const config = readKubeconfig(file);
    return config ? [{ file, config }] : [];
  });
  return loadKubeconfigs(sources, targetOf(files, existsSync));
}

/** clientcmd's sentence for a file that does not load; where it stands is a hint. */
function readKubeconfig(file: string): KubeconfigSource['config'] | undefined {
  try {
    const bytes = readIfThere(file);
    return bytes && parseKubeconfig(bytes);
  } catch (error) {
    const { code, message, where } = expectedFailure(error);
    const place = [
      where?.line === undefined ? [] : [`line ${where.line}, column ${where.column ?? 1}`],
      where?.path === undefined ? [] : [where.path],
    ].flat();
    throw new KubetlsError({
      code,
      message: `error loading config file "${file}": ${message}`,
      ...(place.length > 0 && { hint: `look at ${place.join(': ')}` }),
    });
  }
}

/** A file's bytes, undefined when there is none; what else goes wrong in Go's words. Pipes are read too. */
export function readIfThere(file: string): Uint8Array | undefined {
  const failed = (operation: string, error: unknown) => {
    const text = errnoText((error as NodeJS.ErrnoException).code);
    const code: KubeconfigCode = 'kubeconfig/unreadable';
    return new KubetlsError({ code, message: `${operation} ${file}: ${goErrno[text] ?? text}` });
  };
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failed('open', error);
  }
  try {
    return readUpTo(descriptor, LARGEST);
  } catch (error) {
    throw failed('read', error);
  } finally {
    closeSync(descriptor);
  }
}

const goErrno: Readonly<Record<string, string>> = {
  'a directory stands there': 'is a directory',
  'a part of the path is no directory': 'not a directory',
  'too many symbolic links': 'too many levels of symbolic links',
};

function readUpTo(descriptor: number, limit: number): Uint8Array {
  const parts: Buffer[] = [];
  let size = 0;
  while (size < limit) {
    const part = Buffer.alloc(Math.min(64 * 1024, limit - size));
    const count = readSync(descriptor, part);
    if (count === 0) break;
    parts.push(part.subarray(0, count));
    size += count;
  }
  return Buffer.concat(parts);
}

/**
 * Runs `work` while nobody else writes these files: client-go's lock, a file beside each that must not be
 * there yet (clientcmd/loader.go, lockFile). Whoever finds one gives up at once, so does this.
 */
export async function whileLocked<T>(files: readonly string[], work: () => Promise<T>): Promise<T> {
  const held: string[] = [];
  try {
    for (const file of [...files].sort()) {
      held.push(await writing(file, () => Promise.resolve(lockFile(file))));
    }
    return await work();
  } finally {
    for (const lock of held) rmSync(lock, { force: true });
  }
}

function lockFile(file: string): string {
  const lock = `${file}.lock`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
  try {
    closeSync(openSync(lock, constants.O_CREAT | constants.O_EXCL, 0));
    return lock;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw error;
    throw new KubetlsError<CliCode>({
      code: 'cli/locked',
      message: `open ${lock}: file exists`,
      hint: `another program is changing it; when there is none, remove the lock: rm ${lock}`,
    });
  }
}

/** What goes into a file, or to somebody who asked for it by name: the one place here where secrets are opened. */
export function contentOf(content: Secret | Uint8Array): Uint8Array {
  return content instanceof Secret ? content.reveal() : content;
}

/** For `console.print`, which ends the last line itself. */
export function textOf(content: Secret): string {
  return asBuffer(contentOf(content)).toString('utf8').replace(/\n$/, '');
}

/** New files are for their owner alone. */
export async function writeFiles(sources: readonly KubeconfigSource[]): Promise<void> {
  for (const { file, config } of sources) {
    await writing(file, () => replaceFile(file, contentOf(writeKubeconfig(config)), 0o600));
  }
}

/** What the system says to a write, as a failure that names the file. */
export async function writing<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new KubetlsError<CliCode>({
      code: 'cli/file',
      message: `cannot be written: ${errnoText((error as NodeJS.ErrnoException).code)}`,
      where: { file },
    });
  }
}
