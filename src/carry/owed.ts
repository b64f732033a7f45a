/** What is owed, in a file beside the journal of the state: `STATE/rollout`. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { KubetlsError, utf8 } from '../base/index.ts';
import type { Owed, Place } from '../rollout/index.ts';
import { errno, replaceFile } from '../stores/index.ts';
import type { CarryCode, OwedStore } from './types.ts';

const SCHEMA = 'kubetls/rollout/v1';

export function owedIn(stateDir: string): OwedStore {
  const file = join(stateDir, 'rollout');
  return {
    read: async () => {
      const text = await textIn(file);
      return text === undefined ? [] : parse(text, file);
    },
    write: async (owed) => {
      const text = `${JSON.stringify({ schema: SCHEMA, owed }, null, 2)}\n`;
      await replaceFile(file, utf8(text), 0o600);
    },
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

/** From what weighs most: a restart is done, then seen, and a gate alone only seen. */
const STAGES: readonly Owed['stage'][] = ['restart', 'restarted', 'gate'];

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

function parse(text: string, file: string): Owed[] {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw unreadable(file, 'it is no JSON');
  }
  const { schema, owed } = (read ?? {}) as { schema?: unknown; owed?: unknown };
  if (schema !== SCHEMA || !Array.isArray(owed) || !owed.every(isOwed)) {
    throw unreadable(file, `it is not of schema ${SCHEMA}`);
  }
  return owed;
}

function isOwed(value: unknown): value is Owed {
  const { node, component, stage, because } = (value ?? {}) as Record<string, unknown>;
  return (
    [node, component, because].every((text) => typeof text === 'string') &&
    STAGES.some((one) => one === stage)
  );
}

function unreadable(file: string, why: string): KubetlsError<CarryCode> {
  return new KubetlsError({
    code: 'carry/owed-unreadable',
    message: `what an earlier run left undone cannot be read: ${why}`,
    where: { file },
    hint: 'restart what it may have been about, prove the cluster, then remove the file',
  });
}
