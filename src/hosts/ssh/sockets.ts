/** Where ssh's shared connections listen: one private directory a process, gone with its last connection. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** sun_path, the shortest of them (macOS; Linux has 108), with its NUL. */
const SUN_PATH = 104;
/** ssh binds a name with this many more, then moves it (mux.c, muxserver_listen). */
const MUX_SUFFIX = 17;
/** Of the number that a socket is called by. */
const DIGITS = 6;

let directory: string | undefined;
let count = 0;
const open = new Set<string>();

/** undefined where no directory has a name that is short enough: then each question has its own connection. */
export function takeSocket(): string | undefined {
  directory ??= privateDirectory();
  if (directory === undefined) return undefined;
  const socket = join(directory, String(++count));
  open.add(socket);
  return socket;
}

export function giveSocket(socket: string): void {
  open.delete(socket);
  if (open.size === 0) forget();
}

function privateDirectory(): string | undefined {
  const longest = ['kubetls-XXXXXX', '9'.repeat(DIGITS)];
  const fits = (base: string): boolean =>
    Buffer.byteLength(join(base, ...longest)) + MUX_SUFFIX < SUN_PATH && !/[%"'\s\\]/.test(base);
  const base = [tmpdir(), '/tmp'].find(fits);
  if (base === undefined) return undefined;
  process.once('exit', forget);
  // Made with mode 0700: mkdtemp(3).
  return mkdtempSync(join(base, 'kubetls-'));
}

function forget(): void {
  process.off('exit', forget);
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  directory = undefined;
}
