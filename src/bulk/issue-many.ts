import { KubetlsError } from '../base/index.ts';
import { type Desk, ownDesk, processDesk } from './desk.ts';
import { draftOf } from './make.ts';
import type {
  BulkCode,
  BulkIssued,
  BulkIssuer,
  BulkOptions,
  BulkOrder,
  BulkSetting,
  BulkTerms,
} from './types.ts';

/** Large enough that a message costs little beside it, some milliseconds; small enough that a signal is heard. */
const CHUNK = 128;

/**
 * Chunks for each process that were begun and are not taken yet, some megabytes. A process that has just begun
 * takes a tenth of a second for its first; until that can be handed on, in order, the others are not to stand still.
 */
const WINDOW = 16;

/**
 * Certificates by the thousand, in the order of their orders, over as many processes as are asked for. However
 * many those are, the bytes are the same: all randomness is drawn here, order by order (signatures of ECDSA
 * excepted, and keys of other kinds, which OpenSSL draws). Orders are taken as their certificates are, so
 * that a slow caller is waited for.
 *
 * @throws KubetlsError of BulkCode; as `issueCertificate` for the first order that is refused
 */
export async function* issueMany(
  orders: Iterable<BulkOrder>,
  options: BulkOptions,
): AsyncGenerator<BulkIssued, void> {
  const issuer = openBulk(options);
  try {
    yield* issuer.issue(orders, options);
  } finally {
    await issuer.close();
  }
}

/** The same, with processes that stay for the next orders: what each learns in its first seconds is kept. */
export function openBulk(options: BulkSetting): BulkIssuer {
  const others = Array.from({ length: (options.processes ?? 1) - 1 }, () => processDesk(options));
  // The others first: while they work, so does this one.
  const desks = [...others, ownDesk(options)];
  return {
    issue: (orders, terms) => issueOver(desks, orders, terms),
    close: async () => {
      await Promise.all(desks.map((desk) => desk.close()));
    },
  };
}

async function* issueOver(
  desks: readonly Desk[],
  orders: Iterable<BulkOrder>,
  { now, random, signal, onProgress }: BulkTerms,
): AsyncGenerator<BulkIssued, void> {
  const chunks = chunksOf(orders);
  const queue: Promise<BulkIssued[]>[] = [];
  let done = 0;
  let ended = false;
  try {
    for (;;) {
      if (signal?.aborted) throw interrupted(done);
      begin();
      const first = queue.shift();
      if (!first) return;
      const made = await first;
      yield* made;
      done += made.length;
      onProgress?.(done);
    }
  } finally {
    ended = true;
  }

  /** As many chunks as there is room for; again whenever one is made. */
  function begin(): void {
    if (ended) return;
    while (queue.length < desks.length * WINDOW && roomiest(desks).room > 0) {
      const made = next();
      if (!made) return;
      // What fails is told when its turn comes.
      made.then(begin, () => {
        ended = true;
      });
      queue.push(made);
    }
  }

  /** Undefined after the last. */
  function next(): Promise<BulkIssued[]> | undefined {
    try {
      const { value: chunk, done: last } = chunks.next();
      return last ? undefined : issued(chunk);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async function issued(chunk: readonly BulkOrder[]): Promise<BulkIssued[]> {
    const drafts = chunk.map((order) => draftOf(order, random));
    const ids = chunk.map(({ id }) => id);
    const made = await roomiest(desks).make({ drafts, ids, now });
    for (const { scalar } of drafts) scalar?.fill(0);
    return made.map((each, i) => ({ id: ids[i]!, ...each }));
  }
}

function* chunksOf(orders: Iterable<BulkOrder>): Generator<readonly BulkOrder[], undefined> {
  let chunk: BulkOrder[] = [];
  for (const order of orders) {
    if (chunk.push(order) < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function roomiest(desks: readonly Desk[]): Desk {
  return desks.reduce((best, desk) => (desk.room > best.room ? desk : best));
}

function interrupted(done: number): KubetlsError<BulkCode> {
  return new KubetlsError({
    code: 'bulk/interrupted',
    message: `interrupted after ${done} certificates`,
  });
}
