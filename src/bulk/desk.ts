/** Where chunks of drafts are made: in the caller's own process, or in one beside it. */
import { fork } from 'node:child_process';
import { KubetlsError } from '../base/index.ts';
import { signerFor } from '../issue/index.ts';
import { make } from './make.ts';
import type { Answer, BulkCode, BulkSetting, Chunk, Introduction, Made, Question } from './types.ts';
import { madeOf, questionOf } from './wire.ts';

export interface Desk {
  /** For how many more chunks, beside those that wait there. */
  readonly room: number;
  /** The chunk's ids are told when the process ends before it answers. */
  make(chunk: Chunk): Promise<readonly Made[]>;
  close(): Promise<void>;
}

export function ownDesk({ authority: { certificate, key } }: BulkSetting): Desk {
  const authority = { certificate, signer: signerFor(key) };
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    // What is promised to this desk no other can take, and at the end the others would stand still.
    get room() {
      return 1 - waiting;
    },
    make: ({ drafts, now }) => {
      waiting++;
      const made = last.then(async () => {
        // Between two chunks signals and other processes are heard, and progress is shown.
        await new Promise((resolve) => setImmediate(resolve));
        waiting--;
        return make(drafts, authority, now);
      });
      last = made.catch(() => undefined);
      return made;
    },
    close: async () => {},
  };
}

/** Chunks that a process is given before it answers: it works on one, and others wait for it. */
const AHEAD = 3;

interface Pending extends Chunk {
  readonly resolve: (made: readonly Made[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Processes, not threads: OpenSSL 3.0 takes locks at every operation, and two threads of one process issued
 * half as fast as one (bench/bulk.ts). The key goes through a pipe that nobody else can read.
 */
export function processDesk({ authority, program }: BulkSetting): Desk {
  const child = fork(program ?? new URL('./process.js', import.meta.url), {
    serialization: 'advanced',
    // What a dying process would print could quote anything.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  });
  const pending: Pending[] = [];
  let ended: string | undefined;
  const end = (how: string): void => {
    ended ??= how;
    for (const { ids, reject } of pending.splice(0)) reject(processEnded(ended, ids));
  };
  const closed = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      end(`it ended with ${signal ?? code}`);
      resolve();
    });
    child.once('error', () => {
      end('it could not be started');
      resolve();
    });
  });
  child.on('message', (answer: Answer) => {
    const first = pending.shift();
    if ('packed' in answer) first?.resolve(madeOf(first.drafts, answer.packed));
    else first?.reject(new KubetlsError(answer.refused));
  });
  const send = (message: Introduction | Question): void => {
    // Without a callback a pipe that broke would be an exception; its `exit` tells of it.
    child.send(message, () => {});
  };
  send({ certificate: authority.certificate.der, pkcs8: authority.key.pkcs8.reveal() });
  return {
    get room() {
      return AHEAD - pending.length;
    },
    make: (chunk) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(processEnded(ended, chunk.ids));
        pending.push({ ...chunk, resolve, reject });
        const question = questionOf(chunk);
        send(question);
        // What was sent is a copy, and numbers of keys are among it.
        question.packed.bytes.fill(0);
      }),
    close: () => {
      // Not `disconnect`: with half an answer read, it waits for ever (Node 20).
      child.kill();
      return closed;
    },
  };
}

const IDS_TOLD = 3;

function processEnded(how: string, ids: readonly string[]): KubetlsError<BulkCode> {
  const told = ids.slice(0, IDS_TOLD).join(', ');
  const more = ids.length > IDS_TOLD ? ` and ${ids.length - IDS_TOLD} more` : '';
  return new KubetlsError({
    code: 'bulk/process-ended',
    message: `a process ended early (${how}): from ${told}${more} on nothing was issued`,
  });
}
