import { Secret } from '../base/index.ts';
import type { CommandOptions } from './command.ts';
import { readText } from './session.ts';

/** Java's and OpenSSL's prompts take 1 KiB. */
const LONGEST_PASSWORD = 1_024;

/** The first line of a file: never on the command line, which everybody on the machine can read. */
export async function passwordFrom(option: CommandOptions[string]): Promise<Secret | undefined> {
  if (typeof option !== 'string') return undefined;
  const [line = ''] = (await readText(option, LONGEST_PASSWORD)).split(/\r?\n/, 1);
  return new Secret(Buffer.from(line));
}
