/** Where chunks of drafts are made: in the caller's own thread, or in one of their own. */
import { Worker } from 'node:worker_threads';
import { KubetlsError } from '../base/index.ts';
import { signerFor } from '../issue/index.ts';
import { makerFor } from './make.ts';
import type { Answer, BulkCode, BulkOptions, Draft, Introduction, Made } from './types.ts';

export interface Desk {
  /** Chunks that are not answered yet. */
  readonly waiting: number;
  /** `ids` are told when the thread ends before it answers. */
  make(drafts: readonly Draft[], ids: readonly string[]): Promise<readonly Made[]>;
  close(): Promise<void>;
}

export function ownDesk({ authority: { certificate, key }, now }: BulkOptions): Desk {
  const make = makerFor({ certificate, signer: signerFor(key) }, now);
  return {
    waiting: 0,
    make: async (drafts) => {
      // Between two chunks signals are heard and progress is shown.
      await new Promise((resolve) => setImmediate(resolve));
      return drafts.map(make);
    },
    close: async () => {},
  };
}

interface Pending {
  readonly ids: readonly string[];
  readonly resolve: (made: readonly Made[]) => void;
  readonly reject: (error: Error) => void;
}

/** The key goes as a copy that is given away, and that the thread wipes when it is closed. */
export function threadDesk({ authority, now, program }: BulkOptions): Desk {
  const worker = new Worker(program ?? new URL('./thread.js', import.meta.url));
  const pkcs8 = Uint8Array.from(authority.key.pkcs8.reveal());
  const introduction: Introduction = { certificate: authority.certificate.der, pkcs8, now };
  worker.postMessage(introduction, [pkcs8.buffer]);
  const pending: Pending[] = [];
  let ended: string | undefined;
  const closed = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      ended ??= `it ended with ${code}`;
      for (const { ids, reject } of pending.splice(0)) reject(threadEnded(ended, ids));
      resolve();
    });
  });
  // Words that come from inside could quote anything: only the kind of error is told.
  worker.once('error', ({ name }) => (ended = `it failed with ${name}`));
  worker.on('message', (answer: Answer) => {
    const first = pending.shift();
    if ('made' in answer) first?.resolve(answer.made);
    else first?.reject(new KubetlsError(answer.refused));
  });
  return {
    get waiting() {
      return pending.length;
    },
    make: (drafts, ids) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(threadEnded(ended, ids));
        pending.push({ ids, resolve, reject });
        worker.postMessage(drafts, []);
        // What was sent is a copy, and numbers of keys are among it.
        for (const { drawn } of drafts) for (const octets of drawn) octets.fill(0);
      }),
    close: () => {
      worker.postMessage('close', []);
      return closed;
    },
  };
}

const IDS_TOLD = 3;

function threadEnded(how: string, ids: readonly string[]): KubetlsError<BulkCode> {
  const told = ids.slice(0, IDS_TOLD).join(', ');
  const more = ids.length > IDS_TOLD ? ` and ${ids.length - IDS_TOLD} more` : '';
  return new KubetlsError({
    code: 'bulk/thread-ended',
    message: `a thread ended early (${how}): from ${told}${more} on nothing was issued`,
  });
}
