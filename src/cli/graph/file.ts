/** A graph in a file: whole or not at all, and in place of nothing but another graph. */
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { KubetlsError, utf8, withoutKeys } from '../../base/index.ts';
import { replaceFile } from '../../stores/index.ts';
import type { CliCode } from '../context.ts';
import { errnoText } from '../problems.ts';
import { shownPath } from '../text.ts';

/** What every form begins with, within so many bytes. */
const MARK = /kubetls[ /]graph/;
const HEAD = 1024;

/** Everybody may read it: it holds no secret. */
const MODE = 0o644;

export async function writeGraph(file: string, text: string): Promise<void> {
  try {
    await requireGraphOrNothing(file);
    await replaceFile(resolve(file), utf8(withoutKeys(text)), MODE);
  } catch (error) {
    if (error instanceof KubetlsError) throw error;
    throw failed(file, `the graph cannot be written: ${errnoText((error as NodeJS.ErrnoException).code)}`);
  }
}

async function requireGraphOrNothing(file: string): Promise<void> {
  const info = await stat(file).catch(() => undefined);
  if (!info || (info.isFile() && (info.size === 0 || MARK.test(await headOf(file))))) return;
  throw failed(file, 'exists already and is no graph of kubetls, so it is not replaced', 'name another file');
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function failed(file: string, message: string, hint?: string): KubetlsError<CliCode> {
  return new KubetlsError({
    code: 'cli/file',
    message,
    where: { file: shownPath(file) },
    ...(hint !== undefined && { hint }),
  });
}
