/** One connection to a host, shared by all that is asked of it, over a socket in a private directory. */
import { randomBytes } from 'node:crypto';
import { errno } from '../../stores/index.ts';
import { type ChildEnd, runChild } from '../child.ts';
import { hostError, lastWords } from '../errors.ts';
import { refuseUnended } from '../ran.ts';
import { askWords, exitWords, type SshAddress, type SshSetting } from './command-line.ts';
import { refusalOf } from './refusals.ts';
import { script } from './scripts.ts';
import { giveSocket, takeSocket } from './sockets.ts';

export interface Answer {
  /** Between the first line of the script and its last. */
  readonly body: Buffer;
  /** What stands behind its last word. */
  readonly end: string;
  readonly stderr: Buffer;
}

export interface AskOptions {
  /** For messages: `reading`. */
  readonly what: string;
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** Of the answer, in bytes. */
  readonly keep: number;
  /** An answer that is longer is cut; otherwise it is refused. */
  readonly cut?: boolean;
}

export interface Connection {
  /** Runs the lines as one function of a POSIX shell. The last of them may set `s`, which is `end`. */
  ask(lines: readonly string[], options: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

export function connection(
  name: string,
  program: string,
  address: SshAddress,
  setting: SshSetting,
): Connection {
  let socket: string | undefined;

  async function ask(lines: readonly string[], options: AskOptions): Promise<Answer> {
    const nonce = randomBytes(12).toString('hex');
    const { timeout, signal, keep } = options;
    socket ??= takeSocket();
    const words = askWords(address, setting, socket);
    const input = script(lines, nonce);
    const end = await started(name, program, words, { input, timeout, signal, keep });
    return answerOf(name, nonce, options, end);
  }

  return {
    ask,
    close: async () => {
      if (socket === undefined) return;
      // Where none was opened there is none to close.
      const words = exitWords(address, setting, socket);
      await runChild(program, words, { timeout: 5_000, keep: 1 }).catch(() => undefined);
      giveSocket(socket);
      socket = undefined;
    },
  };
}

type ChildOptions = Parameters<typeof runChild>[2];

async function started(
  name: string,
  program: string,
  words: readonly string[],
  options: ChildOptions,
): Promise<ChildEnd> {
  try {
    return await runChild(program, words, options);
  } catch (error) {
    const code = errno(error);
    if (code === undefined) throw error;
    throw hostError({
      code: 'hosts/unreachable',
      message: `ssh cannot be started: ${code}`,
      at: name,
      hint: "install OpenSSH's client",
      cause: error,
    });
  }
}

function answerOf(name: string, nonce: string, options: AskOptions, end: ChildEnd): Answer {
  const { what, timeout, cut = false } = options;
  refuseUnended(name, what, timeout, end);
  const begin = Buffer.from(`kubetls ${nonce}\n`);
  const from = end.stdout.indexOf(begin);
  const last = Buffer.from(`\nend ${nonce} `);
  const isLong = end.tail.length > 0;
  if (from < 0 && !isLong) throw refusalOf(name, end.status, end.stderr.toString());
  if (isLong && !cut) throw wrongAnswer(name, what, 'it is too long');
  const whole = isLong ? end.tail : end.stdout;
  const to = whole.lastIndexOf(last);
  if (from < 0) throw wrongAnswer(name, what, 'it does not begin as it must');
  if (to < 0) {
    const words = lastWords(end.stderr.toString());
    throw hostError({
      code: 'hosts/unreachable',
      message: `the connection was cut during ${what}${words === '' ? '' : `: ${words}`}`,
      at: name,
      hint: 'each file there is whole: run the command again',
    });
  }
  const body = end.stdout.subarray(from + begin.length, isLong ? undefined : to + 1);
  return {
    body,
    end: whole
      .subarray(to + last.length)
      .toString()
      .trim(),
    stderr: end.stderr,
  };
}

export function wrongAnswer(name: string, what: string, why: string): Error {
  return hostError({
    code: 'hosts/answer',
    message: `the answer to ${what} makes no sense: ${why}`,
    at: name,
    hint: 'see what a login there prints, and that it has sh, stat, base64 and sha256sum',
  });
}
