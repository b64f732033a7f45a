/** Bytes that somebody names on the command line: a file, or `-` for standard input. */
import { readFile, stat } from 'node:fs/promises';
import { KubetlsError } from '../../base/index.ts';
import type { CliCode } from '../context.ts';
import { errnoText } from '../problems.ts';

/** What the PEM reader takes: a CRL of a million entries. */
const LARGEST_MIB = 64;
const LARGEST = LARGEST_MIB * 1024 * 1024;

/** What it is called in what is printed. */
export function sourceOf(word: string): string {
  return word === '-' ? 'standard input' : word;
}

/** `missing`: what to do when it is not there. @throws KubetlsError `cli/file`, with the source as its place */
export async function readInput(word: string, missing?: string): Promise<Uint8Array> {
  const failed = (message: string, hint?: string) =>
    new KubetlsError<CliCode>({
      code: 'cli/file',
      message,
      where: { file: sourceOf(word) },
      ...(hint !== undefined && { hint }),
    });
  if (word === '') throw failed('a name is empty', 'name a file, a directory, or a server with its port');
  try {
    const bytes = word === '-' ? await readStandardInput() : await readRegular(word, failed);
    if (bytes) return bytes;
  } catch (error) {
    if (error instanceof KubetlsError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT') throw failed('there is no such file', missing);
    throw failed(`cannot be read: ${errnoText(code)}`);
  }
  throw failed(`is larger than ${LARGEST_MIB} MiB`);
}

type Failed = (message: string, hint?: string) => KubetlsError<CliCode>;

/** Undefined when there is too much of it. */
async function readRegular(path: string, failed: Failed): Promise<Uint8Array | undefined> {
  const info = await stat(path);
  if (info.isDirectory()) throw failed('is a directory', 'name the files in it');
  // A FIFO or a device would block, or never end.
  if (!info.isFile()) throw failed('is no regular file', 'pipe it in, and write - for its name');
  return info.size > LARGEST ? undefined : readFile(path);
}

/** Undefined when there is too much of it. */
async function readStandardInput(): Promise<Uint8Array | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LARGEST) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
