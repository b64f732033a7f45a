import { writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { KubetlsError } from '../../base/index.ts';
import { defaultSpecText } from '../../cluster/index.ts';
import type { CliCode, Context } from '../context.ts';
import { Exit } from '../exit.ts';
import { errnoText } from '../problems.ts';
import { printable, shownPath } from '../text.ts';

export async function run(context: Context): Promise<number> {
  await writeSample(context);
  const { console } = context;
  if (console.json) console.printJson({ schema: 'kubetls/init/v1', file: context.file });
  else {
    console.print(wroteText(context));
    console.say(`Next: ${context.again('up')}`);
  }
  return Exit.ok;
}

export function wroteText({ file }: Context): string {
  return `Wrote ${printable(shownPath(file))}: one master and three workers, every key with its default.`;
}

/** Writes the sample file; refuses to replace what stands there. */
export async function writeSample(context: Context): Promise<void> {
  try {
    await writeFile(context.file, defaultSpecText(clusterName(context.file)), { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const exists = code === 'EEXIST';
    throw new KubetlsError<CliCode>({
      code: 'cli/file',
      message: exists ? 'exists already' : `cannot be written: ${errnoText(code)}`,
      where: { file: shownPath(context.file) },
      hint: exists
        ? 'edit it, or name another with -f'
        : 'look at the directory: does it exist, may you write there?',
    });
  }
}

/** The directory's name when it can be one (RFC 1123), else `demo`. */
function clusterName(file: string): string {
  const name = basename(dirname(file)).toLowerCase();
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name) ? name : 'demo';
}
