/** A node over ssh: OpenSSH's client here; there sshd, a POSIX shell and coreutils or busybox. */
import { parseHostAddress } from '../../cluster/index.ts';
import type { FoundFile } from '../../inventory/index.ts';
import { KEPT } from '../child.ts';
import { hostError, lastWords } from '../errors.ts';
import { inTurn } from '../in-turn.ts';
import { checkPaths, checkWrite, FILE_BYTES, TOTAL_BYTES } from '../paths.ts';
import { type Group, planWrite, type Standing } from '../plan-write.ts';
import type { FileTimes, Host, HostRunOptions, Ran } from '../types.ts';
import { filesIn, standingIn, timesIn } from './answers.ts';
import { type Connection, connection, wrongAnswer } from './connection.ts';
import { lookScript, readScript, runScript, timesScript, writeScript } from './scripts.ts';

export interface SshHostOptions {
  /** OpenSSH's client; `ssh` by default. */
  readonly program?: string;
  /** An ssh_config in place of the person's own. */
  readonly config?: string;
  /** Become root on the other side by `sudo -n`. */
  readonly sudo?: boolean;
  /** Of reading and of writing one group of files, in milliseconds; two minutes by default. */
  readonly timeout?: number;
}

const TIMEOUT = 120_000;

/** Paths in one question, so that its answer stays small. */
const AT_ONCE = 256;

/** `ssh://user@host:port`; user and port may be left out, and `host` may be a name of ssh_config. */
export function sshHost(
  url: string,
  { program = 'ssh', config, sudo, timeout = TIMEOUT }: SshHostOptions = {},
): Host {
  const address = parseHostAddress(url);
  if (address?.kind !== 'ssh')
    throw hostError({ code: 'hosts/path', message: 'this is no ssh://user@host:port', at: url });
  const there = connection(url, program, address, { config, sudo });
  return inTurn({
    name: url,
    read: async (paths) => {
      checkPaths(url, paths);
      return readAll(url, there, paths, timeout);
    },
    times: async (paths) => {
      checkPaths(url, paths);
      const found: FileTimes[] = [];
      for (const some of chunks(paths)) {
        const answer = await there.ask(timesScript(some), { what: 'looking', timeout, keep: 4 << 20 });
        found.push(...timesIn(url, some, answer));
      }
      return found;
    },
    write: async (sets, options) => {
      checkWrite(url, sets, options);
      const paths = new Set(sets.flatMap(({ changes }) => changes.map((change) => change.path)));
      const standing = await lookAt(url, there, [...paths], timeout);
      for (const group of planWrite(url, sets, standing, options))
        await writeGroup(url, there, group, options.backup, timeout);
    },
    run: (command, options) => runThere(url, there, command, options),
    close: () => there.close(),
  });
}

async function readAll(
  url: string,
  there: Connection,
  paths: readonly string[],
  timeout: number,
): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  let total = 0;
  for (const some of chunks(paths)) {
    // base64 has four bytes for three, and line breaks.
    const keep = 2 * TOTAL_BYTES;
    const answer = await there.ask(readScript(some, FILE_BYTES), { what: 'reading', timeout, keep });
    const found = filesIn(url, some, answer);
    total += found.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (total > TOTAL_BYTES)
      throw hostError({
        code: 'hosts/too-large',
        message: `more than ${TOTAL_BYTES} bytes at once`,
        at: url,
      });
    files.push(...found);
  }
  return files;
}

async function lookAt(
  url: string,
  there: Connection,
  paths: readonly string[],
  timeout: number,
): Promise<ReadonlyMap<string, Standing>> {
  const standing = new Map<string, Standing>();
  for (const some of chunks(paths)) {
    const answer = await there.ask(lookScript(some), { what: 'looking', timeout, keep: 4 << 20 });
    for (const [i, found] of standingIn(url, some, answer).entries()) standing.set(some[i] ?? '', found);
  }
  return standing;
}

async function writeGroup(
  url: string,
  there: Connection,
  group: Group,
  backup: string,
  timeout: number,
): Promise<void> {
  const answer = await there.ask(writeScript(group, backup), { what: 'writing', timeout, keep: 1 << 20 });
  const lines = answer.body.toString().split('\n');
  const done = lines.filter((line) => line.startsWith('done ')).length;
  if (lines.includes('all') && done === group.length) return;
  const words = lastWords(answer.stderr.toString());
  if (words === '') throw wrongAnswer(url, 'writing', 'it does not say how it went');
  throw hostError({
    code: 'hosts/write',
    message: words,
    at: url,
    hint: `${done} of ${group.length} sets stand, the others are as they were; see to it, then run the command again`,
  });
}

async function runThere(
  url: string,
  there: Connection,
  command: readonly string[],
  { timeout, signal }: HostRunOptions,
): Promise<Ran> {
  const [program = ''] = command;
  if (program === '' || command.some((word) => /[\0\p{Cs}]/u.test(word)))
    throw hostError({ code: 'hosts/command', message: 'this is no command', at: url });
  const lines = runScript(command, Math.ceil(timeout / 1000));
  const answer = await there.ask(lines, { what: program, timeout, signal, keep: KEPT, cut: true });
  if (!/^\d{1,3}$/.test(answer.end) || Number(answer.end) > 255)
    throw wrongAnswer(url, program, 'it has no status');
  return {
    status: Number(answer.end),
    // The line break before the last line is ours.
    stdout: answer.body.toString().replace(/\n$/, ''),
    stderr: answer.stderr.toString(),
  };
}

function* chunks(paths: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < paths.length; at += AT_ONCE) yield paths.slice(at, at + AT_ONCE);
}
