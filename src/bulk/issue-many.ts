import { KubetlsError } from '../base/index.ts';
import { type Desk, ownDesk, processDesk } from './desk.ts';
import { draftOf } from './make.ts';
import type { BulkCode, BulkIssued, BulkOptions, BulkOrder } from './types.ts';

/** Large enough that a message costs little beside it, some milliseconds; small enough that a signal is heard. */
const CHUNK = 128;

/** Chunks under way for each process: it works on one, one waits for it, and one for its turn with the caller. */
const AHEAD = 3;

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
  const { processes = 1, signal, onProgress, random } = options;
  const others = Array.from({ length: processes - 1 }, () => processDesk(options));
  // The others first: while they work, so does this one.
  const desks = [...others, ownDesk(options)];
  const chunks = chunksOf(orders);
  const queue: Promise<BulkIssued[]>[] = [];
  let done = 0;
  try {
    for (;;) {
      if (signal?.aborted) throw interrupted(done);
      while (queue.length < desks.length * AHEAD) {
        const { value: next, done: last } = chunks.next();
        if (last) break;
        const made = underWay(next);
        // Told when its turn comes.
        made.catch(() => undefined);
        queue.push(made);
      }
      const first = queue.shift();
      if (!first) return;
      const made = await first;
      yield* made;
      done += made.length;
      onProgress?.(done);
    }
  } finally {
    await Promise.all(desks.map((desk) => desk.close()));
  }

  async function underWay(chunk: readonly BulkOrder[]): Promise<BulkIssued[]> {
    const drafts = chunk.map((order) => draftOf(order, random));
    const ids = chunk.map(({ id }) => id);
    const made = await idlest(desks).make(drafts, ids);
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

function idlest(desks: readonly Desk[]): Desk {
  return desks.reduce((best, desk) => (desk.waiting < best.waiting ? desk : best));
}

function interrupted(done: number): KubetlsError<BulkCode> {
  return new KubetlsError({
    code: 'bulk/interrupted',
    message: `interrupted after ${done} certificates`,
  });
}
