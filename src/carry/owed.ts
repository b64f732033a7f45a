/** What is owed, in a file beside the journal of the state: `STATE/rollout`. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { utf8 } from '../base/index.ts';
import type { Owed, Place } from '../rollout/index.ts';
import { errno, replaceFile } from '../stores/index.ts';
import { owedText, parseOwed, STAGES, unreadable } from './owed-text.ts';
import type { OwedStore } from './types.ts';

export function owedIn(stateDir: string): OwedStore {
  const file = join(stateDir, 'rollout');
  return {
    read: async () => {
      const text = await textIn(file);
      return text === undefined ? [] : parseOwed(text, file);
    },
    write: (owed) => replaceFile(file, utf8(owedText(owed)), 0o600),
  };
}

/** Five components of 10,000 nodes are a tenth of it. */
const MOST_BYTES = 64 * 2 ** 20;

/** Undefined: there is none. What stands in its place may be a pipe, which would be waited for. */
async function textIn(file: string): Promise<string | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = errno(error);
    if (code === 'ENOENT') return undefined;
    throw unreadable(file, String(code));
  }
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw unreadable(file, 'it is no regular file');
    if (info.size > MOST_BYTES) throw unreadable(file, `it has ${info.size} bytes`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** Each place once, with what weighs most. */
export function merged(owed: readonly Owed[], more: readonly Owed[]): Owed[] {
  const all = new Map<string, Owed>();
  for (const one of [...owed, ...more]) {
    const known = all.get(key(one));
    const wins = !known || STAGES.indexOf(one.stage) < STAGES.indexOf(known.stage);
    const down = known?.down ?? one.down;
    all.set(key(one), { ...(wins ? one : known), ...(down && { down }) });
  }
  return [...all.values()];
}

export function without(owed: readonly Owed[], place: Place): Owed[] {
  return owed.filter((one) => !isAt(one, place));
}

export const isAt = (one: Place, other: Place): boolean => key(one) === key(other);

const key = ({ node, component }: Place): string => `${component}@${node}`;
